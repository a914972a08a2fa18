import Foundation
import Synchronization

/// A request as it came over the wire.
struct RawRequest: Sendable {
    /// Request line and header lines.
    var head: String
    var body: [UInt8]
    /// Seconds of a clock that never goes back.
    var at: Double

    var line: String { String(head.prefix { !$0.isNewline }) }
    func has(_ header: String) -> Bool { (head.lowercased() + "\r\n").contains("\r\n" + header.lowercased()) }
}

/// An accepted connection, on a thread of its own.
final class RawConnection: Sendable {
    /// 0 for a server's first.
    let number: Int
    private let file: Int32
    private let counts: Watched<RawServer.Counts>
    private let unread = Mutex<[UInt8]>([])

    init(file: Int32, number: Int, counts: Watched<RawServer.Counts>) {
        self.file = file
        self.number = number
        self.counts = counts
    }

    /// The next request, or `nil` once the client has closed.
    func readRequest() -> RawRequest? {
        let request = unread.withLock { bytes -> RawRequest? in
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            var head: (text: String, length: Int, bodyLength: Int)?
            while true {
                if head == nil, let end = bytes.firstRange(of: [13, 10, 13, 10]) {
                    let text = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                    let length =
                        text.lowercased().firstRange(of: "content-length: ").flatMap {
                            Int(text[$0.upperBound...].prefix { $0.isNumber })
                        }
                    head = (text, end.upperBound, length ?? 0)
                }
                if let head, bytes.count >= head.length + head.bodyLength {
                    let body = Array(bytes[head.length..<head.length + head.bodyLength])
                    bytes.removeFirst(head.length + head.bodyLength)
                    return RawRequest(head: head.text, body: body, at: ProcessInfo.processInfo.systemUptime)
                }
                let count = recv(file, &buffer, buffer.count, 0)
                guard count > 0 else { return nil }
                bytes.append(contentsOf: buffer[..<count])
            }
        }
        if let request { counts.update { $0.requests.append(request) } }
        return request
    }

    /// False: the client has closed.
    @discardableResult func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult func write(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(file, $0.baseAddress.map { $0 + offset }, $0.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        counts.update { $0.sent += bytes.count }
        return true
    }

    @discardableResult func respond(_ body: String, status: String = "200 OK", headers: [String] = []) -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Waits until the client closes.
    func waitForClose() {
        var byte: UInt8 = 0
        while recv(file, &byte, 1, 0) > 0 {}
        counts.update { $0.closedByClient += 1 }
    }

    /// Waits until the client closes (true), or for some milliseconds.
    func isClosed(within milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, milliseconds) > 0 else { return false }
        var byte: UInt8 = 0
        guard recv(file, &byte, 1, Int32(MSG_PEEK)) <= 0 else { return false }
        counts.update { $0.closedByClient += 1 }
        return true
    }

    /// Answers requests until the client closes.
    func serve(_ answer: (RawRequest) -> Void) {
        while let request = readRequest() { answer(request) }
    }
}
