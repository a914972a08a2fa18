internal import Completions
internal import JSON
internal import ModelClients

/// A server of the Model Context Protocol over its standard input and output, from `initialize` on. One thread at a
/// time uses it, with one request at a time.
///
/// Specification: modelcontextprotocol.io, revision 2025-06-18; older revisions are spoken where a server answers with
/// one.
final class MCPConnection {
    /// Newest first; the first one is offered.
    static let versions = ["2025-06-18", "2025-03-26", "2024-11-05"]

    /// What the server says of itself.
    struct Server: Equatable {
        var name: String
        var version: String
        /// The revision that both speak.
        var protocolVersion: String
    }

    /// The server's own word that a request failed.
    struct Refusal: Error {
        var code: Int
        var message: String
    }

    let server: Server
    private let program: LineProgram
    private let settings: ProgramSettings
    private var asked = 0

    /// Starts the server and shakes hands.
    init(_ settings: ProgramSettings, clientVersion: String) throws(ProgramFault) {
        self.settings = settings
        program = try LineProgram(settings)
        let hello = JSONValue.object([
            .init("protocolVersion", .string(Self.versions[0])), .init("capabilities", .object([])),
            .init(
                "clientInfo", .object([.init("name", .string("evalh")), .init("version", .string(clientVersion))])),
        ])
        do throws(ProgramFault) {
            let answer = try Self.answer(
                of: program, to: "initialize", hello, id: 0, seconds: settings.startTimeout, CallStop())
            let version = answer["protocolVersion"]?.string ?? ""
            guard Self.versions.contains(version) else {
                throw program.fault(
                    .misspoke(
                        "speaks revision '\(version.prefix(40))' of the Model Context Protocol; evalh speaks "
                            + Self.versions.joined(separator: ", ")))
            }
            server = Server(
                name: answer["serverInfo"]?["name"]?.string ?? "",
                version: answer["serverInfo"]?["version"]?.string ?? "", protocolVersion: version)
            try Self.say(program, "notifications/initialized", nil, seconds: settings.timeout)
        } catch {
            program.end()
            throw error
        }
    }

    var hasEnded: Bool { program.hasEnded }

    func end() { program.end() }

    /// All tools, page by page.
    func tools() throws(ProgramFault) -> [MCPTool] {
        var tools: [MCPTool] = []
        var cursor: String?
        for _ in 0..<100 {
            let page = try request(
                "tools/list", .object(cursor.map { [.init("cursor", .string($0))] } ?? []), CallStop())
            tools += (page["tools"]?.elements ?? []).compactMap(MCPTool.init)
            cursor = page["nextCursor"]?.string
            if cursor == nil || tools.count > 1000 { break }
        }
        return tools
    }

    /// Calls a tool.
    func call(_ tool: String, _ arguments: JSONValue, _ stop: CallStop) throws(ProgramFault) -> ServiceResult {
        do {
            let answer = try exchange(
                "tools/call", .object([.init("name", .string(tool)), .init("arguments", arguments)]), stop)
            return MCPContent.result(of: answer)
        } catch let refusal as Refusal {
            return MCPContent.result(of: refusal)
        } catch let fault as ProgramFault {
            throw fault
        } catch {
            throw program.fault(.misspoke("\(error)"))
        }
    }

    private func request(_ method: String, _ parameters: JSONValue, _ stop: CallStop) throws(ProgramFault)
        -> JSONValue
    {
        asked += 1
        return try Self.answer(
            of: program, to: method, parameters, id: asked, seconds: settings.timeout, stop)
    }

    /// - Throws: `Refusal` or `ProgramFault`. A request that was stopped or took too long is told to be cancelled; the
    ///   server then ends, for what it says later is nobody's.
    private func exchange(_ method: String, _ parameters: JSONValue, _ stop: CallStop) throws -> JSONValue {
        asked += 1
        do {
            return try Self.exchange(
                program, method, parameters, id: asked, seconds: settings.timeout, stop)
        } catch let fault as ProgramFault {
            if fault.reason == .stopped || fault.reason == .timedOut(seconds: settings.timeout) {
                let parameters = JSONValue.object([
                    .init("requestId", .integer(asked)), .init("reason", .string("the caller waits no longer")),
                ])
                try? Self.say(program, "notifications/cancelled", parameters, seconds: 1)
            }
            throw fault
        }
    }

