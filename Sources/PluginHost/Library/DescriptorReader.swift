internal import CEvalhPlugin
internal import JSON

/// Reads and checks the descriptors of one library.
struct DescriptorReader {
    let file: String
    let library: UnsafePointer<evalh_library>

    /// What ABI 1.0's first hosts had.
    private static let smallestDescriptor = MemoryLayout<evalh_descriptor>.offset(of: \.outputs) ?? 0

    struct Reading {
        var plugins: [(info: PluginInfo, table: PluginTable)] = []
        var unknownKinds: [String] = []
    }

    func readAll() throws(PluginLoadError) -> Reading {
        let count = library.pointee.plugin_count
        guard count > 0 else { throw fault("offers no plugins") }
        guard count <= 1024, let descriptors = library.pointee.plugins else {
            throw fault("its list of plugins is broken")
        }
        var reading = Reading()
        var seen: Set<String> = []
        for index in 0..<Int(count) {
            guard let descriptor = descriptors[index] else { throw fault("descriptor \(index) is NULL") }
            guard Int(descriptor.pointee.struct_size) >= Self.smallestDescriptor else {
                throw fault("descriptor \(index) has struct_size \(descriptor.pointee.struct_size), too small")
            }
            let kindText = BorrowedText.prefix(descriptor.pointee.kind, maximumBytes: 128)
            // A library may serve kinds of later hosts beside ours: that is no reason to do without the rest of it.
            guard let kind = PluginKind(identifier: kindText) else {
                reading.unknownKinds.append(kindText)
                continue
            }
            let info = try read(descriptor, kind: kind)
            guard seen.insert("\(kind.rawValue) \(info.id)").inserted else {
                throw fault("offers the \(kind.rawValue) \"\(info.id)\" twice")
            }
            reading.plugins.append((info, try table(descriptor, kind: kind, id: info.id)))
        }
        guard !reading.plugins.isEmpty else {
            let kinds = reading.unknownKinds.map { "\"\($0)\"" }.joined(separator: ", ")
            throw fault("offers only kinds that this evalh does not know: \(kinds); use a newer evalh", .incompatible)
        }
        return reading
    }

    private func read(_ descriptor: UnsafePointer<evalh_descriptor>, kind: PluginKind) throws(PluginLoadError)
        -> PluginInfo
    {
        // An older plugin's descriptor ends before `outputs`.
        let size = min(Int(descriptor.pointee.struct_size), MemoryLayout<evalh_descriptor>.size)
        let value = ActionDecoder.load(UnsafeRawPointer(descriptor), size: size, evalh_descriptor())
        let id = BorrowedText.prefix(value.id, maximumBytes: 256)
        guard PluginID.isValid(id) else {
            throw fault(
                "\"\(id)\" is no plugin id: lower-case letters, digits, \"-\" and \"_\" in parts joined by dots, at "
                    + "most 128 bytes"
            )
        }
        let version = BorrowedText.prefix(value.version, maximumBytes: 128)
        guard PluginID.isVersion(version) else {
            throw fault(
                "the \(kind.rawValue) \"\(id)\" has the version \"\(version)\"; write a semantic version such as 1.0.0")
        }
        guard value.needs & ~PluginABI.knownNeeds == 0 else {
            throw fault(
                "the \(kind.rawValue) \"\(id)\" needs something of endpoints that this evalh does not know; use a "
                    + "newer evalh",
                .incompatible)
        }
        return PluginInfo(
            kind: kind, id: id, version: version, title: BorrowedText.prefix(value.title, maximumBytes: 1024),
            description: BorrowedText.prefix(value.description, maximumBytes: 65_536),
            source: BorrowedText.prefix(value.source, maximumBytes: 4096),
            parametersSchema: try schema(value, id: id, kind: kind),
            needs: PluginNeeds(rawValue: value.needs), topLogprobs: min(Int(value.top_logprobs), 1024),
            outputs: outputs(value, id: id, kind: kind),
            libraryName: BorrowedText.prefix(library.pointee.name, maximumBytes: 256),
            libraryVersion: BorrowedText.prefix(library.pointee.version, maximumBytes: 128), file: file, sha256: nil,
            abi: PluginABIVersion(major: library.pointee.abi_major, minor: library.pointee.abi_minor_built))
    }

    /// Names that do not fit where gates and reports name values are left out.
    private func outputs(_ value: evalh_descriptor, id: String, kind: PluginKind) -> [String] {
        guard kind == .metric || kind == .allocator else { return [] }
        let names = BorrowedText.prefix(value.outputs, maximumBytes: 4096).split(separator: " ").map(String.init)
        return names.isEmpty ? (kind == .metric ? [id] : []) : names.filter(PluginID.isOutput)
    }

    private func schema(_ value: evalh_descriptor, id: String, kind: PluginKind) throws(PluginLoadError) -> String? {
        guard value.parameters_schema.len > 0 else { return nil }
        guard let text = try? BorrowedText.copy(value.parameters_schema, maximumBytes: 262_144),
            let schema = try? JSONValue(parsing: text), schema.members != nil
        else { throw fault("the parameters_schema of the \(kind.rawValue) \"\(id)\" is not a JSON object") }
        guard schema["type"]?.string == "object" else {
            throw fault("the parameters_schema of the \(kind.rawValue) \"\(id)\" must have \"type\": \"object\"")
        }
        return text
    }

    private func table(
        _ descriptor: UnsafePointer<evalh_descriptor>, kind: PluginKind, id: String
    ) throws(PluginLoadError) -> PluginTable {
        guard let raw = descriptor.pointee.table else {
            throw fault("the \(kind.rawValue) \"\(id)\" has no function table")
        }
        let table: PluginTable? =
            switch kind {
            case .strategy: StrategyTable(raw.assumingMemoryBound(to: evalh_strategy.self)).map(PluginTable.strategy)
            case .grader: GraderTable(raw.assumingMemoryBound(to: evalh_grader.self)).map(PluginTable.grader)
            case .metric: MetricTable(raw.assumingMemoryBound(to: evalh_metric.self)).map(PluginTable.metric)
            case .allocator:
                AllocatorTable(raw.assumingMemoryBound(to: evalh_allocator.self)).map(PluginTable.allocator)
            case .service: ServiceTable(raw.assumingMemoryBound(to: evalh_service.self)).map(PluginTable.service)
            }
        guard let table else {
            throw fault(
                "the function table of the \(kind.rawValue) \"\(id)\" is too small or lacks a required function")
        }
        return table
    }

    private func fault(_ message: String, _ reason: PluginLoadError.Reason = .malformed) -> PluginLoadError {
        PluginLoadError(reason, file: file, message)
    }
}

/// The syntax of ids and versions.
enum PluginID {
    static func isValid(_ id: String) -> Bool {
        guard !id.isEmpty, id.utf8.count <= 128 else { return false }
        return id.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isPart)
    }

    /// The name of a value; `*` at its end stands for what parameters decide.
    static func isOutput(_ name: String) -> Bool {
        // The part before the star may end in what no id ends in.
        name.hasSuffix("*") ? isValid(name.dropLast() + "x") : isValid(name)
    }

    private static func isPart(_ part: Substring) -> Bool {
        guard let first = part.utf8.first, isLetter(first) || isDigit(first) else { return false }
        return part.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }

    /// MAJOR.MINOR.PATCH with an optional pre-release or build part.
    static func isVersion(_ version: String) -> Bool {
        let core = version.prefix { $0 != "-" && $0 != "+" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 3 && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
            && version.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
