package import EvalhPluginKit

package let insideMetrics: [Plugin] = [.metric(ModelWorkMetric.self)]
