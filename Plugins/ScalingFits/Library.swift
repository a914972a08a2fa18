package import EvalhPluginKit

package let scalingFits: [Plugin] = [
    .metric(SaturationMetric.self), .metric(SigmoidMetric.self), .metric(ParallelMetric.self),
    .metric(AllocationMetric.self),
]
