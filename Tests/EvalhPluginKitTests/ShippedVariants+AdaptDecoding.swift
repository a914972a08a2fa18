import EvalhPluginKit

extension ShippedVariant {
    static let adaptDecoding: [ShippedVariant] = []
}
