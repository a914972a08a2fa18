import EvalhPluginKit

extension ShippedVariant {
    static let stopSampling: [ShippedVariant] = []
}
