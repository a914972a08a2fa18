package import EvalhPluginKit

package let adaptiveTemperature: [Plugin] = [.strategy(AdaptiveTemperatureStrategy.self)]
