internal import CPluginWorker
internal import Glibc

/// Why a worker is not there any more, or never was.
struct WorkerEnd: Error {
    enum Cause {
        case notStarted(String)
        /// The library cannot be opened; another worker could not either.
        case notOpened(String)
        case signal(Int32)
        case exit(Int32)
        case hung(seconds: Double)
        /// What it sent is no message.
        case nonsense(String)
        /// Given the same events again, the plugin did something else.
        case changed
        /// It ended for another instance's fault, and this one was told too much to be told again.
        case forgotten
    }

    var cause: Cause
    /// What it was doing, as it told.
    var function: WorkerCall?
    /// The function in which a signal found it, and that function's file; empty if unknown.
    var symbol = ""
    var file = ""
    /// The last line it wrote.
    var lastWords = ""

    init(_ cause: Cause) { self.cause = cause }

    /// A fresh worker may do better.
    var isWorthAnotherTry: Bool {
        switch cause {
        case .notStarted, .notOpened, .changed, .forgotten: false
        case .signal, .exit, .hung, .nonsense: true
        }
    }

    /// For people, after the plugin's name.
    var text: String {
        var text: String
        switch cause {
        case .notStarted(let reason): return "its process cannot be started: \(reason)"
        case .notOpened(let reason): return reason
        case .signal(SIGKILL): text = "its process was killed (SIGKILL), as where memory is short"
        case .signal(let number): text = "crashed with \(Self.name(of: number))"
        case .exit(let code): text = "ended its process with exit code \(code), which no plugin may"
        case .hung(let seconds):
            text = "did not return within \(seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)) s"
        case .nonsense(let what): text = "overwrote memory: its process sent what is no message (\(what))"
        case .forgotten: return "its process ended, and it was told too much to be told again in another one"
        case .changed: text = "did not do the same again when it was given the same events: it is not a pure function"
        }
        if !symbol.isEmpty || !file.isEmpty {
            let name = file.split(separator: "/").last.map(String.init) ?? "?"
            text += symbol.isEmpty ? " in \(name)" : " in \(symbol) (\(name))"
        }
        if !lastWords.isEmpty { text += "; its last words: \(lastWords)" }
        return text
    }

    private static func name(of signal: Int32) -> String {
        let names: [Int32: String] = [
            SIGSEGV: "SIGSEGV (no such memory)", SIGBUS: "SIGBUS (no such memory)",
            SIGILL: "SIGILL (a trap, or no such instruction)", SIGTRAP: "SIGTRAP (a trap)",
            SIGFPE: "SIGFPE (division by zero)", SIGABRT: "SIGABRT (it gave up)",
            SIGSYS: "SIGSYS (a forbidden call of the system)", SIGXCPU: "SIGXCPU", SIGTERM: "SIGTERM",
            SIGPIPE: "SIGPIPE",
        ]
        return names[signal] ?? "signal \(signal)"
    }
}
