internal import Completions

/// One HTTP request as an endpoint wants it sent.
struct Exchange: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    var method: Method
    var url: String
    var unixSocketPath: String?
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    var deadlines: EndpointDeadlines
    /// Higher first.
    var priority: Int
    /// Bytes of body after which the response is broken off.
    var maximumBody: Int
    /// Attempts that were made before this one.
    var attempts = 0
}

/// What becomes of an exchange. Answers with an error status are tried again where that may help, and are failures in
/// the end.
enum ExchangeEvent: Sendable {
    /// An attempt begins: whatever came of an earlier one is void.
    case started
    /// A 2xx answer begins.
    case head(contentType: String?)
    case piece([UInt8])
    /// The answer is complete. Last event.
    case ended
    /// There is no whole answer. Last event.
    case failed(ModelFailure)
}

/// Names an exchange within its transport.
struct ExchangeID: Hashable, Sendable {
    var value: UInt64
}

/// The load of a transport, for the progress line.
package struct EndpointLoad: Hashable, Sendable {
    package var inFlight: Int
    package var waiting: Int
    /// Requests allowed at a time now.
    package var limit: Int
    package var retries: Int
    /// Why the limit is below its ceiling; `nil`: it is not.
    package var limitReason: String?

    package init(inFlight: Int = 0, waiting: Int = 0, limit: Int = 0, retries: Int = 0, limitReason: String? = nil) {
        self.inFlight = inFlight
        self.waiting = waiting
        self.limit = limit
        self.retries = retries
        self.limitReason = limitReason
    }
}

/// Carries exchanges. The one in use is made of `ModelTransport`; tests have their own.
protocol ExchangeTransport: AnyObject, Sendable {
    /// Starts an exchange and returns at once. Events come in order, from any thread but never from within this call.
    /// - Parameter isRestartable: whether an answer that broke off midway may be asked for again.
    func start(
        _ exchange: Exchange, isRestartable: @escaping @Sendable () -> Bool,
        _ events: @escaping @Sendable (ExchangeEvent) -> Void
    ) -> ExchangeID
    /// Ends an exchange and closes its connection. Events may still come until it is noticed.
    func cancel(_ id: ExchangeID)
    var load: EndpointLoad { get }
}
