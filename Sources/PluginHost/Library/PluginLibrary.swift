internal import CEvalhPlugin
internal import CPluginGuard
internal import Foundation

/// An opened plugin library. It stays loaded until the process ends: nothing could prove that no thread is in its code.
package final class PluginLibrary: @unchecked Sendable {
    // Sendable: immutable; the tables it points to are constant until the process ends (rule 2 of the header).
    package let file: String
    package let plugins: [PluginInfo]
    /// Plugins of kinds that this host does not know; they are left out.
    package let unknownKinds: [String]
    private let tables: [PluginTable]
    private let guards: [PluginGuard]

    /// Opens a library and checks all it says of itself.
    package init(opening file: String) throws(PluginLoadError) {
        try Self.examine(file)
        let guarded = PluginGuard(kind: "", id: "", version: "", library: file, base: 0)
        let (library, base) = try Self.enter(file, guarded)
        // Its tables may point anywhere.
        let reading = try guarded.call(.entry) { () throws(PluginLoadError) in
            try Self.negotiate(library, file: file)
            return try DescriptorReader(file: file, library: library).readAll()
        }
        self.file = file
        plugins = reading.plugins.map(\.info)
        tables = reading.plugins.map(\.table)
        guards = reading.plugins.map {
            PluginGuard(
                kind: $0.info.kind.rawValue, id: $0.info.id, version: $0.info.version, library: file, base: base)
        }
        unknownKinds = reading.unknownKinds
    }

    /// What the file is, without running any of its code. Throws unless it is a library with our entry function.
    package static func examine(_ file: String) throws(PluginLoadError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
            throw PluginLoadError(.unreadable, file: file, "no such file")
        }
        guard !isFolder.boolValue, let data = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
        else {
            throw PluginLoadError(.unreadable, file: file, "cannot be read as a file")
        }
        let image = ElfImage(data)
        switch image.kind {
        case .notElf: throw PluginLoadError(.notALibrary, file: file, "is not a shared library")
        case .notShared:
            throw PluginLoadError(.notALibrary, file: file, "is not a shared library; link it with -shared")
        case .wrongArchitecture(let other):
            throw PluginLoadError(
                .wrongArchitecture, file: file,
                "is built for \(other), this machine is \(ElfImage.ownArchitecture); rebuild it here")
        case .shared: break
        }
        guard let entries = image.entries, !entries.contains(EVALH_ENTRY_NAME) else { return }
        throw missingEntry(file, entries: entries)
    }

    func table(of kind: PluginKind, id: String) -> (info: PluginInfo, table: PluginTable, guarded: PluginGuard)? {
        guard let index = plugins.firstIndex(where: { $0.kind == kind && $0.id == id }) else { return nil }
        return (plugins[index], tables[index], guards[index])
    }

    /// One of its strategies; `nil`: it offers none of that id.
    package func strategy(_ id: String) -> StrategyPlugin? {
        guard case (let info, .strategy(let functions), let guarded)? = table(of: .strategy, id: id) else { return nil }
        return StrategyPlugin(info: info, table: functions, guarded: guarded)
    }

    package func grader(_ id: String, parametersJSON: String) throws(PluginFault) -> PluginGrader? {
        guard case (let info, .grader(let functions), let guarded)? = table(of: .grader, id: id) else { return nil }
        return try PluginGrader(info: info, table: functions, guarded: guarded, parametersJSON: parametersJSON)
    }

    package func metric(_ id: String, parametersJSON: String, seed: UInt64) throws(PluginFault) -> PluginMetric? {
        guard case (let info, .metric(let functions), let guarded)? = table(of: .metric, id: id) else { return nil }
        return try PluginMetric(
            info: info, table: functions, guarded: guarded, parametersJSON: parametersJSON, seed: seed)
    }

    package func allocator(
        _ id: String, parametersJSON: String, setup: AllocationSetup, seed: UInt64
    ) throws(PluginFault) -> PluginAllocator? {
        guard case (let info, .allocator(let functions), let guarded)? = table(of: .allocator, id: id) else {
            return nil
        }
        return try PluginAllocator(
            info: info, table: functions, guarded: guarded, parametersJSON: parametersJSON, setup: setup, seed: seed)
    }

    private static func missingEntry(_ file: String, entries: Set<String>) -> PluginLoadError {
        let versions = entries.compactMap { UInt32($0.dropFirst("evalh_plugin_v".count)) }.filter { $0 <= 1000 }
            .sorted()
        guard let newest = versions.last else {
            return PluginLoadError(
                .noEntry, file: file,
                "is no evalh plugin: it does not export \(EVALH_ENTRY_NAME) (declare it with EVALH_EXPORT; in C++, "
                    + "extern \"C\")"
            )
        }
        return PluginLoadError(
            .incompatible, file: file,
            "is built for plugin ABI \(newest), this evalh serves \(PluginABI.major); rebuild it against "
                + "evalh_plugin.h \(PluginABI.text),"
                + " or use an evalh that serves ABI \(newest)")
    }

    /// - Returns: also where the library lies in memory.
    private static func enter(_ file: String, _ guarded: PluginGuard) throws(PluginLoadError)
        -> (UnsafePointer<evalh_library>, base: UInt64)
    {
        let loaded = guarded.call(.load) { dlopen(file, RTLD_NOW | RTLD_LOCAL) }
        guard let handle = loaded else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw PluginLoadError(.linker, file: file, "cannot be loaded: \(reason)")
        }
        guard let symbol = dlsym(handle, EVALH_ENTRY_NAME) else { throw missingEntry(file, entries: []) }
        let entry = unsafeBitCast(
            symbol, to: (@convention(c) (UnsafePointer<evalh_host_info>?) -> UnsafePointer<evalh_library>?).self)
        let base = evalh_guard_base_of(handle)
        guarded.setBase(base)
        let offered = guarded.call(.entry) { entry(HostIdentity.current.info) }
        guard let library = offered else {
            throw PluginLoadError(
                .refused, file: file,
                "offers nothing to this host (its entry function returned NULL; this evalh serves ABI "
                    + "\(PluginABI.text))"
            )
        }
        // All members of 1.0 but the last, `refusal`, which a library may do without.
        guard Int(library.pointee.struct_size) >= MemoryLayout<evalh_library>.offset(of: \.refusal) ?? 0 else {
            throw PluginLoadError(
                .malformed, file: file, "its evalh_library.struct_size is \(library.pointee.struct_size), too small")
        }
        return (library, base)
    }

    private static func negotiate(_ library: UnsafePointer<evalh_library>, file: String) throws(PluginLoadError) {
        let major = library.pointee.abi_major
        let built = "\(major).\(library.pointee.abi_minor_built)"
        guard major == PluginABI.major else {
            throw PluginLoadError(
                .incompatible, file: file,
                "is built for plugin ABI \(built), this evalh serves \(PluginABI.text); rebuild it against "
                    + "evalh_plugin.h \(PluginABI.text)"
            )
        }
        let required = library.pointee.abi_minor_required
        guard required <= PluginABI.newestMinor else {
            throw PluginLoadError(
                .incompatible, file: file,
                "is built for plugin ABI \(built) and requires \(major).\(required) or newer, this evalh serves "
                    + "\(PluginABI.text); use a newer"
                    + " evalh, or rebuild it against evalh_plugin.h \(PluginABI.text)")
        }
        try requireFeatures(of: library, built: built, file: file)
        guard Int(library.pointee.struct_size) >= MemoryLayout<evalh_library>.size else { return }
        let refusal = BorrowedText.prefix(library.pointee.refusal, maximumBytes: 4096)
        guard refusal.isEmpty else {
            throw PluginLoadError(
                .refused, file: file, "(plugin ABI \(built)) declines this evalh (ABI \(PluginABI.text)): \(refusal)")
        }
    }

    private static func requireFeatures(
        of library: UnsafePointer<evalh_library>, built: String, file: String
    ) throws(PluginLoadError) {
        let count = library.pointee.features_required_count
        guard count > 0 else { return }
        guard count <= 256, let features = library.pointee.features_required else {
            throw PluginLoadError(.malformed, file: file, "its list of required features is broken")
        }
        let names = (0..<Int(count)).map { BorrowedText.prefix(features[$0], maximumBytes: 128) }
        let missing = names.filter { !PluginABI.features.contains($0) }
        guard missing.isEmpty else {
            let list = missing.map { "\"\($0)\"" }.joined(separator: ", ")
            throw PluginLoadError(
                .incompatible, file: file,
                "(plugin ABI \(built)) requires the feature \(list), which this evalh (ABI \(PluginABI.text)) does not "
                    + "have;"
                    + " use an evalh that has it, or rebuild the plugin without it")
        }
    }
}
