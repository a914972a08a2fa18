package import Completions
package import JSON

/// What a strategy may call beside models: a JSON payload goes in, a JSON result comes out.
///
/// The engine records every call once, under the service's fingerprint and the canonical payload, before the strategy
/// sees its result; another arm, a resumed run and a replay find it there. A service therefore keeps nothing of a call
/// that a later one could see, and gives the same result for the same payload as far as it can.
package protocol HostService: AnyObject, Sendable {
    /// What the results depend on beside the payload: kind, version, model or corpus. Services of equal fingerprints
    /// share their recorded calls.
    var fingerprint: String { get }
    /// What strategies are told of it at START, and `evalh services` shows: an object, with its `kind`.
    var description: JSONValue { get }
    /// Why a payload is none; `nil`: it is one. Asked on the engine's thread before anything is reserved, sent or
    /// recorded, so it takes no time.
    func problem(with payload: JSONValue) -> String?
    /// The most that a call can cost.
    func worstCase(of payload: JSONValue) -> TokenUsage
    /// Starts a call and returns at once. `done` is called once, from any thread; after a cancel it may be left out.
    /// - Parameter seed: for services that draw random numbers.
    /// - Returns: ends the call early; does nothing once it is over.
    func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void
    /// Ends all that it runs. Nothing is called any more.
    func close()
}

/// What a service answered.
package struct ServiceResult: Sendable {
    package var value: JSONValue
    /// The service did its work and says that the call failed, as a tool does. It is recorded as any result; a service
    /// that cannot be reached fails with a `ModelFailure` instead, and is asked again when the run is resumed.
    package var isError: Bool
    /// Tokens of a model that took part.
    package var usage: TokenUsage

    package init(_ value: JSONValue, isError: Bool = false, usage: TokenUsage = TokenUsage()) {
        self.value = value
        self.isError = isError
        self.usage = usage
    }
}

extension HostService {
    package func worstCase(of payload: JSONValue) -> TokenUsage { TokenUsage() }
    package func close() {}
}
