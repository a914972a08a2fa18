package import Completions
internal import Foundation
package import JSON
internal import Sandbox

/// Runs programs of models in the sandbox of the `code` grader, and nowhere else.
package final class ExecuteService: HostService {
    package let fingerprint: String
    package let description: JSONValue
    private let settings: ExecuteSettings
    private let interpreter: Interpreter
    private let workers: CallWorkers<Void>

    /// Bytes of a program with its tests, and of its input.
    private static let sourceLimit = 1 << 20

    /// Tries the sandbox out.
    /// - Throws: why there is none, or what is wrong with the settings.
    package init(_ settings: ExecuteSettings, environment: [String: String]) throws(ServiceRefusal) {
        if let template = settings.template, !template.contains("{{code}}") || !template.contains("{{tests}}") {
            throw ServiceRefusal(
                "its `template` needs {{code}} and {{tests}}, the places of what is run")
        }
        do throws(SandboxRefusal) {
            interpreter = try Sandbox.interpreter(
                settings.command, more: settings.visible, environment: environment, limits: settings.limits,
                sourceName: settings.file)
        } catch {
            throw ServiceRefusal("programs cannot be run on this machine: \(error)")
        }
        self.settings = settings
        fingerprint = ServiceIdentity.fingerprint(
            kind: "execute", version: 1, settings.identity + ["interpreter"] + interpreter.command)
        description = .object([
            .init("kind", .string("execute")), .init("language", .string(settings.language)),
            .init("tests", .bool(settings.testTemplate != nil)),
            .init("cpu_seconds", .double(settings.limits.cpuSeconds)),
            .init("wall_seconds", .double(settings.limits.wallSeconds)),
            .init("memory_bytes", .integer(settings.limits.memoryBytes)),
            .init("output_bytes", .integer(settings.limits.outputBytes)),
        ])
        workers = CallWorkers(settings.connections, make: {})
    }

    package func problem(with payload: JSONValue) -> String? {
        let language = settings.language
        let rules = PayloadRules(members: [
            .text("code", required: true), .text("tests"), .text("input"),
            .init(name: "language", rule: ("`\(language)`, which this service runs", { $0.string == language })),
        ])
        if let problem = rules.problem(with: payload) { return problem }
        if payload["tests"] != nil, settings.testTemplate == nil {
            return "this service runs programs without tests: its suite gives no `template` for them"
        }
        let texts = ["code", "tests", "input"].compactMap { payload[$0]?.string }
        if texts.contains(where: { $0.utf8.count > Self.sourceLimit }) {
            return "a text of the payload is longer than \(Self.sourceLimit) bytes"
        }
        return nil
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        workers.add(done: done) { [self] _, _ in run(payload) }
    }

    package func close() { workers.close() }

    private func run(_ payload: JSONValue) -> Result<ServiceResult, ModelFailure> {
        let code = payload["code"]?.string ?? ""
        let tests = payload["tests"]?.string
        var (source, mark): (String, String?) = (code, nil)
        if let tests, let template = settings.testTemplate {
            mark = template.contains("{{mark}}") ? UUID().uuidString : nil
            source = Self.filled(template, code: code, tests: tests, mark: mark ?? "")
        }
        do throws(SandboxRefusal) {
            let outcome = try Sandbox.run(
                SandboxedProgram(
                    interpreter: interpreter, sourceName: settings.file, source: source,
                    input: payload["input"]?.string ?? "", limits: settings.limits))
            let verdict = CodeVerdict(outcome, mark: mark, limits: settings.limits)
            return .success(ServiceResult(Self.result(outcome, verdict, isTested: tests != nil)))
        } catch {
            return .failure(ModelFailure(kind: .server, message: "service '\(settings.name)': \(error)"))
        }
    }

    /// The template with its places filled, in one pass: what a model wrote is not read for places.
    static func filled(_ template: String, code: String, tests: String, mark: String) -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            text += rest[..<open.lowerBound]
            switch rest[open.upperBound..<close.lowerBound] {
            case "code": text += code
            case "tests": text += tests
            case "mark": text += mark
            case let other: text += "{{" + other + "}}"
            }
            rest = rest[close.upperBound...]
        }
        return text + rest
    }

    /// Nothing in it says how long it took: two runs of a program give the same result.
    private static func result(_ outcome: SandboxOutcome, _ verdict: CodeVerdict, isTested: Bool) -> JSONValue {
        var members: [JSONValue.Member] = []
        let hasPassed = verdict.stage == .passed
        if isTested { members.append(.init("passed", .bool(hasPassed))) }
        members.append(.init("outcome", .string(hasPassed && !isTested ? "finished" : verdict.stage.rawValue)))
        members.append(.init("output", .string(outcome.output)))
        if case .exited(let status) = outcome.end { members.append(.init("exit_status", .integer(status))) }
        if !verdict.detail.isEmpty { members.append(.init("detail", .string(verdict.detail))) }
        return .object(members)
    }
}
