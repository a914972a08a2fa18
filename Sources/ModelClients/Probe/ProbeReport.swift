package import Completions

/// What a probe found.
package struct ProbeReport: Codable, Hashable, Sendable {
    package enum Verdict: String, Codable, Sendable {
        case yes, no, unknown
    }

    package struct Finding: Codable, Hashable, Sendable {
        package var subject: String
        package var verdict: Verdict
        package var detail: String
    }

    package var provider: String
    /// "host:port", or a socket.
    package var endpoint: String
    package var model: String
    package var served: ServedModel
    package var findings: [Finding] = []
    /// To be cached and used for runs.
    package var capabilities: EndpointCapabilities
    /// Requests sent.
    package var requests = 0
    package var usage = TokenUsage()

    mutating func add(_ subject: String, _ verdict: Verdict, _ detail: String = "") {
        findings.append(
            Finding(subject: subject, verdict: verdict, detail: CleanText.bounded(Redactor.shared.redact(detail))))
    }

    /// A table for people.
    package func render() -> String {
        var lines = ["\(provider) at \(endpoint), model \(model)"]
        if let id = served.id, id != model { lines.append("  serves \(id)") }
        if let build = served.build { lines.append("  server build \(build)") }
        if let context = served.contextLength { lines.append("  context of \(context) tokens") }
        lines.append("")
        let width = findings.map(\.subject.count).max() ?? 0
        for finding in findings {
            let subject = finding.subject + String(repeating: " ", count: width - finding.subject.count)
            let verdict = finding.verdict.rawValue + String(repeating: " ", count: 7 - finding.verdict.rawValue.count)
            let line = "  \(subject)  \(verdict)  \(finding.detail)"
            lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
        }
        lines.append("")
        lines.append(
            "\(requests) requests, \(usage.promptTokens) prompt and \(usage.completionTokens) completion tokens")
        return lines.joined(separator: "\n") + "\n"
    }
}
