import EvalhPluginKit

extension ShippedVariant {
    static let overArms: [ShippedVariant] = []
}
