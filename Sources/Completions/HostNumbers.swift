/// Names of the numbers that the host itself gives of arms: no plugin may give another number under one of them.
package enum HostNumbers {
    package static func contains(_ name: String) -> Bool { names.contains(name) || name.hasPrefix("numbers.") }

    private static let names: Set<String> = Set(
        [
            "accuracy", "accuracy_all", "accuracy_completed", "accuracy_strict", "accuracy_corrected",
            "no_verdict_rate", "errors", "served", "service_calls", "truncated_rate", "usd",
        ] + SessionNumber.allCases.map(\.rawValue))
}
