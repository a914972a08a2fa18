internal import JSON
internal import Measurement

/// Arms as people shall see them: an oracle says so wherever it is named, so that nobody takes it for a strategy that
/// could be run.
struct OracleNames {
    private let titles: [String: String]
    private let oracles: [String]

    init(_ arms: [RunSummary.Arm]) {
        titles = Dictionary(arms.map { ($0.name, $0.fullTitle) }, uniquingKeysWith: { first, _ in first })
        oracles = Set(arms.filter(\.oracle).map(\.id)).sorted()
    }

    /// - Parameter name: `id` or `id@level`.
    func title(_ name: String) -> String { titles[name] ?? name }

    /// A gate's text or detail, in which arms stand as `metric(id)` or `metric(id@level)`.
    func gate(_ text: String) -> String {
        let pieces = text.split(separator: "(", omittingEmptySubsequences: false)
        let marked = pieces.dropFirst().map { piece in
            guard let id = oracles.first(where: { piece.hasPrefix($0 + ")") || piece.hasPrefix($0 + "@") }) else {
                return String(piece)
            }
            return RunSummary.Arm.title(id, isOracle: true) + piece.dropFirst(id.count)
        }
        return ([String(pieces.first ?? "")] + marked).joined(separator: "(")
    }
}

extension RunSummary.Arm {
    static func title(_ id: String, isOracle: Bool) -> String { isOracle ? "\(id) (oracle)" : id }

    static func name(_ id: String, _ level: JSONValue?) -> String {
        RowName(arm: id, level: level?.label ?? "").description
    }

    /// As comparisons, gates and the frontier name the row: `id` or `id@level`.
    package var name: String { Self.name(id, level) }

    /// The id as people shall see it.
    package var title: String { Self.title(id, isOracle: oracle) }

    /// The name as people shall see it.
    package var fullTitle: String { Self.name(title, level) }
}
