import NIOCore
import NIOHTTP1

/// Where a stream is broken off.
struct EventCut {
    let afterTokens: Int
    /// Otherwise the connection stays open and nothing more comes.
    let closes: Bool
}

/// What is to be done with a request; the connection's handler does it.
struct Reply {
    enum Action {
        case whole(HTTPResponseStatus, ByteBuffer, retryAfter: Int?)
        /// Half the body under the whole one's Content-Length.
        case cut(ByteBuffer, closes: Bool)
        case events(EventStream, cut: EventCut?)
        case flood(Flood)
        case silence
        case hangUp
    }

    let action: Action
    var delay: TimeAmount = .zero
    /// `nil` for requests that generate nothing.
    var record: RequestRecord?

    static func json(_ body: ByteBuffer) -> Reply {
        Reply(action: .whole(.ok, body, retryAfter: nil))
    }

    static func failure(_ status: HTTPResponseStatus, type: StaticString, message: String) -> Reply {
        Reply(action: .whole(status, Fixed.error(status, type: type, message: message), retryAfter: nil))
    }
}
