/// `junit.xml`: one test case a gate; a failed gate is a failure, an undecided one is skipped, failed sessions are an
/// error. Numbers stand in names and texts, because CI systems show little else.
enum JUnitReport {
    /// - Parameter baseline: How the run compares with a baseline, a case each.
    static func render(_ summary: RunSummary, baseline: [RunSummary.GateOutcome] = []) -> String {
        let names = OracleNames(summary.arms)
        var cases = summary.gates.map { testCase($0, in: "\(summary.suite).gates", names) }
        cases += baseline.map { testCase($0, in: "\(summary.suite).baseline", names) }
        for arm in summary.arms where arm.errors > 0 {
            let label = SafeText.xml(arm.fullTitle)
            let text = "\(arm.errors) of \(arm.sessions) sessions failed (\(arm.errorKindsText))"
            let causes = (summary.failures?.causes(of: arm.name) ?? []).prefix(5)
            let first = causes.first.map { "; \($0.sessions) × \($0.cause.message)" } ?? ""
            let lines =
                [text]
                + causes.map { "\($0.sessions) × \($0.cause.kind.rawValue): \($0.cause.message)\n    \($0.cause.next)" }
            cases.append(
                "    <testcase classname=\"\(SafeText.xml(summary.suite)).sessions\" name=\"sessions of \(label)\">"
                    + "<error message=\"\(SafeText.xml(text + first))\" type=\"sessions\">"
                    + "\(SafeText.xml(lines.joined(separator: "\n")))</error></testcase>")
        }
        if summary.status == .incomplete {
            let left = (["the run is incomplete; evalh resume goes on"] + summary.leftOutTexts).joined(separator: "\n")
            cases.append(
                "    <testcase classname=\"\(SafeText.xml(summary.suite)).run\" name=\"run is complete\">"
                    + "<error message=\"\(SafeText.xml(left))\" type=\"incomplete\"/></testcase>")
        }
        if cases.isEmpty {
            cases.append("    <testcase classname=\"\(SafeText.xml(summary.suite)).run\" name=\"run is complete\"/>")
        }
        let failures = (summary.gates + baseline).count { $0.verdict == "fail" }
        let skipped = (summary.gates + baseline).count { $0.verdict == "inconclusive" }
        let errors = cases.count { $0.contains("<error ") }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="\(SafeText.xml(summary.suite))" tests="\(cases.count)" failures="\(failures)" \
            errors="\(errors)" skipped="\(skipped)">
            \(cases.joined(separator: "\n"))
              </testsuite>
            </testsuites>

            """
    }

    private static func testCase(_ gate: RunSummary.GateOutcome, in classname: String, _ names: OracleNames) -> String {
        let detail = SafeText.xml(names.gate(gate.detail))
        let body =
            switch gate.verdict {
            case "pass": "<system-out>\(detail)</system-out>"
            case "fail": "<failure message=\"\(detail)\" type=\"gate\">\(detail)</failure>"
            default: "<skipped message=\"inconclusive: \(detail)\"/>"
            }
        return
            "    <testcase classname=\"\(SafeText.xml(classname))\" "
            + "name=\"\(SafeText.xml(names.gate(gate.text)))\">\(body)</testcase>"
    }
}
