package import EvalhPluginKit

package let adaptiveInferenceCompute: [Plugin] = [.strategy(AdaptiveInferenceComputeStrategy.self)]
