import Completions
import Journal
import Testing

@Suite("What errors have in common")
struct ErrorCauseTests {
    private func cause(_ message: String, _ kind: SessionError.Kind = .model(.server)) -> ErrorCause {
        ErrorCause.fold(SessionError(kind: kind, message: message)).cause
    }

    @Test(arguments: [
        ("HTTP 500 after 3 attempts", "HTTP 500 after 5 attempts"),
        ("retry in 12.5s", "retry in 900ms"),
        ("retry in 1m30s.", "retry in 2m5s."),
        ("request req_01HZX9 failed", "request req_77QAB2 failed"),
        (
            "trace 550e8400-e29b-41d4-a716-446655440000: overloaded",
            "trace 123e4567-e89b-12d3-a456-426614174000: overloaded"
        ),
        ("at 2026-11-28T20:49:58Z: down", "at 2026-11-29T01:00:00Z: down"),
        ("suite.yaml:4:17: no field", "suite.yaml:12:3: no field"),
        ("too  long:\n\tby 3 tokens", "too long: by 4096 tokens"),
        ("١٢ tokens", "٤٥ tokens"),
    ])
    func `messages that differ in numbers, ids, times and blanks have one cause`(_ a: String, _ b: String) {
        #expect(cause(a) == cause(b))
    }

    @Test(arguments: [
        ("no such model", "no such field"), ("error 5", "error 5: quota"), ("error:5", "refusal:5"), ("5 a", "a 5"),
    ])
    func `others have two`(_ a: String, _ b: String) { #expect(cause(a) != cause(b)) }

    @Test func `the same words from different kinds of errors are different causes`() {
        #expect(cause("down") != cause("down", .strategy))
    }

    @Test func `a message is shown with what is the same in all, and gaps for what is not`() {
        let (cause, words) = ErrorCause.fold(SessionError(kind: .plugin, message: "HTTP 429: retry in 3s"))
        #expect(words == ["429", "3s"])
        #expect(cause.message(words) == "HTTP 429: retry in 3s")
        #expect(cause.message(["429", nil]) == "HTTP 429: retry in …")
    }

    @Test func `a message of any length is looked at up to a bound, and stands on one line`() {
        let long = SessionError(kind: .plugin, message: String(repeating: "ab\u{1B}\n1", count: 1 << 20))
        #expect(long.shortMessage.unicodeScalars.count <= 400)
        #expect(!long.shortMessage.unicodeScalars.contains { $0.value < 0x20 })
        #expect(SessionError(kind: .plugin, message: "").shortMessage.isEmpty)
    }
}
