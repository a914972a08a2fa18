package import EvalhPluginKit

package let computeOptimal: [Plugin] = [
    .strategy(ComputeOptimalStrategy.self), .strategy(ComputeOptimalOracleStrategy.self),
]
