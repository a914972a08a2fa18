import ModelTransport
import Synchronization

/// What a transfer told.
struct Answer: Sendable {
    var status: Int?
    var headers = HTTPHeaders()
    var heads = 0
    var body: [UInt8] = []
    var pieces = 0
    var timing: TransferTiming?
    var failure: TransportFailure?
    /// Must end as 1.
    var lastEvents = 0

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension CurlLoop {
    /// Starts a transfer whose events are kept. `also` sees each event on the loop's thread.
    func record(
        _ id: UInt64, _ request: HTTPRequest, keepsBody: Bool = true,
        also: @escaping @Sendable (TransferEvent) -> Void = { _ in }
    ) -> Watched<Answer> {
        let record = Watched(Answer())
        start(TransferID(id), request) { event in
            record.update { answer in
                switch event {
                case .head(let status, let headers):
                    answer.status = status
                    answer.headers = headers
                    answer.heads += 1
                case .data(let bytes):
                    if keepsBody { answer.body.append(contentsOf: bytes) }
                    answer.pieces += 1
                case .end(let timing):
                    answer.timing = timing
                    answer.lastEvents += 1
                case .failed(let failure):
                    answer.failure = failure
                    answer.lastEvents += 1
                }
            }
            also(event)
        }
        return record
    }

    func answer(_ request: HTTPRequest, id: UInt64 = 1) async -> Answer { await record(id, request).ended() }
}

extension Watched<Answer> {
    func ended() async -> Answer { await wait { $0.lastEvents > 0 } }
}

/// What a queued request told.
struct QueuedAnswer: Sendable {
    /// Names of the events in order, `data` once for all in a row.
    var events: [String] = []
    var status: Int?
    var body: [UInt8] = []
    var failure: TransportFailure?
    var reason = ""
    var isQuota = false
    var attempts = 0
    var lastEvents = 0

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension RequestQueue {
    func record(
        _ id: UInt64, _ request: HTTPRequest, priority: Int = 0, isRestartable: Bool = true,
        classify: (@Sendable (Int, HTTPHeaders, [UInt8]) -> ResponseClass)? = nil
    ) -> Watched<QueuedAnswer> {
        let record = Watched(QueuedAnswer())
        var queued = QueuedRequest(
            id: TransferID(id), request: request, priority: priority, isRestartable: { isRestartable }
        ) { event in
            record.update { $0.take(event) }
        }
        if let classify { queued.classify = classify }
        submit(queued)
        return record
    }

    func answer(_ request: HTTPRequest, isRestartable: Bool = true) async -> QueuedAnswer {
        await record(1, request, isRestartable: isRestartable).ended()
    }
}

extension Watched<QueuedAnswer> {
    func ended() async -> QueuedAnswer { await wait { $0.lastEvents > 0 } }
}

extension QueuedAnswer {
    fileprivate mutating func take(_ event: QueueEvent) {
        switch event {
        case .started: events.append("started")
        case .head(let status, _):
            events.append("head")
            self.status = status
        case .data(let bytes):
            if events.last != "data" { events.append("data") }
            body.append(contentsOf: bytes)
        case .restarted:
            events.append("restarted")
            body = []
        case .end(_, let attempts):
            events.append("end")
            self.attempts = attempts
            lastEvents += 1
        case .rejected(let status, _, let body, let isQuota, let reason, let attempts):
            events.append("rejected")
            (self.status, self.body, self.isQuota, self.reason, self.attempts) = (
                status, body, isQuota, reason, attempts
            )
            lastEvents += 1
        case .failed(let failure, let reason, let attempts):
            events.append("failed")
            (self.failure, self.reason, self.attempts) = (failure, reason, attempts)
            lastEvents += 1
        }
    }
}
