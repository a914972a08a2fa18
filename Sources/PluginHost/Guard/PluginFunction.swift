/// What the host calls of a plugin, as messages name it. Its raw value is what `CPluginGuard` notes.
package enum PluginFunction: UInt16, CaseIterable, Sendable {
    /// The dynamic linker runs the library's constructors.
    case load = 1
    case entry, create, step, estimate, validate, destroy, grade, extract, same, expected, add, next, weights, result

    /// For people: "step", "its entry function".
    package var name: String {
        switch self {
        case .load: "its constructors"
        case .entry: "its entry function"
        case .create: "create"
        case .step: "step"
        case .estimate: "estimate"
        case .validate: "validate"
        case .destroy: "destroy"
        case .grade: "grade"
        case .extract: "extract"
        case .same: "same"
        case .expected: "expected"
        case .add: "add"
        case .next: "next"
        case .weights: "weights"
        case .result: "result"
        }
    }

    /// Seconds of wall time after which a call counts as one that never returns. A session's calls are short; numbers
    /// over a whole run may take a while.
    package var limit: Double {
        switch self {
        case .next, .weights, .result: 300
        case .load, .entry, .create, .step, .estimate, .validate, .destroy, .grade, .extract, .same, .expected, .add: 10
        }
    }

    /// Called so seldom that the host can look after each call whether it still stands in its own folder.
    var isSeldom: Bool {
        switch self {
        case .load, .entry, .create, .estimate, .validate, .destroy, .next, .weights, .result: true
        case .step, .grade, .extract, .same, .expected, .add: false
        }
    }
}
