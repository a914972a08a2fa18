import Foundation
import Synchronization

/// A server of raw sockets on 127.0.0.1 or a Unix socket, one thread a connection. A script says what each connection
/// does, so it can misbehave in any way.
final class RawServer: Sendable {
    struct Counts: Sendable {
        var accepted = 0
        var open = 0
        var mostOpen = 0
        var requests: [RawRequest] = []
        /// Connections that a script saw the client close.
        var closedByClient = 0
        /// Bytes that scripts could send.
        var sent = 0
        fileprivate var files: Set<Int32> = []
        fileprivate var isStopped = false
    }

    let port: Int
    let counts = Watched(Counts())
    private let file: Int32

    init(unixPath: String? = nil, _ script: @escaping @Sendable (RawConnection) -> Void) throws {
        let listener = try Listener(unixPath: unixPath, backlog: 512)
        file = listener.file
        port = listener.port
        let (file, counts) = (file, counts)
        Thread.detachNewThread {
            while true {
                let accepted = accept(file, nil, nil)
                guard accepted >= 0 else { return }
                counts.update {
                    $0.accepted += 1
                    $0.open += 1
                    $0.mostOpen = max($0.mostOpen, $0.open)
                    $0.files.insert(accepted)
                    if $0.isStopped { shutdown(accepted, Int32(SHUT_RDWR)) }
                }
                let connection = RawConnection(file: accepted, number: counts.value.accepted - 1, counts: counts)
                Thread.detachNewThread {
                    script(connection)
                    counts.update {
                        $0.open -= 1
                        $0.files.remove(accepted)
                        close(accepted)
                    }
                }
            }
        }
    }

    deinit {
        shutdown(file, Int32(SHUT_RDWR))
        close(file)
        counts.update {
            $0.isStopped = true
            for file in $0.files { shutdown(file, Int32(SHUT_RDWR)) }
        }
    }

    var url: String { "http://127.0.0.1:\(port)/v1/test" }
}

/// A socket that listens; nobody accepts yet.
struct Listener {
    let file: Int32
    let port: Int

    /// - Parameter backlog: `nil`: bound only, so that connections are refused.
    init(unixPath: String? = nil, backlog: Int32?) throws {
        file = socket(unixPath == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        if let unixPath {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(unixPath.utf8).prefix(107)) }
            let file = file
            let isBound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            guard isBound else { throw POSIXError(.EADDRINUSE) }
            port = 0
        } else {
            var address = Listener.loopback(port: 0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let file = file
            let isBound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
                }
            }
            guard isBound else { throw POSIXError(.EADDRINUSE) }
            port = Int(UInt16(bigEndian: address.sin_port))
        }
        if let backlog { guard listen(file, backlog) == 0 else { throw POSIXError(.EADDRINUSE) } }
    }

    static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        address.sin_port = in_port_t(port).bigEndian
        return address
    }
}
