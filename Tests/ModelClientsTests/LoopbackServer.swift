import Foundation
import Synchronization

/// A small HTTP server on 127.0.0.1 or a Unix socket: one thread a connection, answers by a closure.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        var head: String
        var body: String
    }

    enum Answer: Sendable {
        case json(Int, String, headers: [String] = [])
        /// Pieces of an event stream; then the connection ends, or is held until the client closes it.
        case stream([String], holds: Bool = false)
        /// Closes without a word.
        case hangUp
    }

    let port: Int
    private let file: Int32
    private let answer: @Sendable (Request) -> Answer
    private let seen = Mutex<(requests: [Request], closedByClient: Int)>(([], 0))

    init(socketPath: String? = nil, answer: @escaping @Sendable (Request) -> Answer) throws {
        self.answer = answer
        let file = socket(socketPath == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.file = file
        var number = 0
        if let socketPath {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socketPath.utf8).prefix(107)) }
            let isBound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            guard isBound else { throw POSIXError(.EADDRINUSE) }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
                }
            }
            guard isBound else { throw POSIXError(.EADDRINUSE) }
            number = Int(UInt16(bigEndian: address.sin_port))
        }
        port = number
        listen(file, 64)
        Thread.detachNewThread { [weak self, file] in
            while true {
                let connection = accept(file, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit {
        shutdown(file, Int32(SHUT_RDWR))
        close(file)
    }

    var requests: [Request] { seen.withLock { $0.requests } }
    /// Streams that the client closed before their end.
    var closedByClient: Int { seen.withLock { $0.closedByClient } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        while let request = read(connection) {
            seen.withLock { $0.requests.append(request) }
            switch answer(request) {
            case .json(let status, let body, let headers):
                let head =
                    ["HTTP/1.1 \(status) X", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
                    + headers
                write(connection, head.joined(separator: "\r\n") + "\r\n\r\n" + body)
            case .stream(let pieces, let holds):
                write(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
                for piece in pieces { write(connection, piece) }
                if holds {
                    var byte: UInt8 = 0
                    _ = recv(connection, &byte, 1, 0)
                    seen.withLock { $0.closedByClient += 1 }
                }
                return
            case .hangUp: return
            }
        }
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                let length =
                    head.lowercased().range(of: "content-length: ").flatMap {
                        Int(head[$0.upperBound...].prefix { $0.isNumber })
                    } ?? 0
                let body = String(text[end.upperBound...])
                if body.utf8.count >= length {
                    let words = head.split(separator: " ")
                    return Request(
                        method: String(words.first ?? ""), path: String(words.dropFirst().first ?? ""), head: head,
                        body: body)
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    private func write(_ connection: Int32, _ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
