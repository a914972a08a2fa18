package import Completions
package import JSON
package import PluginHost

/// A plugin of kind `evalh.service/1` as a service of the suite: an instance a worker.
package final class PluginService: HostService {
    package let fingerprint: String
    package let description: JSONValue
    private let name: String
    private let workers: CallWorkers<PluginSlot>

    /// Makes the first instance.
    /// - Parameter name: the service's in the suite.
    /// - Throws: what the plugin has against its parameters.
    package init(name: String, _ plugin: ServicePlugin, connections: Int) throws(ServiceRefusal) {
        let slot = PluginSlot(plugin)
        let own: String
        do throws(PluginFault) {
            own = try slot.instance().fingerprint()
        } catch {
            throw ServiceRefusal("`\(plugin.info.id)` refuses its parameters: \(error.message)")
        }
        self.name = name
        let info = plugin.info
        fingerprint = ServiceIdentity.fingerprint(
            kind: "plugin", version: 1, [info.id, info.version, plugin.parametersJSON, own])
        description = .object([
            .init("kind", .string("plugin")), .init("use", .string(info.id)), .init("version", .string(info.version)),
            .init("about", .string(info.description.isEmpty ? info.title : info.description)),
        ])
        workers = CallWorkers(connections, slots: [slot], make: { PluginSlot(plugin) })
    }

    package func problem(with payload: JSONValue) -> String? {
        payload.members == nil ? "the payload must be an object, it is \(payload.kindName)" : nil
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        workers.add(done: done) { [name] slot, _ in
            slot.call(payload).mapError { failure in
                var failure = failure
                failure.message = "service '\(name)': \(failure.message)"
                return failure
            }
        }
    }

    package func close() { workers.close() }
}

/// An instance of a service plugin, made when it is needed.
private final class PluginSlot: @unchecked Sendable {
    // Sendable: one thread at a time uses it.
    private let plugin: ServicePlugin
    private var made: PluginServiceInstance?

    init(_ plugin: ServicePlugin) { self.plugin = plugin }

    func instance() throws(PluginFault) -> PluginServiceInstance {
        if let made { return made }
        let new = try plugin.makeInstance()
        made = new
        return new
    }

    func call(_ payload: JSONValue) -> Result<ServiceResult, ModelFailure> {
        do throws(PluginFault) {
            switch try instance().call(payload.text) {
            case .result(let text):
                guard let value = try? JSONValue(parsing: text) else {
                    return .failure(
                        ModelFailure(
                            kind: .malformed, message: "the plugin \(plugin.info.id) gave a result that is no JSON"))
                }
                return .success(ServiceResult(value))
            case .failed(let reason):
                return .success(ServiceResult(.object([.init("error", .string(reason))]), isError: true))
            case .unavailable(let reason):
                return .failure(ModelFailure(kind: .server, message: reason, isRetryable: true))
            }
        } catch {
            return .failure(ModelFailure(kind: .malformed, message: "plugin \(plugin.info.id): \(error.message)"))
        }
    }
}
