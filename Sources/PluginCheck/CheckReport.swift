package import JSON
package import PluginHost

/// All results of a check.
package struct CheckReport: Sendable {
    package let file: String
    package let seed: UInt64
    package let parameters: JSONValue?
    package let plugins: [PluginInfo]
    /// Kinds of later hosts that the library offers plugins of; they are not checked.
    package let unknownKinds: [String]
    package let results: [CheckResult]

    /// Whether the library can be used as it is.
    package var isGood: Bool { !results.contains { $0.status.isBad } }

    package func count(_ status: CheckStatus) -> Int { results.count { $0.status == status } }

    /// The version of the JSON form. It grows by further members only; another version means another form.
    package static let formatVersion = 1

    /// See `docs/plugins/checking.md`.
    package var json: JSONValue {
        .object([
            .init("evalh_plugin_check", .integer(Self.formatVersion)), .init("file", .string(file)),
            .init("seed", .number(JSONNumber(seed))), .init("parameters", parameters ?? .object([])),
            .init("abi", .string(PluginABI.text)), .init("passed", .bool(isGood)),
            .init(
                "counts",
                .object(CheckStatus.allCases.map { .init($0.rawValue, .integer(count($0))) })),
            .init(
                "plugins",
                .array(
                    plugins.map {
                        .object([
                            .init("kind", .string($0.kind.rawValue)), .init("id", .string($0.id)),
                            .init("version", .string($0.version)),
                        ])
                    })),
            .init("unknown_kinds", .strings(unknownKinds)), .init("tests", .array(results.map(\.json))),
        ])
    }

    /// All tests as a table for `--list`.
    package static func list(_ tests: [CheckTest]) -> [(id: String, finds: String)] { tests.map { ($0.id, $0.finds) } }
}

extension CheckResult {
    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("kind", .string(subject.kind?.rawValue ?? "library")), .init("id", .string(subject.id)),
            .init("test", .string(test)), .init("status", .string(status.rawValue)),
            .init("seconds", .double((seconds * 1000).rounded() / 1000)),
            .init(
                "findings",
                .array(
                    findings.map {
                        .object([
                            .init("status", .string($0.status.rawValue)), .init("message", .string($0.message)),
                            .init("advice", .string($0.advice)),
                        ])
                    })),
            .init(
                "measured",
                .object(measured.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
        ]
        if let crash {
            members.append(
                .init("crash", .object([.init("reason", .string(crash.reason)), .init("at", .string(crash.at))])))
        }
        return .object(members)
    }

    /// Lines for people: the first says how it went, the others what was found and what to do.
    package var lines: [String] {
        let name = "\(subject.id)  \(test)"
        let numbers = measured.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; ")
        let word = status.rawValue.padding(to: 8)
        guard let first = findings.max(by: { $0.status < $1.status }) else {
            return ["\(word) \(name)" + (numbers.isEmpty ? "" : "  (\(numbers))")]
        }
        // A finding a line; the gravest stands beside the test's name.
        var lines = ["\(word) \(name): \(Self.text(first))"]
        for finding in findings where finding != first { lines.append("         \(Self.text(finding))") }
        return lines
    }

    private static func text(_ finding: CheckFinding) -> String {
        guard let first = finding.advice.first else { return finding.message }
        return "\(finding.message). \(first.uppercased())\(finding.advice.dropFirst())"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
