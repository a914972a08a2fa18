internal import CEvalhPlugin
internal import Foundation

/// What the entry function of a library gives to hosts of different kinds, and what its descriptors hold, byte for
/// byte.
package struct LibraryInspection {
    /// A host that a library may meet.
    package enum Host: String, CaseIterable, Sendable {
        /// This one.
        case current = "this host"
        /// The oldest of major 1, without any feature.
        case bare = "a host without features"
        /// One whose minor is far ahead.
        case newer = "a host of ABI 1.1000"
        /// One that says more of itself than this header knows.
        case larger = "a host with a larger evalh_host_info"
        /// One that says less: name, version and features are beyond its struct.
        case smaller = "a host with a smaller evalh_host_info"
        /// One of another major version.
        case otherMajor = "a host of ABI 2"
    }

    /// What was given to a host.
    package enum Offer: Hashable, Sendable {
        case nothing
        /// The table's address, and the text of its refusal.
        case table(UInt, refusal: String)
        /// A struct_size that does not reach over the members of 1.0.
        case tooSmall(UInt32)
    }

    /// A text of a descriptor.
    package struct Text: Sendable {
        /// The plugin's number in the library, from 0, or `nil` for the library's own.
        package var plugin: Int?
        /// Its kind and id as far as they can be read.
        package var owner: String
        package var member: String
        package var bytes: [UInt8]

        package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }
    }

    private let entry: @convention(c) (UnsafePointer<evalh_host_info>?) -> UnsafePointer<evalh_library>?

    /// Loads the library and calls nothing but its constructors.
    package init(loading file: String) throws(PluginLoadError) {
        try PluginLibrary.examine(file)
        guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw PluginLoadError(.linker, file: file, "cannot be loaded: \(reason)")
        }
        guard let symbol = dlsym(handle, EVALH_ENTRY_NAME) else {
            throw PluginLoadError(.noEntry, file: file, "does not export \(EVALH_ENTRY_NAME)")
        }
        entry = unsafeBitCast(
            symbol, to: (@convention(c) (UnsafePointer<evalh_host_info>?) -> UnsafePointer<evalh_library>?).self)
    }

    /// Calls the entry function as a host of that kind.
    package func offer(to host: Host) -> Offer {
        let current = HostIdentity.current.info
        // Room behind the struct, for hosts that say more; all ones, so that a careless reader finds nonsense there.
        let room = UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<evalh_host_info>.size + 64, alignment: 16)
        room.initializeMemory(as: UInt8.self, repeating: 0xFF, count: MemoryLayout<evalh_host_info>.size + 64)
        let info = room.bindMemory(to: evalh_host_info.self, capacity: 1)
        info.initialize(to: current.pointee)
        switch host {
        case .current: return read(entry(current))
        case .bare:
            info.pointee.features = nil
            info.pointee.feature_count = 0
        case .newer: info.pointee.abi_minor_max = 1000
        case .larger: info.pointee.struct_size += 64
        case .smaller:
            // The members of the window alone.
            info.pointee.struct_size = 16
            info.pointee.features = nil
            info.pointee.feature_count = 0
            info.pointee.name = evalh_str()
            info.pointee.version = evalh_str()
        case .otherMajor: info.pointee.abi_major = 2
        }
        // A library may keep what it is given: the memory is left to it.
        return read(entry(UnsafePointer(info)))
    }

    private func read(_ library: UnsafePointer<evalh_library>?) -> Offer {
        guard let library else { return .nothing }
        let size = Int(library.pointee.struct_size)
        guard size >= MemoryLayout<evalh_library>.offset(of: \.refusal) ?? 0 else {
            return .tooSmall(library.pointee.struct_size)
        }
        let refusal =
            size >= MemoryLayout<evalh_library>.size
            ? BorrowedText.prefix(library.pointee.refusal, maximumBytes: 4096) : ""
        return .table(UInt(bitPattern: library), refusal: refusal)
    }

    /// All texts of the library's table and of its plugins.
    package func texts() -> [Text] {
        guard let library = entry(HostIdentity.current.info) else { return [] }
        var texts = [
            text(nil, "library", "name", library.pointee.name),
            text(nil, "library", "version", library.pointee.version),
        ]
        guard let descriptors = library.pointee.plugins else { return texts }
        for index in 0..<Int(min(library.pointee.plugin_count, 1024)) {
            guard let descriptor = descriptors[index] else { continue }
            let size = min(Int(descriptor.pointee.struct_size), MemoryLayout<evalh_descriptor>.size)
            let value = ActionDecoder.load(UnsafeRawPointer(descriptor), size: size, evalh_descriptor())
            let kind = BorrowedText.prefix(value.kind, maximumBytes: 64)
            let owner = "\(kind) \(BorrowedText.prefix(value.id, maximumBytes: 256))"
            for (member, content) in [
                ("kind", value.kind), ("id", value.id), ("version", value.version), ("title", value.title),
                ("description", value.description), ("source", value.source),
                ("parameters_schema", value.parameters_schema), ("outputs", value.outputs),
            ] {
                texts.append(text(index, owner, member, content))
            }
        }
        return texts
    }

    private func text(_ plugin: Int?, _ owner: String, _ member: String, _ text: evalh_str) -> Text {
        guard let pointer = text.ptr, text.len > 0 else {
            return Text(plugin: plugin, owner: owner, member: member, bytes: [])
        }
        let bytes = UnsafeRawBufferPointer(start: pointer, count: Int(min(text.len, 1 << 20)))
        return Text(plugin: plugin, owner: owner, member: member, bytes: Array(bytes))
    }
}
