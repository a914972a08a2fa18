package import EvalhPluginKit

package let regret: [Plugin] = [.metric(Regret.self), .metric(S1Scaling.self)]
