internal import CEvalhPlugin

/// A service plugin with its parameters, of which instances are made: one for each call that runs at once.
package struct ServicePlugin: Sendable {
    package let info: PluginInfo
    package let parametersJSON: String
    private let table: ServiceTable

    init(info: PluginInfo, table: ServiceTable, parametersJSON: String) {
        self.info = info
        self.table = table
        self.parametersJSON = parametersJSON
    }

    /// - Throws: what the plugin has against its parameters.
    package func makeInstance() throws(PluginFault) -> PluginServiceInstance {
        try PluginServiceInstance(info: info, table: table, parametersJSON: parametersJSON)
    }
}

/// An instance of a service plugin. Its calls never overlap; each may come on another thread.
package final class PluginServiceInstance: @unchecked Sendable {
    // Sendable: the pointer never changes, and whoever holds an instance calls it from one thread at a time.
    private let info: PluginInfo
    private let table: ServiceTable
    private let instance: UnsafeMutableRawPointer

    /// What a call came to.
    package enum Outcome: Hashable, Sendable {
        /// A JSON text.
        case result(String)
        /// The service did its work and says that the call failed.
        case failed(String)
        /// The service could not do its work now.
        case unavailable(String)
    }

    init(info: PluginInfo, table: ServiceTable, parametersJSON: String) throws(PluginFault) {
        let arena = StepArena.take()
        let error = TextSink(maximumBytes: 4096)
        let created = withExtendedLifetime(error) { table.create(arena.copy(parametersJSON), error.pointer(in: arena)) }
        arena.giveBack()
        guard let created else {
            throw PluginFault(plugin: info.id, message: "create failed: \(error.text ?? "no reason given")")
        }
        self.info = info
        self.table = table
        instance = created
    }

    deinit { table.destroy(instance) }

    /// Answers a payload; takes as long as it likes.
    /// - Throws: where the plugin answers with a code that is none.
    package func call(_ payloadJSON: String) throws(PluginFault) -> Outcome {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let (result, error) = (TextSink(maximumBytes: BorrowedText.maximumBytes), TextSink(maximumBytes: 65_536))
        let code = withExtendedLifetime((result, error)) {
            table.call(instance, arena.copy(payloadJSON), result.pointer(in: arena), error.pointer(in: arena))
        }
        switch code {
        case EVALH_OK: return .result(result.text ?? "")
        case EVALH_FAILED: return .failed(error.text ?? "no reason given")
        case EVALH_UNSUPPORTED: return .unavailable(error.text ?? "no reason given")
        default: throw PluginFault(plugin: info.id, message: "call returned \(code), which is no result of calls")
        }
    }

    /// What its results depend on beside version, parameters and payload; empty: nothing.
    package func fingerprint() throws(PluginFault) -> String {
        guard let fingerprint = table.fingerprint else { return "" }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let text = TextSink(maximumBytes: 65_536)
        let code = withExtendedLifetime(text) { fingerprint(instance, text.pointer(in: arena)) }
        guard code == EVALH_OK else {
            throw PluginFault(plugin: info.id, message: "fingerprint failed: \(text.text ?? "no reason given")")
        }
        return text.text ?? ""
    }
}
