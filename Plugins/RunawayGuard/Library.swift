package import EvalhPluginKit

package let runawayGuard: [Plugin] = [.strategy(RunawayGuardStrategy.self)]
