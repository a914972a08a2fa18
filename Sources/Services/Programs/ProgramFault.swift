internal import Completions
internal import ModelClients

/// Why a program gave no answer.
struct ProgramFault: Error {
    enum Reason: Equatable {
        case notStarted(String)
        /// It ended, with its wait status.
        case ended(status: Int32)
        case timedOut(seconds: Double)
        case tooLongLine(limit: Int)
        case stopped
        /// It wrote what its protocol does not have; the rest of a sentence that begins with "it".
        case misspoke(String)
    }

    var reason: Reason
    /// The last of its standard error.
    var errors: [UInt8] = []

    /// - Parameter name: the service's in the suite.
    func failure(of name: String) -> ModelFailure {
        ModelFailure(kind: kind, message: "service '\(name)': \(message)", isRetryable: isRetryable)
    }

    /// Said before anything is paid, where the service's name is known.
    var refusal: ServiceRefusal { ServiceRefusal(message) }

    private var message: String {
        var message = "the program \(text)"
        let errors = CleanText.clean(String(decoding: errors, as: UTF8.self), limit: 2000)
        if !errors.isEmpty { message += "; standard error ends with: \(errors)" }
        return Redactor.shared.redact(message)
    }

    private var kind: ModelFailure.Kind {
        switch reason {
        case .timedOut: .timeout
        case .tooLongLine, .misspoke: .malformed
        case .notStarted, .ended, .stopped: .server
        }
    }

    private var isRetryable: Bool {
        switch reason {
        case .timedOut, .ended, .stopped: true
        case .notStarted, .tooLongLine, .misspoke: false
        }
    }

    private var text: String {
        switch reason {
        case .notStarted(let why): "did not start: \(why)"
        case .ended(let status):
            "ended with \(SupervisedProcess.describe(status: status)) before it answered; "
                + "the next call starts it again"
        case .timedOut(let seconds):
            "did not answer within \(seconds) s (`timeout`) and was ended; the next call starts it again"
        case .tooLongLine(let limit):
            "wrote a line of more than \(limit) bytes and was ended: raise `output` if this is meant"
        case .stopped: "was ended, because its call was"
        case .misspoke(let what): what
        }
    }
}
