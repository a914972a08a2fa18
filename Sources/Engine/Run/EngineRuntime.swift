package import Completions

/// Time and the model's events, as the engine sees them. Live it is the machine's clock and an inbox that other threads
/// fill; in tests it is a virtual clock that jumps to the next event.
package protocol EngineRuntime: AnyObject {
    /// Nanoseconds of a clock that never goes back.
    var now: Int64 { get }
    /// Set from outside: the run must stop.
    var isInterrupted: Bool { get }
    /// Takes an event of a call. Called from any thread.
    var sink: @Sendable (CallID, ModelEvent) -> Void { get }
    /// Waits for events or the deadline (a value of `now`; `nil`: no deadline) or an interruption, and gives all there
    /// are.
    func wait(until deadline: Int64?) -> [(CallID, ModelEvent)]
}
