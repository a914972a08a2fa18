/// Four separate limits of a transfer's time, in seconds. A stuck request must end by one of them.
package struct Deadlines: Hashable, Sendable {
    /// Name look-up, TCP and TLS.
    package var connect: Double
    /// From the start of the transfer to the first byte of the answer.
    package var firstByte: Double
    /// Between two pieces of the answer; only data resets it.
    package var idle: Double
    /// The whole transfer.
    package var total: Double

    package init(connect: Double = 10, firstByte: Double = 300, idle: Double = 120, total: Double = 1800) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}

/// One HTTP request.
package struct HTTPRequest: Sendable {
    package var method: String
    package var url: String
    /// Not part of any description or error text: they hold secrets.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var unixSocketPath: String?
    package var deadlines: Deadlines
    /// A body beyond this ends the transfer.
    package var maxBodyBytes: Int

    package init(
        method: String = "POST", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        unixSocketPath: String? = nil, deadlines: Deadlines = Deadlines(), maxBodyBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.unixSocketPath = unixSocketPath
        self.deadlines = deadlines
        self.maxBodyBytes = maxBodyBytes
    }
}

extension HTTPRequest {
    /// The same request without its body.
    var withoutBody: HTTPRequest {
        var request = self
        request.body = []
        return request
    }

    func differsInBodyOnly(from other: HTTPRequest) -> Bool {
        url == other.url && method == other.method && deadlines == other.deadlines
            && unixSocketPath == other.unixSocketPath && maxBodyBytes == other.maxBodyBytes
            && headers.elementsEqual(other.headers) { $0.name == $1.name && $0.value == $1.value }
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the values of headers and without the body.
    package var description: String { "\(method) \(url) (\(headers.count) headers, \(body.count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
