internal import CCurl

/// A transfer under way: a libcurl easy handle and what its callbacks need. Touched on the loop's thread only.
final class Transfer {
    let id: TransferID
    let request: HTTPRequest
    let handle: EasyHandle
    let handler: @Sendable (TransferEvent) -> Void

    /// Seconds of the loop's clock.
    let startedAt: Double
    var lastDataAt: Double
    var status = 0
    var headers = HTTPHeaders()
    private var headerBytes = 0
    /// The empty line after the headers came.
    private var isHeadComplete = false
    private var isHeadTold = false
    var hasByte = false
    var bodyBytes = 0
    /// Set when one of our own limits ended it.
    var failure: TransportFailure?

    init(
        _ id: TransferID, _ request: HTTPRequest, handle: EasyHandle, now: Double,
        handler: @escaping @Sendable (TransferEvent) -> Void
    ) {
        self.id = id
        self.request = request
        self.handle = handle
        self.handler = handler
        startedAt = now
        lastDataAt = now
    }

    var easy: UnsafeMutableRawPointer { handle.easy }

    /// No deadline of it can pass before this time. A first byte that comes later puts the deadline of idleness in
    /// place of the other one.
    func nextCheck(now: Double) -> Double { hasByte ? deadline : min(deadline, now + request.deadlines.idle) }

    /// When it must have ended or told something.
    var deadline: Double { hasByte ? lastDataAt + request.deadlines.idle : startedAt + request.deadlines.firstByte }

    func timeout() -> TransportFailure {
        hasByte
            ? TransportFailure(
                kind: .idleTimeout,
                message: "no data for \(request.deadlines.idle) s in the middle of the answer (deadline idle)",
                bytesReceived: bodyBytes)
            : TransportFailure(
                kind: .firstByteTimeout,
                message: "no answer within \(request.deadlines.firstByte) s (deadline first_byte)")
    }

    // MARK: What libcurl tells

    /// Of all answers up to the last one. libcurl bounds a line, not how many there are.
    private static let maxHeaderBytes = 256 << 10

    /// False: libcurl shall end the transfer.
    func receiveHeader(_ line: UnsafeRawBufferPointer, now: Double) -> Bool {
        hasByte = true
        lastDataAt = now
        headerBytes += line.count
        guard headerBytes <= Self.maxHeaderBytes else {
            failure = TransportFailure(
                kind: .tooLarge, message: "the answer's headers are larger than \(Self.maxHeaderBytes) bytes",
                bytesReceived: bodyBytes)
            return false
        }
        if isHeadTold { return true }
        if line.starts(with: "HTTP/".utf8) {
            // Another answer begins: after an interim one, or after a redirect.
            headers = HTTPHeaders()
            isHeadComplete = false
            status = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3)
                .reduce(0) { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $1 ? $0 * 10 + Int($1 - UInt8(ascii: "0")) : $0 }
        } else if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            isHeadComplete = true
        } else {
            headers.add(line: line)
        }
        return true
    }

    /// False: libcurl shall end the transfer.
    func receiveBody(_ bytes: UnsafeRawBufferPointer, now: Double) -> Bool {
        hasByte = true
        lastDataAt = now
        bodyBytes += bytes.count
        guard bodyBytes <= request.maxBodyBytes else {
            failure = TransportFailure(
                kind: .tooLarge, message: "the answer is larger than \(request.maxBodyBytes) bytes",
                bytesReceived: bodyBytes)
            return false
        }
        tellHead()
        handler(.data(bytes))
        return true
    }

    /// What to make of it when libcurl is content. It is so, too, with an answer that was cut off within its headers.
    func completion() -> TransportFailure? {
        if isHeadComplete, status >= 200 { return nil }
        return TransportFailure(
            kind: .closedEarly, message: "the connection was closed within the answer's headers",
            bytesReceived: bodyBytes)
    }

    func tellHead() {
        guard !isHeadTold else { return }
        isHeadTold = true
        handler(.head(status: status, headers))
    }
}