    // MARK: JSON-RPC

    /// As `exchange`; a refusal is a fault.
    private static func answer(
        of program: LineProgram, to method: String, _ parameters: JSONValue, id: Int, seconds: Double, _ stop: CallStop
    ) throws(ProgramFault) -> JSONValue {
        do {
            return try exchange(program, method, parameters, id: id, seconds: seconds, stop)
        } catch let refusal as Refusal {
            throw program.fault(.misspoke("refused `\(method)`: \(refusal.message) (\(refusal.code))"))
        } catch let fault as ProgramFault {
            throw fault
        } catch {
            throw program.fault(.misspoke("\(error)"))
        }
    }

    private static func exchange(
        _ program: LineProgram, _ method: String, _ parameters: JSONValue, id: Int, seconds: Double, _ stop: CallStop
    ) throws -> JSONValue {
        let deadline = LineProgram.now() + seconds
        try send(
            program,
            [.init("id", .integer(id)), .init("method", .string(method)), .init("params", parameters)], until: deadline,
            timeout: seconds, stop)
        while true {
            let line = try program.line(until: deadline, timeout: seconds, stop)
            let message: JSONValue
            do throws(JSONError) {
                message = try JSONValue(parsing: line, JSONRules(maximumBytes: line.count, repairsTexts: true))
            } catch {
                throw program.fault(
                    .misspoke(
                        "wrote a line to standard output that is no JSON (\(error.message)): "
                            + String(decoding: line.prefix(200), as: UTF8.self)))
            }
            // Revision 2025-03-26 has batches.
            for message in message.elements ?? [message] {
                if let answer = try read(message, program, id: id, until: deadline, timeout: seconds, stop) {
                    return answer
                }
            }
        }
    }

    /// The result, if a message is the answer to the request `id`. Requests of the server are answered, notifications
    /// and late answers passed over.
    private static func read(
        _ message: JSONValue, _ program: LineProgram, id: Int, until deadline: Double, timeout: Double,
        _ stop: CallStop
    ) throws -> JSONValue? {
        if let method = message["method"]?.string {
            guard let theirs = message["id"] else { return nil }
            let answer: JSONValue.Member =
                method == "ping"
                ? .init("result", .object([]))
                : .init(
                    "error",
                    .object([
                        .init("code", .integer(-32601)),
                        .init("message", .string("evalh offers no \(method.prefix(64))")),
                    ]))
            try send(program, [.init("id", theirs), answer], until: deadline, timeout: timeout, stop)
            return nil
        }
        guard message["id"]?.int == id else { return nil }
        if let error = message["error"] {
            throw Refusal(
                code: error["code"]?.int ?? 0,
                message: CleanText.clean(error["message"]?.string ?? error.text, limit: 2000))
        }
        guard let result = message["result"] else {
            throw program.fault(.misspoke("answered a request with neither `result` nor `error`"))
        }
        return result
    }

    private static func say(_ program: LineProgram, _ method: String, _ parameters: JSONValue?, seconds: Double)
        throws(ProgramFault)
    {
        try send(
            program,
            [.init("method", .string(method))] + (parameters.map { [.init("params", $0)] } ?? []),
            until: LineProgram.now() + seconds, timeout: seconds, CallStop())
    }

    private static func send(
        _ program: LineProgram, _ members: [JSONValue.Member], until deadline: Double, timeout: Double,
        _ stop: CallStop
    ) throws(ProgramFault) {
        let message = JSONValue.object([.init("jsonrpc", .string("2.0"))] + members)
        try program.write(Array(message.text.utf8), until: deadline, timeout: timeout, stop)
    }
}
