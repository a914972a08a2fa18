package import EvalhPluginKit

package let confidence: [Plugin] = [.metric(Calibration.self), .metric(SelectiveAccuracy.self)]
