package import EvalhPluginKit

package let repeatMetrics: [Plugin] = [.metric(PassAtK.self), .metric(MajorityAtK.self), .metric(GPassAtK.self)]
