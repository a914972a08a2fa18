import CEvalhPlugin
import EvalhPluginKit

/// Plays a host to one instance of a service, for tests: payloads go through the real C table.
///
/// ```swift
/// let service = try ScriptedService(ScriptedLibrary(table: library.table(for: nil)).plugin("org.example.lookup"))
/// #expect(service.call(#"{"word": "evalh"}"#) == .result(#"{"length":5}"#))
/// ```
public final class ScriptedService {
    /// What came of a call.
    public enum Outcome: Hashable, Sendable {
        /// A JSON text.
        case result(String)
        /// The call failed, which is recorded.
        case error(String)
        /// The service could not do its work; the call is made again later.
        case unavailable(String)
    }

    private let table: evalh_service
    private let instance: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - plugin: A service of a library; `ScriptedLibrary` finds them.
    ///   - parameters: A JSON object, as the suite's `with:` has it with defaults filled in.
    /// - Throws: `ScriptedError` if it is no service or refuses the parameters.
    public init(_ plugin: ScriptedPlugin, parameters: String = "{}") throws {
        guard plugin.kind == EVALH_KIND_SERVICE, let table = plugin.table?.load(as: evalh_service.self),
            let create = table.create
        else {
            throw ScriptedError("\(plugin.id) is no service")
        }
        self.table = table
        let error = ScriptedText()
        var arena = Arena()
        let made = withExtendedLifetime(error) { create(arena.text(parameters), error.sink) }
        withExtendedLifetime(arena) {}
        guard let made else { throw ScriptedError(error.text) }
        instance = made
    }

    deinit { table.destroy?(instance) }

    /// Calls it with a JSON text.
    public func call(_ payload: String) -> Outcome {
        let (result, error) = (ScriptedText(), ScriptedText())
        var arena = Arena()
        let code = withExtendedLifetime((result, error)) {
            table.call?(instance, arena.text(payload), result.sink, error.sink)
        }
        withExtendedLifetime(arena) {}
        switch code {
        case EVALH_OK: return .result(result.text)
        case EVALH_UNSUPPORTED: return .unavailable(error.text)
        default: return .error(error.text)
        }
    }

    /// What its results depend on beside version, parameters and payload.
    public var fingerprint: String {
        let text = ScriptedText()
        _ = withExtendedLifetime(text) { table.fingerprint?(instance, text.sink) }
        return text.text
    }
}
