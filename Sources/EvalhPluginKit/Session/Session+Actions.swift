import CEvalhPlugin

extension Session {
    /// The header of an action of a type, with the next number.
    func header<Action>(_ type: Int32, of: Action.Type, flags: Int32 = 0) -> evalh_action {
        evalh_action(
            struct_size: UInt32(MemoryLayout<Action>.size), type: UInt16(type), flags: UInt16(flags), seq: nextSeq())
    }

    /// Hands an action to the host, which copies it. False if it takes no more, or outside of a step.
    @discardableResult
    func push<Action: BitwiseCopyable>(_ action: Action) -> Bool {
        guard let out, let push = out.pointee.push else { return false }
        return withUnsafePointer(to: action) { pointer in
            push(out, UnsafeRawPointer(pointer).assumingMemoryBound(to: evalh_action.self)) == EVALH_OK
        }
    }

    /// A candidate answer with its weight, for the session's record: reports show how the vote went.
    ///
    /// - Parameters:
    ///   - candidate: The canonical answer.
    ///   - weight: What counts for it.
    ///   - evidence: JSON or text; the host keeps at most 4,096 bytes.
    public func emit(_ candidate: String, weight: Double = 1, evidence: String = "") {
        var arena = Arena()
        var action = evalh_action_emit()
        action.header = header(EVALH_ACTION_EMIT, of: evalh_action_emit.self)
        action.candidate = arena.text(candidate)
        action.weight = weight
        action.evidence = arena.text(evidence)
        push(action)
        withExtendedLifetime(arena) {}
    }

    /// A key and value for the session's record. The host keeps at most 64 notes, of so many bytes as the suite says
    /// under `log:`.
    public func note(_ key: String, _ value: String) { note(key, value, flags: 0) }

    /// A line for the strategy's author: kept only where the run logs its sessions (`--log-sessions`).
    public func debug(_ line: @autoclosure () -> String) { note("debug", line(), flags: EVALH_NOTE_DEBUG) }

    /// A measure of the session under a name of the strategy's own; the last value of a name counts. It becomes a
    /// column of the samples, its mean a number of the arm.
    ///
    /// - Parameters:
    ///   - name: Letters, digits, _ and -, at most 64; at most 32 names a session.
    ///   - value: Finite; others are left out.
    public func report(_ name: String, _ value: Double) {
        guard value.isFinite else { return }
        var arena = Arena()
        var action = evalh_action_number()
        action.header = header(EVALH_ACTION_NUMBER, of: evalh_action_number.self)
        action.name = arena.text(name)
        action.value = value
        push(action)
        withExtendedLifetime(arena) {}
    }

    private func note(_ key: String, _ value: String, flags: Int32) {
        var arena = Arena()
        var action = evalh_action_note()
        action.header = header(EVALH_ACTION_NOTE, of: evalh_action_note.self, flags: flags)
        action.key = arena.text(key)
        action.value = arena.text(value)
        push(action)
        withExtendedLifetime(arena) {}
    }

    /// The last action.
    func finish(_ answer: Answer, isError: Bool = false) -> Bool {
        var arena = Arena()
        let flags: Int32 =
            switch answer.kind {
            case .answered: 0
            case .unfinished: EVALH_ANSWER_UNFINISHED
            case .none: isError ? EVALH_ANSWER_ERROR : EVALH_ANSWER_NONE
            }
        var action = evalh_action_finish()
        action.header = header(EVALH_ACTION_FINISH, of: evalh_action_finish.self, flags: flags)
        action.answer = arena.text(answer.text)
        action.confidence = answer.confidence.map { min(max($0, 0), 1) }.orNaN
        action.reason = arena.text(answer.reason)
        let isTaken = push(action)
        withExtendedLifetime(arena) {}
        return isTaken
    }
}
