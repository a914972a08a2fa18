internal import Completions

/// Under which names a suite's use of a metric stands in reports and gates.
package struct MetricNames: Hashable, Sendable {
    /// The metric's id.
    package var id: String
    /// What it says that it gives; a name may end in `*`, which stands for anything.
    package var outputs: [String]
    /// The suite's own name for this use; `nil`: none.
    package var label: String?

    package init(id: String, outputs: [String], label: String?) {
        self.id = id
        self.outputs = outputs
        self.label = label
    }

    /// The name of one of its numbers: its own, or with a label the label where it gives one number or the number is
    /// called as the metric is, else `label.number`.
    package func shown(_ output: String) -> String {
        guard let label else { return output }
        // A name with a star stands for several.
        let isAlone = outputs == [output] && !output.hasSuffix("*")
        return isAlone || output == id ? label : "\(label).\(output)"
    }

    /// All that gates may name; a name may end in `*`.
    package var shown: [String] { outputs.map(shown) }

    /// Whether it said that it gives that number.
    package func declares(_ output: String) -> Bool { outputs.contains { Self.matches(output, $0) } }

    /// Names that are the host's own.
    package var taken: [String] { shown.filter(HostNumbers.contains) }

    /// Names that another use gives, too.
    package func shared(with other: MetricNames) -> [String] {
        shown.flatMap { own in
            other.shown.compactMap { $0 == own || Self.matches(own, $0) ? own : Self.matches($0, own) ? $0 : nil }
        }
    }

    /// Whether a name is meant by a declared one.
    package static func matches(_ name: String, _ declared: String) -> Bool {
        guard declared.hasSuffix("*") else { return name == declared }
        return name.hasPrefix(declared.dropLast())
    }
}
