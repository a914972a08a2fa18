import NIOCore

extension Reply {
    /// What a fault makes of the answer that would have been sent.
    static func faulty(_ kind: FaultKind, answer: Answer, retryAfter: Int, allocator: ByteBufferAllocator) -> Action {
        switch kind {
        case .badRequest:
            let body = Fixed.error(.badRequest, type: "invalid_request_error", message: "mock: no such thing")
            return .whole(.badRequest, body, retryAfter: nil)
        case .tooManyRequests:
            let body = Fixed.error(.tooManyRequests, type: "rate_limit_error", message: "mock: too many requests")
            return .whole(.tooManyRequests, body, retryAfter: retryAfter)
        case .serverError:
            return .whole(
                .internalServerError, Fixed.error(.internalServerError, type: "server_error", message: "mock: failure"),
                retryAfter: nil)
        case .unavailable:
            return .whole(
                .serviceUnavailable,
                Fixed.error(.serviceUnavailable, type: "unavailable_error", message: "Loading model"), retryAfter: nil)
        case .close: return .hangUp
        case .stall: return .silence
        case .midclose: return half(of: answer, closes: true, allocator: allocator)
        case .midstall: return half(of: answer, closes: false, allocator: allocator)
        case .badjson:
            return answer.request.streams
                ? .flood(
                    Flood(
                        opening: "data: {\"choices\":[{\"finish_reason\":\n\ndata: [DONE]\n\n", filler: "",
                        length: .rest))
                : .whole(.ok, ByteBuffer(staticString: "{\"choices\":[{\"finish_reason\":"), retryAfter: nil)
        case .hugeline:
            return .flood(
                answer.request.streams
                    ? Flood(
                        opening: "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", filler: "a",
                        length: .endless)
                    : Flood(
                        opening: "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"", filler: "a", length: .endless
                    ))
        case .hugebody: return .flood(Flood(opening: "", filler: " ", length: .declared(1 << 30)))
        }
    }

    private static func half(of answer: Answer, closes: Bool, allocator: ByteBufferAllocator) -> Action {
        guard answer.request.streams else { return .cut(answer.body(allocator: allocator), closes: closes) }
        let stream = EventStream(answer)
        return .events(stream, cut: EventCut(afterTokens: stream.visibleTokens / 2, closes: closes))
    }
}

/// A body made of an opening and a filler.
struct Flood {
    enum Length {
        /// The opening alone, then a proper end.
        case rest
        /// Filler until the client leaves.
        case endless
        /// So many bytes in all, said in Content-Length.
        case declared(Int)
    }

    let opening: StaticString
    let filler: StaticString
    let length: Length
}
