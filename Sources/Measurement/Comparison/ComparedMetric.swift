package import Completions

/// What two rows can be compared by: one number an item. Named as in `summary.json`.
package enum ComparedMetric: Hashable, Sendable {
    case accuracy
    /// The mean over an item's sessions: a cost, of which less is better.
    case mean(SessionNumber)

    package var isCost: Bool { self != .accuracy }
}

extension ComparedMetric: RawRepresentable, CaseIterable, Codable {
    package static let allCases = [accuracy] + SessionNumber.allCases.map(mean)

    /// For help: what may be named.
    package static let names = allCases.map(\.rawValue).joined(separator: ", ")

    package init?(rawValue: String) {
        guard let metric = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = metric
    }

    package var rawValue: String {
        switch self {
        case .accuracy: "accuracy"
        case .mean(let number): number.rawValue
        }
    }
}
