import EvalhPluginKit

extension ShippedVariant {
    static let allocate: [ShippedVariant] = []
}
