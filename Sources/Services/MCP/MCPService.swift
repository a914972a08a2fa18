package import Completions
internal import Foundation
package import JSON

/// The tools of a server of the Model Context Protocol. The server is started when the service is opened, because its
/// tools are part of what strategies are told.
package final class MCPService: HostService {
    package let fingerprint: String
    package let description: JSONValue
    private let tools: Set<String>
    private let workers: CallWorkers<MCPSlot>

    /// - Parameters:
    ///   - tools: those that strategies may call; empty: all.
    ///   - clientVersion: what servers are told of evalh.
    /// - Throws: why the server does not start, does not speak the protocol, or lacks a tool.
    package init(_ settings: ProgramSettings, tools wanted: [String] = [], clientVersion: String)
        throws(ServiceRefusal)
    {
        let slot = MCPSlot(settings, clientVersion: clientVersion)
        let (server, offered): (MCPConnection.Server, [MCPTool])
        do throws(ProgramFault) {
            (server, offered) = try slot.open()
        } catch {
            slot.end()
            throw error.refusal
        }
        let names = offered.map(\.name)
        if let missing = wanted.first(where: { !names.contains($0) }) {
            slot.end()
            throw ServiceRefusal(
                "the server offers no tool `\(missing)`"
                    + (NearestName.hint(missing, in: names, kind: "its tools").map { "; \($0)" } ?? ""))
        }
        let kept = wanted.isEmpty ? offered : offered.filter { wanted.contains($0.name) }
        guard !kept.isEmpty else {
            slot.end()
            throw ServiceRefusal("the server offers no tools")
        }
        tools = Set(kept.map(\.name))
        let told = JSONValue.array(kept.map(\.json))
        fingerprint = ServiceIdentity.fingerprint(
            kind: "mcp", version: 1, [settings.identity, server.name, server.version, told.canonicalText])
        description = .object([
            .init("kind", .string("mcp")), .init("server", .string(server.name)),
            .init("version", .string(server.version)), .init("protocol", .string(server.protocolVersion)),
            .init("tools", told),
        ])
        workers = CallWorkers(
            settings.connections, slots: [slot], make: { MCPSlot(settings, clientVersion: clientVersion) },
            drop: { $0.end() })
    }

    package func problem(with payload: JSONValue) -> String? {
        let names = tools
        let rules = PayloadRules(members: [
            .init(
                name: "tool", isRequired: true,
                rule: (
                    "one of " + names.sorted().joined(separator: ", "), { $0.string.map(names.contains) ?? false }
                )),
            .init(name: "arguments", rule: ("an object", { $0.members != nil })),
        ])
        return rules.problem(with: payload)
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        workers.add(done: done) { slot, stop in
            slot.call(payload["tool"]?.string ?? "", payload["arguments"] ?? .object([]), stop)
        }
    }

    package func close() { workers.close() }
}

/// One copy of a server.
private final class MCPSlot: @unchecked Sendable {
    // Sendable: one thread at a time uses it.
    private let settings: ProgramSettings
    private let clientVersion: String
    private var connection: MCPConnection?

    init(_ settings: ProgramSettings, clientVersion: String) {
        self.settings = settings
        self.clientVersion = clientVersion
    }

    func open() throws(ProgramFault) -> (MCPConnection.Server, [MCPTool]) {
        let connection = try connected()
        return (connection.server, try connection.tools())
    }

    func end() {
        connection?.end()
        connection = nil
    }

    func call(_ tool: String, _ arguments: JSONValue, _ stop: CallStop) -> Result<ServiceResult, ModelFailure> {
        do throws(ProgramFault) {
            return .success(try connected().call(tool, arguments, stop))
        } catch {
            end()
            return .failure(error.failure(of: settings.name))
        }
    }

    private func connected() throws(ProgramFault) -> MCPConnection {
        if connection?.hasEnded == true { end() }
        if let connection { return connection }
        let new = try MCPConnection(settings, clientVersion: clientVersion)
        connection = new
        return new
    }
}
