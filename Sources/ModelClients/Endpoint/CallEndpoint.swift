package import Completions

/// What answers for one role: a server, or a program.
package protocol CallEndpoint: AnyObject, Sendable {
    /// The model's role in the suite: "main", ...
    var role: String { get }
    var capabilities: EndpointCapabilities { get }
    /// For the progress line.
    var load: EndpointLoad { get }
    /// As `ModelBackend.send`.
    func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void)
    /// As `ModelBackend.cancel`; a call of another endpoint: nothing.
    func cancel(_ id: CallID)
}
