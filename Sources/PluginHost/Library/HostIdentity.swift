internal import CEvalhPlugin

/// What this host says of itself to libraries: tables that live as long as the process, because a library may keep
/// them.
struct HostIdentity: @unchecked Sendable {
    // Sendable: the tables are written once before they are shared, and never again.
    let info: UnsafePointer<evalh_host_info>

    static let version = "0.1.0"
    static let current = HostIdentity(name: "evalh", version: version)

    private init(name: String, version: String) {
        let features = UnsafeMutablePointer<evalh_str>.allocate(capacity: PluginABI.features.count)
        for (index, feature) in PluginABI.features.enumerated() {
            (features + index).initialize(to: Self.immortal(feature))
        }
        let info = UnsafeMutablePointer<evalh_host_info>.allocate(capacity: 1)
        info.initialize(
            to: evalh_host_info(
                struct_size: UInt32(MemoryLayout<evalh_host_info>.size), abi_major: PluginABI.major,
                abi_minor_min: PluginABI.oldestMinor, abi_minor_max: PluginABI.newestMinor, name: Self.immortal(name),
                version: Self.immortal(version), features: UnsafePointer(features),
                feature_count: UInt64(PluginABI.features.count)))
        self.info = UnsafePointer(info)
    }

    private static func immortal(_ text: String) -> evalh_str {
        let bytes = Array(text.utf8)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(bytes.count, 1))
        for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: CChar(bitPattern: byte)) }
        return evalh_str(ptr: UnsafePointer(copy), len: UInt64(bytes.count))
    }
}
