extension RunSummary {
    /// Why an arm is incomplete on purpose.
    package struct LeftOut: Codable, Hashable, Sendable {
        package var reason: String
        /// Its plugin's fault, and not a wish: the run ends with the code of plugins' faults.
        package var fault: Bool
        /// Sessions that were not begun; `nil`: an allocator would have decided.
        package var sessions: Int?

        package init(reason: String, fault: Bool, sessions: Int?) {
            self.reason = reason
            self.fault = fault
            self.sessions = sessions
        }
    }

    /// For people, a sentence a row.
    package var leftOutTexts: [String] {
        arms.compactMap { arm in
            arm.leftOut.map { left in
                let lacks = left.sessions.map { "\($0) sessions" } ?? "sessions"
                return "\(arm.fullTitle) is incomplete, \(lacks) were left out: \(left.reason)"
            }
        }
    }
}
