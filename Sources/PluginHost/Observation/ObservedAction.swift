internal import CEvalhPlugin

/// An action as a plugin pushed it, before any of the host's repairs.
package struct ObservedAction: Sendable {
    package var seq: UInt64
    /// EVALH_ACTION_*.
    package var type: UInt16
    package var structSize: UInt32
    /// `nil`: it could not be read at all.
    package var body: SessionAction.Body?

    /// All of it as text: equal actions have equal texts.
    package var text: String { "\(seq) type=\(type) size=\(structSize) \(body.map { "\($0)" } ?? "unreadable")" }

    /// A text of it was not UTF-8 and was repaired with U+FFFD. Holds only where the plugin was never given U+FFFD.
    package var wasRepaired: Bool { body.map { "\($0)".contains("\u{FFFD}") } ?? false }
}

/// What one call of `step` did.
package struct ObservedStep: Sendable {
    /// It returned EVALH_OK.
    package var isOK: Bool
    /// What it returned.
    package var result: Int32
    /// The text of `set_error`; `nil`: none was given.
    package var error: String?
    package var actions: [ObservedAction]
    /// What it did against the header's rules, in words.
    package var breaches: [String]
    /// Pushes that were not taken, because there were more than a step may have.
    package var refusedPushes: Int
    /// Processor time inside the plugin.
    package var nanoseconds: UInt64

    package var finish: FinishAction? {
        for action in actions {
            if case .finish(let finish)? = action.body { return finish }
        }
        return nil
    }
}

/// An event for a plugin under observation.
package enum ObservedEvent: Sendable {
    case event(SessionEvent)
    /// One of a later host, which a plugin must skip.
    case unknown(type: UInt16, seq: UInt64, timeNanoseconds: Int64)
}
