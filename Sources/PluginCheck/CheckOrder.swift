internal import CPluginCheck
internal import Foundation
internal import JSON
internal import PluginHost

/// What a test's process is to do, and where it says what it found.
struct CheckOrder: Codable {
    var file: String
    var kind: PluginKind?
    var id: String
    /// `CheckOrder.describe`, or a test's id.
    var test: String
    /// What `--with` says, a JSON object; `nil`: nothing.
    var with: String?
    var seed: UInt64
    var sessions: Int
    /// Files beside the order's own.
    var result: String
    var trace: String

    static let describe = "describe"
}

/// What a test's process found.
struct CheckAnswer: Codable {
    var notes = CheckContext.Notes()
    /// In answer to `describe`.
    var plugins: [PluginInfo] = []
    var unknownKinds: [String] = []
}

/// A test's process.
package enum CheckProcess {
    /// Carries out what the file at `path` orders. Returns if nothing ends the process before.
    package static func carryOut(orderAt path: String) throws {
        let order = try JSONDecoder().decode(CheckOrder.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        guard evalh_check_trace_open(order.trace) == 0 else { throw CheckFault("\(order.trace): cannot be written") }
        let memory = GuardedMemory()
        evalh_check_watch(UInt64(memory?.range.lowerBound ?? 0), UInt64(memory?.range.count ?? 0))
        var answer = CheckAnswer()
        if order.test == CheckOrder.describe {
            do {
                let library = try PluginLibrary(opening: order.file)
                (answer.plugins, answer.unknownKinds) = (library.plugins, library.unknownKinds)
            } catch {
                answer.notes.findings = [CheckFinding(status: .failed, message: error.message, advice: "")]
            }
        } else {
            answer.notes = try run(order, memory)
        }
        try JSONEncoder().encode(answer).write(to: URL(fileURLWithPath: order.result), options: .atomic)
        evalh_check_done()
    }

    private static func run(_ order: CheckOrder, _ memory: GuardedMemory?) throws -> CheckContext.Notes {
        guard let test = CheckTest.named(order.test) else { throw CheckFault("there is no test \(order.test)") }
        var library: PluginLibrary?
        var info: PluginInfo?
        if let kind = order.kind {
            let opened = try PluginLibrary(opening: order.file)
            library = opened
            info = opened.plugins.first { $0.kind == kind && $0.id == order.id }
        }
        let schema = info?.parametersSchema.flatMap { try? JSONValue(parsing: $0) }
        let given = order.with.flatMap { try? JSONValue(parsing: $0) } ?? .object([])
        let required = schema?["required"]?.elements?.compactMap(\.string) ?? []
        let context = CheckContext(
            file: order.file, info: info,
            parametersJSON: ParameterFuzz.merged(ParameterFuzz.defaults(schema), given).text, seed: order.seed,
            sessions: order.sessions, memory: memory, library: library,
            isGuessing: required.contains { given[$0] == nil && schema?["properties"]?[$0]?["default"] == nil })
        do { try test.run(context) } catch { context.fail("\(error)") }
        return context.collected
    }
}
