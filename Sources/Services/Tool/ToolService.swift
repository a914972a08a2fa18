package import Completions
internal import Foundation
package import JSON

/// A command as a service: a program that stays, reads a line of JSON a call and answers it by a line.
///
/// | line | |
/// |---|---|
/// | to the program | `{"id":1,"payload":{…}}` |
/// | from the program | `{"id":1,"result":…}`, or `{"id":1,"error":"…"}` where the call failed |
///
/// It may end after an answer; the next call starts it again.
package final class ToolService: HostService {
    package let fingerprint: String
    package let description: JSONValue
    private let workers: CallWorkers<ToolSlot>

    /// - Parameters:
    ///   - about: what strategies are told of it, for people.
    /// - Throws: where the program is not there. It is started by the first call.
    package init(_ settings: ProgramSettings, about: String? = nil) throws(ServiceRefusal) {
        do throws(ProgramFault) {
            try LineProgram.look(for: settings)
        } catch {
            throw error.refusal
        }
        fingerprint = ServiceIdentity.fingerprint(kind: "tool", version: 1, [settings.identity])
        description = .object(
            [.init("kind", .string("tool"))] + (about.map { [.init("about", .string($0))] } ?? []))
        workers = CallWorkers(
            settings.connections, make: { ToolSlot(settings) }, drop: { $0.end() })
    }

    package func problem(with payload: JSONValue) -> String? {
        payload.members == nil ? "the payload must be an object, it is \(payload.kindName)" : nil
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        workers.add(done: done) { slot, stop in slot.call(payload, stop) }
    }

    package func close() { workers.close() }
}

/// One copy of a tool's program.
private final class ToolSlot: @unchecked Sendable {
    // Sendable: one thread at a time uses it.
    private let settings: ProgramSettings
    private var program: LineProgram?
    private var asked = 0

    init(_ settings: ProgramSettings) { self.settings = settings }

    func end() {
        program?.end()
        program = nil
    }

    func call(_ payload: JSONValue, _ stop: CallStop) -> Result<ServiceResult, ModelFailure> {
        let isFresh = program == nil || program?.hasEnded == true
        var answer = Result { () throws(ProgramFault) in try ask(payload, stop) }
        if !isFresh, case .failure(let fault) = answer, fault.reason == .ended(status: 0) {
            // It left between its last answer and this question, which it never read.
            end()
            answer = Result { () throws(ProgramFault) in try ask(payload, stop) }
        }
        // What it was about to do or say must not reach the next call.
        if case .failure = answer { end() }
        return answer.mapError { $0.failure(of: settings.name) }
    }

    private func ask(_ payload: JSONValue, _ stop: CallStop) throws(ProgramFault) -> ServiceResult {
        let program = try running()
        asked += 1
        let deadline = LineProgram.now() + settings.timeout
        let question = JSONValue.object([.init("id", .integer(asked)), .init("payload", payload)])
        try program.write(Array(question.text.utf8), until: deadline, timeout: settings.timeout, stop)
        let line = try program.line(until: deadline, timeout: settings.timeout, stop)
        let answer: JSONValue
        do throws(JSONError) {
            answer = try JSONValue(parsing: line, .lenient)
        } catch {
            throw program.fault(.misspoke("wrote a line that is no JSON (\(error.message)): \(Self.shown(line))"))
        }
        guard answer["id"]?.int == asked else {
            throw program.fault(.misspoke("answered without the call's `id`, which is \(asked): \(Self.shown(line))"))
        }
        if let result = answer["result"] { return ServiceResult(result) }
        guard let error = answer["error"] else {
            throw program.fault(.misspoke("answered with neither `result` nor `error`: \(Self.shown(line))"))
        }
        return ServiceResult(.object([.init("error", .string(error.plainText))]), isError: true)
    }

    private func running() throws(ProgramFault) -> LineProgram {
        if program?.hasEnded == true { end() }
        if let program { return program }
        let new = try LineProgram(settings)
        program = new
        return new
    }

    private static func shown(_ line: [UInt8]) -> String { String(decoding: line.prefix(200), as: UTF8.self) }
}
