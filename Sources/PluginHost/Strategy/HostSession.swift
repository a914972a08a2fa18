internal import CEvalhPlugin
internal import Glibc
internal import Synchronization

/// The host's side of one strategy instance: what the `session` pointer given to the plugin points to.
///
/// Its state is touched only by the thread that is inside a call on the instance; `thread` tells which one that is, and
/// is all that a call from elsewhere reads.
final class HostSession {
    static let maximumActionsAStep = 4096
    static let maximumNotes = 64
    static let maximumTextBytesAStep = 64 << 20

    let services: any SessionServices
    /// Accepted and not yet taken.
    private var actions: [SessionAction] = []
    private var lastSeq: UInt64 = 0
    private var notes = 0
    private var acceptedInStep = 0
    private var textBudget = 0
    private var breach: String?
    private var errorText: String?
    /// Wall time that the grader took in the running step.
    private(set) var graderNanoseconds: UInt64 = 0
    private(set) var isFinished = false
    /// Memory of the running step; `nil` outside.
    private var arena: StepArena?
    /// `pthread_self` of the thread inside a call, else 0.
    private let thread = Atomic<UInt>(0)
    private let wasCalledOutside = Atomic<Bool>(false)

    init(services: any SessionServices) {
        self.services = services
    }

    /// Before each call of create, step or destroy.
    func enter(_ arena: StepArena?) {
        self.arena = arena
        acceptedInStep = 0
        textBudget = Self.maximumTextBytesAStep
        errorText = nil
        graderNanoseconds = 0
        thread.store(UInt(pthread_self()), ordering: .relaxed)
    }

    /// After each call.
    func leave() {
        thread.store(0, ordering: .relaxed)
        arena = nil
    }

    func takeActions() -> [SessionAction] {
        defer { actions = [] }
        return actions
    }

    /// What the plugin did against the rules, if anything.
    var ruleBreach: String? {
        if let breach { return breach }
        return wasCalledOutside.load(ordering: .relaxed)
            ? "called a host function outside of a call on its session" : nil
    }

    /// The text of `set_error` in the call that has just returned.
    var reportedError: String? { errorText }

    /// Whether the calling thread is inside a call on this instance; notes the breach if not.
    func admits() -> Bool {
        if isOnSessionThread { return true }
        wasCalledOutside.store(true, ordering: .relaxed)
        return false
    }

    var isOnSessionThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func setError(code: Int32, text: evalh_str) {
        let text = BorrowedText.prefix(text, maximumBytes: 4096)
        errorText = text.isEmpty ? "error code \(code)" : text
    }

    func extract(_ text: evalh_str, finish: UInt32) -> (answer: evalh_str, stage: evalh_str)? {
        guard let arena, let text = try? BorrowedText.copy(text) else { return nil }
        let isUnfinished = finish == UInt32(EVALH_FINISH_LENGTH) || finish == UInt32(EVALH_FINISH_CANCELLED)
        let start = StrategyInstance.monotonicNanoseconds()
        let found = PluginGuard.asHost { services.extract(text, isUnfinished: isUnfinished) }
        graderNanoseconds &+= StrategyInstance.monotonicNanoseconds() &- start
        guard let found else { return nil }
        return (arena.copy(found.answer), arena.copy(found.stage))
    }

    /// A text that the plugin may read until its call returns.
    func lend(_ text: String) -> evalh_str? { arena?.copy(text) }

    /// Takes an action: `EVALH_OK`, or `EVALH_FAILED` if it is malformed or not accepted any more.
    func push(_ pointer: UnsafePointer<evalh_action>) -> Int32 {
        guard arena != nil, breach == nil, !isFinished, acceptedInStep < Self.maximumActionsAStep,
            var decoder = ActionDecoder(pointer, textBudget: textBudget)
        else { return EVALH_FAILED }
        let seq = decoder.header.seq
        guard seq > lastSeq else {
            breach = "action seq \(seq) after \(lastSeq): seq must increase from action to action"
            return EVALH_FAILED
        }
        let body: SessionAction.Body
        do {
            guard case .body(let decoded) = try decoder.decode() else { return EVALH_FAILED }
            body = decoded
        } catch {
            guard Int32(decoder.header.type) != EVALH_ACTION_FINISH else {
                // There may be no later step in which the plugin could be told.
                breach = error.message
                return EVALH_FAILED
            }
            body = .invalid(request: decoder.request, message: error.message)
        }
        textBudget = decoder.textBudget
        lastSeq = seq
        acceptedInStep += 1
        append(SessionAction(seq: seq, body: body))
        return EVALH_OK
    }

    private func append(_ action: SessionAction) {
        switch action.body {
        case .note(_, _, isDebug: false):
            notes += 1
            guard notes <= Self.maximumNotes else { return }
        case .finish: isFinished = true
        case .note, .call, .number, .submit, .fork, .cancel, .setTimer, .emit, .adopt, .unsupported, .invalid: break
        }
        actions.append(action)
    }
}
