import EvalhPluginKit

extension ShippedVariant {
    static let stopGenerating: [ShippedVariant] = []
}
