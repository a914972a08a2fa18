package import EvalhPluginKit

package let arise: [Plugin] = [.metric(AriseMetric.self)]
