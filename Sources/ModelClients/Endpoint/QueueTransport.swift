package import Completions
internal import Foundation
package import ModelTransport
internal import Synchronization

/// Carries exchanges over a `RequestQueue`. All that this module knows of `ModelTransport` is in this file.
final class QueueTransport: ExchangeTransport {
    private static let lastID = Atomic<UInt64>(1 << 32)
    private let queue: RequestQueue

    init(queue: RequestQueue) {
        self.queue = queue
    }

    func start(
        _ exchange: Exchange, isRestartable: @escaping @Sendable () -> Bool,
        _ events: @escaping @Sendable (ExchangeEvent) -> Void
    ) -> ExchangeID {
        let id = QueueTransport.lastID.wrappingAdd(1, ordering: .relaxed).newValue
        let deadlines = Deadlines(
            connect: exchange.deadlines.connect, firstByte: exchange.deadlines.firstByte, idle: exchange.deadlines.idle,
            total: exchange.deadlines.total)
        let request = HTTPRequest(
            method: exchange.method.rawValue, url: exchange.url, headers: exchange.headers, body: exchange.body,
            unixSocketPath: exchange.unixSocketPath, deadlines: deadlines, maxBodyBytes: exchange.maximumBody)
        queue.submit(
            QueuedRequest(
                id: TransferID(id), request: request, priority: exchange.priority, classify: QueueTransport.classify,
                isRestartable: isRestartable, attempts: exchange.attempts
            ) { event in
                switch event {
                case .started: events(.started)
                case .head(_, let headers): events(.head(contentType: headers["content-type"]))
                case .data(let bytes): events(.piece(Array(bytes)))
                case .restarted: events(.started)
                case .end: events(.ended)
                case .rejected(let status, let headers, let body, let isQuota, let reason, let attempts):
                    var failure = FailureReader.failure(
                        status: status, contentType: headers["content-type"], body: body, attempts: attempts)
                    if isQuota { failure.kind = .quota }
                    events(.failed(QueueTransport.explained(failure, reason)))
                case .failed(let failure, let reason, let attempts):
                    events(.failed(QueueTransport.explained(QueueTransport.failure(failure, attempts), reason)))
                }
            })
        return ExchangeID(value: id)
    }

    func cancel(_ id: ExchangeID) {
        queue.cancel(TransferID(id.value))
    }

    var load: EndpointLoad {
        let snapshot = queue.snapshot
        return EndpointLoad(
            inFlight: snapshot.inFlight, waiting: snapshot.waiting, limit: snapshot.limit, retries: snapshot.retries,
            limitReason: snapshot.reason.isEmpty ? nil : snapshot.reason)
    }

    /// Reads a quota out of a body: providers tell it with the same status as a rate limit.
    private static func classify(_ status: Int, _ headers: HTTPHeaders, _ body: [UInt8]) -> ResponseClass {
        let failure = FailureReader.failure(status: status, contentType: headers["content-type"], body: body)
        if failure.kind == .quota { return .quotaExhausted }
        return ResponseClass(status: status, headers: headers, now: WallClock.seconds)
    }

    private static func failure(_ failure: TransportFailure, _ attempts: Int) -> ModelFailure {
        let kind: ModelFailure.Kind =
            switch failure.kind {
            case .resolve, .connect, .tls, .closedEarly, .cancelled, .other: .connection
            case .connectTimeout, .firstByteTimeout, .idleTimeout, .totalTimeout: .timeout
            case .tooLarge, .protocolViolation: .malformed
            }
        return ModelFailure(
            kind: kind, message: CleanText.clean(failure.message), isRetryable: kind != .malformed, attempts: attempts)
    }

    private static func explained(_ failure: ModelFailure, _ reason: String) -> ModelFailure {
        guard !reason.isEmpty else { return failure }
        var failure = failure
        failure.message = CleanText.bounded("\(failure.message); gave up \(reason)")
        return failure
    }
}

extension ModelEndpoint {
    /// An endpoint with a request queue of its own on `loop`.
    /// - Parameters:
    ///   - measured: what a probe found earlier (`CapabilityCache`); `nil`: what is assumed of the provider.
    ///   - budget: the run's retry time, shared by all endpoints.
    /// - Throws: `badRequest` for a base URL that makes no sense.
    package convenience init(
        _ configuration: EndpointConfiguration, measured: EndpointCapabilities? = nil, loop: CurlLoop,
        budget: SharedRetryBudget
    ) throws(ModelFailure) {
        let queue = RequestQueue(
            loop: loop, maxConnections: configuration.maxConnections,
            policy: RetryPolicy(maxAttempts: configuration.maxAttempts),
            budget: budget)
        try self.init(configuration, measured: measured, transport: QueueTransport(queue: queue))
    }
}
