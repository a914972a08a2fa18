/// What a plugin does in a run.
package enum PluginKind: String, Codable, CaseIterable, Hashable, Sendable {
    case strategy
    case grader
    case metric
    case allocator
    case service

    /// The header's name of the kind.
    package var identifier: String { "evalh.\(rawValue)/1" }

    init?(identifier: String) {
        guard let kind = Self.allCases.first(where: { $0.identifier == identifier }) else { return nil }
        self = kind
    }
}

/// What a plugin needs of an endpoint; the raw values are the header's `EVALH_NEED_*` bits.
package struct PluginNeeds: OptionSet, Codable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let stream = PluginNeeds(rawValue: 0x1)
    package static let logprobs = PluginNeeds(rawValue: 0x2)
    package static let prefix = PluginNeeds(rawValue: 0x4)
    package static let cancel = PluginNeeds(rawValue: 0x8)
    package static let score = PluginNeeds(rawValue: 0x10)
    /// Results of other arms.
    package static let peers = PluginNeeds(rawValue: 0x20)
    /// How its own item was graded: no strategy in earnest, a bound for others.
    package static let oracle = PluginNeeds(rawValue: 0x40)

    /// Of metrics: arms with levels.
    package static let levels = PluginNeeds(rawValue: 0x80)
    /// Of graders: compares with no target.
    package static let noTarget = PluginNeeds(rawValue: 0x100)
    /// Of strategies that need prefixes: does without where thinking comes apart from the text.
    package static let prefixOrReasoning = PluginNeeds(rawValue: 0x400)

    /// Of strategies: it may answer although requests failed.
    package static let partial = PluginNeeds(rawValue: 0x200)

    /// Words for people and JSON, in the order of the bits.
    package var words: [String] {
        let names: [(PluginNeeds, String)] = [
            (.stream, "stream"), (.logprobs, "logprobs"), (.prefix, "prefix"), (.cancel, "cancel"), (.score, "score"),
            (.peers, "peers"), (.oracle, "oracle"), (.levels, "levels"), (.noTarget, "no target"),
            (.partial, "partial service"), (.prefixOrReasoning, "prefix or reasoning"),
        ]
        return names.filter { contains($0.0) }.map(\.1)
    }
}

/// A version of the plugin ABI.
package struct PluginABIVersion: Codable, Hashable, Sendable {
    package var major: UInt32
    package var minor: UInt32

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }
}

/// What one plugin says of itself, and where it was found: what `evalh plugin list` and `info` show.
package struct PluginInfo: Codable, Hashable, Sendable {
    package var kind: PluginKind
    /// What suites write: "self-consistency", "org.example.vote".
    package var id: String
    package var version: String
    /// One line.
    package var title: String
    /// Markdown.
    package var description: String
    /// Paper and equation, or where else it is from.
    package var source: String
    /// JSON Schema of the parameters, a JSON object as text; `nil`: it takes none.
    package var parametersSchema: String?
    package var needs: PluginNeeds
    /// Alternatives a token it needs; 0 if none.
    package var topLogprobs: Int
    /// Names of the values a metric or allocator may give.
    package var outputs: [String]
    package var libraryName: String
    package var libraryVersion: String
    /// Absolute path of the library.
    package var file: String
    /// Of the library's file, in hexadecimal; `nil` until asked for, see `PluginCatalog.hashed`.
    package var sha256: String?
    /// The ABI it was built with.
    package var abi: PluginABIVersion

    enum CodingKeys: String, CodingKey {
        case kind, id, version, title, description, source
        case parametersSchema = "parameters_schema"
        case needs
        case topLogprobs = "top_logprobs"
        case outputs
        case libraryName = "library_name"
        case libraryVersion = "library_version"
        case file, sha256, abi
    }
}

extension PluginInfo {
    /// A grader that is part of the host and no plugin.
    /// - Parameters:
    ///   - file: the host's own.
    ///   - hostVersion: the host's own.
    package init(
        hostGrader id: String, version: String, title: String, description: String, source: String,
        parametersSchema: String, needs: PluginNeeds = [], outputs: [String] = [], file: String, hostVersion: String
    ) {
        self.init(
            kind: .grader, id: id, version: version, title: title, description: description, source: source,
            parametersSchema: parametersSchema, needs: needs, topLogprobs: 0, outputs: outputs,
            libraryName: "evalh", libraryVersion: hostVersion, file: file,
            abi: PluginABIVersion(major: PluginABI.major, minor: PluginABI.newestMinor))
    }
}
