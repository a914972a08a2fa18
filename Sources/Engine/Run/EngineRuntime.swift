package import Completions

/// Time, the model's events and work that takes time, as the engine sees them. Live it is the machine's clock, an inbox
/// that other threads fill and some workers; in tests it is a virtual clock that jumps to the next event.
package protocol EngineRuntime: AnyObject {
    /// Nanoseconds of a clock that never goes back.
    var now: Int64 { get }
    /// Set from outside: the run must stop.
    var isInterrupted: Bool { get }
    /// Takes an event of a call. Called from any thread.
    var sink: @Sendable (CallID, ModelEvent) -> Void { get }
    /// Carries out a grade's work away from the engine's thread, a bounded number at once, in the order in which it was
    /// given. What it gives is an event of `grading`.
    func perform(_ work: @escaping GradingWork, for grading: UInt64)
    /// Forgets the work that has not begun; what has begun may still give its event.
    func dropWork()
    /// Waits for events or the deadline (a value of `now`; `nil`: no deadline) or an interruption, and gives all there
    /// are.
    func wait(until deadline: Int64?) -> [EngineEvent]
}

/// What happened outside of the engine's thread.
package enum EngineEvent: Sendable {
    case model(CallID, ModelEvent)
    /// A grade's work is done.
    case graded(UInt64, Result<GradingStep, any Error>)
}
