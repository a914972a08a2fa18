internal import CCurl

/// A transfer under way: a libcurl easy handle and what its callbacks need. Touched on the loop's thread only.
final class Transfer {
    let id: TransferID
    let request: HTTPRequest
    let easy: UnsafeMutableRawPointer
    let handler: @Sendable (TransferEvent) -> Void
    var headerList: UnsafeMutablePointer<curl_slist>?

    /// Seconds of the loop's clock.
    let startedAt: Double
    var lastDataAt: Double
    var status = 0
    var headers = HTTPHeaders()
    var isHeadTold = false
    var hasByte = false {
        didSet { if !oldValue { onFirstByte() } }
    }
    /// Tells the loop that another deadline holds from now on.
    var onFirstByte: () -> Void = {}
    var bodyBytes = 0
    /// Set when one of our own limits ended it.
    var failure: TransportFailure?

    init(
        _ id: TransferID, _ request: HTTPRequest, easy: UnsafeMutableRawPointer, now: Double,
        handler: @escaping @Sendable (TransferEvent) -> Void
    ) {
        self.id = id
        self.request = request
        self.easy = easy
        self.handler = handler
        startedAt = now
        lastDataAt = now
    }

    /// When the loop must look at it again, and whether that time has come.
    var deadline: Double { hasByte ? lastDataAt + request.deadlines.idle : startedAt + request.deadlines.firstByte }

    func timeout() -> TransportFailure {
        hasByte
            ? TransportFailure(
                kind: .idleTimeout, message: "no data for \(request.deadlines.idle) s in the middle of the answer (deadline idle)",
                bytesReceived: bodyBytes)
            : TransportFailure(
                kind: .firstByteTimeout, message: "no answer within \(request.deadlines.firstByte) s (deadline first_byte)")
    }

    // MARK: What libcurl tells

    func receiveHeader(_ line: UnsafeRawBufferPointer, now: Double) {
        hasByte = true
        lastDataAt = now
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
            status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].trimmingPrefix { $0 == " " || $0 == "\t" }
            headers.add(name: String(text[..<colon]), value: String(value.prefix { !$0.isNewline }))
        }
    }

    /// False: libcurl shall end the transfer.
    func receiveBody(_ bytes: UnsafeRawBufferPointer, now: Double) -> Bool {
        hasByte = true
        lastDataAt = now
        bodyBytes += bytes.count
        guard bodyBytes <= request.maxBodyBytes else {
            failure = TransportFailure(
                kind: .tooLarge, message: "the answer is larger than \(request.maxBodyBytes) bytes", bytesReceived: bodyBytes)
            return false
        }
        tellHead()
        handler(.data(bytes))
        return true
    }

    func tellHead() {
        guard !isHeadTold else { return }
        isHeadTold = true
        handler(.head(status: status, headers))
    }
}
