/// Names a transfer within a process.
package struct TransferID: Hashable, Sendable {
    package var value: UInt64

    package init(_ value: UInt64) {
        self.value = value
    }
}

/// How long the parts of a transfer took, in seconds since it was started.
package struct TransferTiming: Hashable, Sendable {
    package var connect: Double
    package var firstByte: Double
    package var total: Double
    package var bytesReceived: Int
    /// No new connection was made for it.
    package var isConnectionReused: Bool
}

/// Why a transfer got no whole answer.
package struct TransportFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case resolve
        case connect
        case tls
        case connectTimeout = "connect_timeout"
        case firstByteTimeout = "first_byte_timeout"
        case idleTimeout = "idle_timeout"
        case totalTimeout = "total_timeout"
        case tooLarge = "too_large"
        case closedEarly = "closed_early"
        case protocolViolation = "protocol_violation"
        case cancelled
        case other

        /// Trying again may help.
        var isTransient: Bool {
            switch self {
            case .resolve, .connect, .connectTimeout, .firstByteTimeout, .idleTimeout, .closedEarly, .other: true
            case .tls, .totalTimeout, .tooLarge, .protocolViolation, .cancelled: false
            }
        }
    }

    package var kind: Kind
    package var message: String
    package var bytesReceived: Int

    package init(kind: Kind, message: String, bytesReceived: Int = 0) {
        self.kind = kind
        self.message = message
        self.bytesReceived = bytesReceived
    }

    package var isBeforeAnyByte: Bool { bytesReceived == 0 }
    package var description: String { message }
}

/// What happens to a transfer, told on the loop's thread. Exactly one `end` or `failed` comes, last.
package enum TransferEvent {
    case head(status: Int, HTTPHeaders)
    /// Valid during the call only.
    case data(UnsafeRawBufferPointer)
    case end(TransferTiming)
    case failed(TransportFailure)
}
