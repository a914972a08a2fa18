package import EvalhPluginKit

package let a2fmRouter: [Plugin] = [.strategy(A2fmRouterStrategy.self)]
