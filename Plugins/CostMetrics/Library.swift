package import EvalhPluginKit

package let costMetrics: [Plugin] = [
    .metric(CostPerPass.self), .metric(AccuracyPerKilotoken.self), .metric(WorkSpread.self), .metric(MeanEflops.self),
]
