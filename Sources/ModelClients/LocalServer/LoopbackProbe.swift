internal import Foundation

/// The few blocking socket calls that starting a local server needs, before there is a transport.
enum LoopbackProbe {
    /// A port of 127.0.0.1 that nothing listens on now.
    static func freePort() throws(ServerFault) -> Int {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { throw ServerFault("no socket: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
            }
        }
        guard isBound else { throw ServerFault("no free port on 127.0.0.1: \(String(cString: strerror(errno)))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Where a server of this machine listens.
    enum Place {
        case port(Int)
        case unix(String)
    }

    /// Whether something accepts connections on a port.
    static func isOpen(port: Int) -> Bool {
        guard let file = connected(.port(port), seconds: 1) else { return false }
        close(file)
        return true
    }

    /// The status of `GET path`, or `nil` when nothing answers within `seconds`.
    static func status(_ place: Place, path: String, seconds: Int = 2) -> Int? {
        guard let file = connected(place, seconds: seconds) else { return nil }
        defer { close(file) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nConnection: close\r\n\r\n".utf8)
        guard send(file, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while head.count < 16 {
            let count = recv(file, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            head.append(contentsOf: buffer[..<count])
        }
        // "HTTP/1.1 200 OK"
        let words = String(decoding: head.prefix(16), as: UTF8.self).split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/") else { return nil }
        return Int(words[1])
    }

    private static func connected(_ place: Place, seconds: Int) -> Int32? {
        let family = if case .unix = place { AF_UNIX } else { AF_INET }
        let file = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return nil }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        let isConnected =
            switch place {
            case .port(let port): connects(file, loopback(port: port))
            case .unix(let path): unix(path).map { connects(file, $0) } ?? false
            }
        if isConnected { return file }
        close(file)
        return nil
    }

    private static func connects<Address>(_ file: Int32, _ address: Address) -> Bool {
        var address = address
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
    }

    /// `nil`: the path is too long.
    private static func unix(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isCopied = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard path.utf8.count < place.count else { return false }
            place.copyBytes(from: path.utf8)
            return true
        }
        return isCopied ? address : nil
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }
}
