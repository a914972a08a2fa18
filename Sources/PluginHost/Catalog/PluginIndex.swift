/// Which library serves a name that a suite writes.
///
/// Versions of one plugin stand side by side. `id@version` chooses one; `id@1` the newest that begins so. Without a
/// version the newest serves if all come from one level of the search (the environment, the suite, the user's folder,
/// the installation): else nothing is chosen silently, and the suite has to say.
struct PluginIndex {
    private struct Key: Hashable {
        var kind: PluginKind
        var id: String
    }

    private struct Offer {
        var info: PluginInfo
        var level: PluginLocation.Origin
        /// Files that offer this very version, in search order.
        var files: [String]
    }

    enum Choice {
        case found(PluginInfo)
        /// No library offers the id.
        case none
        /// It is offered, and cannot be chosen, for the reason given.
        case refused(String)
    }

    private var offers: [Key: [Offer]] = [:]
    private var own: [Key: PluginInfo] = [:]

    /// What the host itself offers: its ids are taken.
    mutating func addOwn(_ info: PluginInfo) { own[Key(kind: info.kind, id: info.id)] = info }

    /// The file that offers this kind, id and version already; "evalh itself" for ids of the host's own.
    func file(offering info: PluginInfo) -> String? {
        let key = Key(kind: info.kind, id: info.id)
        if own[key] != nil { return "evalh itself" }
        return offers[key]?.first { $0.info.version == info.version }?.files.first
    }

    mutating func add(_ info: PluginInfo, level: PluginLocation.Origin) {
        offers[Key(kind: info.kind, id: info.id), default: []].append(
            Offer(info: info, level: level, files: [info.file]))
    }

    /// Another file offers what was added: neither can be chosen.
    mutating func addDuplicate(_ info: PluginInfo) {
        let key = Key(kind: info.kind, id: info.id)
        guard let place = offers[key]?.firstIndex(where: { $0.info.version == info.version }) else { return }
        offers[key]?[place].files.append(info.file)
    }

    func choose(_ kind: PluginKind, _ reference: PluginReference) -> Choice {
        let key = Key(kind: kind, id: reference.id)
        if let info = own[key] {
            guard reference.version == nil else {
                return .refused(
                    "\"\(info.id)\" is evalh's own \(kind.rawValue) and comes in one version; write \(info.id)")
            }
            return .found(info)
        }
        guard let all = offers[key] else { return .none }
        let sorted = all.sorted { PluginVersion($1.info.version) < PluginVersion($0.info.version) }
        let fitting = sorted.filter { reference.includes(version: $0.info.version) }
        guard let newest = fitting.first else {
            let there = sorted.map { "\($0.info.version) (\($0.files[0]))" }.joined(separator: ", ")
            return .refused(
                "there is no version \(reference.version ?? "") of the \(kind.rawValue) \"\(reference.id)\"; there "
                    + "\(sorted.count == 1 ? "is" : "are"): \(there)")
        }
        // A whole version is one offer at most.
        let wanted = fitting.first { $0.info.version == reference.version } ?? newest
        if wanted.info.version != reference.version, Set(fitting.map(\.level)).count > 1 {
            let there = fitting.map { "\(reference.id)@\($0.info.version) (\($0.files[0]))" }.joined(separator: " or ")
            return .refused("several folders offer the \(kind.rawValue) \"\(reference.id)\"; write \(there)")
        }
        guard wanted.files.count == 1 else { return .refused(Self.duplicate(wanted.info, wanted.files)) }
        return .found(wanted.info)
    }

    /// What suites write for that very plugin: its id where that is enough.
    func reference(to info: PluginInfo) -> PluginReference {
        if case .found(let chosen) = choose(info.kind, PluginReference(id: info.id, version: nil)), chosen == info {
            return PluginReference(id: info.id, version: nil)
        }
        return PluginReference(id: info.id, version: info.version)
    }

    static func duplicate(_ info: PluginInfo, _ files: [String]) -> String {
        "the \(info.kind.rawValue) \"\(info.id)\" \(info.version) is offered by "
            + files.joined(separator: " and by ") + "; remove one of them, or give it another id or version"
    }
}
