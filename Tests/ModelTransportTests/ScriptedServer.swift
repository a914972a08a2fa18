import Foundation

/// A server on loopback that does to each connection what a test says, on a thread of its own.
final class ScriptedServer: @unchecked Sendable {
    // Sendable: `accepted` is guarded by the lock; the rest does not change.
    let port: Int
    let path: String?
    private let listener: Int32
    private let lock = NSLock()
    private var accepted = 0

    var connections: Int { lock.withLock { accepted } }
    var url: String { path == nil ? "http://127.0.0.1:\(port)/" : "http://localhost/" }

    /// - Parameter unixPath: a socket file in place of a port.
    init(unixPath: String? = nil, _ script: @escaping @Sendable (Connection) -> Void) {
        path = unixPath
        let file: Int32
        if let unixPath {
            file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(unixPath.utf8) + [0]) }
            _ = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            port = 0
        } else {
            file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, length) }
            }
            _ = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(file, $0, &length) }
            }
            port = Int(UInt16(bigEndian: address.sin_port))
        }
        listener = file
        listen(file, 512)
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                lock.withLock { accepted += 1 }
                Thread.detachNewThread {
                    script(Connection(file: client))
                    close(client)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

/// The server's end of a connection.
struct Connection: Sendable {
    let file: Int32

    /// Reads a request's head and body; nil when the client has gone.
    func request() -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(file, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let lengths = text.split(separator: "\r\n").compactMap { line in
                line.lowercased().hasPrefix("content-length:")
                    ? Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) : nil
            }
            if text[end.upperBound...].utf8.count >= (lengths.first ?? 0) { return text }
        }
    }

    /// False: the client has gone.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) } == bytes.count
    }

    func answer(_ body: String, status: String = "200 OK", headers: String = "") {
        send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Returns when the client has closed its end.
    func waitForEnd() {
        var byte: UInt8 = 0
        while recv(file, &byte, 1, 0) > 0 {}
    }
}
