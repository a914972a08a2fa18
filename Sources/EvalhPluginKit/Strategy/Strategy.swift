/// A strategy: decides what to ask a model about an item and which answer to give.
///
/// ```swift
/// struct FirstOfTwo: Strategy {
///     static let descriptor = Descriptor(id: "org.example.first-of-two", version: "1.0.0", title: "The first of two")
///     init(parameters: NoParameters) {}
///     func solve(_ item: Item, in session: Session) async throws -> Answer {
///         let choices = try await session.generate(n: 2)
///         return Answer(choices[0])
///     }
/// }
/// ```
///
/// `solve` reads like a straight line, yet it is a pure function of the session's events: it runs only while the host
/// delivers an event, on the host's thread, one event at a time. So a session can be resumed after a crash, replayed
/// from recorded samples and run in simulated time. To keep it so:
/// - await nothing but the session, and `async let` and task groups of such awaits. No `Task { }`, `Task.detached`,
///   `Task.sleep`, main actor or other threads: those leave the session's executor;
/// - no clocks, files, network, `hash(into:)` order or random numbers but `Session.random()`;
/// - no mutable globals: different sessions run concurrently.
public protocol Strategy: Sendable {
    /// What suites may set; `NoParameters` unless said otherwise.
    associatedtype Parameters: PluginParameters = NoParameters
    /// Who it is and what it does, for `evalh plugin info` and for suites.
    static var descriptor: Descriptor { get }
    /// A strategy for one session. Throw to refuse parameters.
    init(parameters: Parameters) throws
    /// Answers an item.
    ///
    /// What is thrown ends the session: `SessionStopped` and a rejection for lack of budget as "no answer" with the
    /// reason, everything else as an error of the session, never as a wrong answer.
    func solve(_ item: Item, in session: Session) async throws -> Answer
    /// What one session with these parameters may ask for; `nil` (the default): unknown.
    static func estimate(_ parameters: Parameters) -> Estimate?
    /// What parameters that keep their schema must keep beside it: throw to have the suite refused at its `with:`,
    /// before anything is asked. The default refuses nothing.
    static func validate(_ parameters: Parameters) throws
}

extension Strategy {
    public static func estimate(_ parameters: Parameters) -> Estimate? { nil }
    public static func validate(_ parameters: Parameters) throws {}
}

/// What requests a session may make, for `evalh plan`.
public struct Estimate: Hashable, Sendable {
    /// Fewest and most completions a session asks for.
    public var completions: ClosedRange<Int>
    /// How often, in the worst case, the item's prompt is sent; the choices of one request count once.
    public var promptPasses: Double

    /// An estimate of one session.
    public init(completions: ClosedRange<Int>, promptPasses: Double) {
        self.completions = completions
        self.promptPasses = promptPasses
    }
}
