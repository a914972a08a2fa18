internal import CCurl

extension TransportFailure {
    /// libcurl's result in our words.
    init(_ code: CURLcode, transfer: Transfer) {
        var connectTime = 0.0
        evalh_curl_get_double(transfer.easy, CURLINFO_PRETRANSFER_TIME, &connectTime)
        let text = String(cString: curl_easy_strerror(code))
        let kind: Kind
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: kind = .resolve
        case CURLE_COULDNT_CONNECT: kind = .connect
        case CURLE_OPERATION_TIMEDOUT:
            let isOver = LoopClock.seconds - transfer.startedAt >= transfer.request.deadlines.total
            kind = connectTime == 0 && !transfer.hasByte && !isOver ? .connectTimeout : .totalTimeout
        // A handshake that broke off may succeed the next time; a certificate that is not trusted does not.
        case CURLE_SSL_CONNECT_ERROR: kind = .connect
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            kind = .tls
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM:
            kind = .closedEarly
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING, CURLE_UNSUPPORTED_PROTOCOL,
            CURLE_URL_MALFORMAT,
            CURLE_TOO_MANY_REDIRECTS:
            kind = .protocolViolation
        default: kind = .other
        }
        let deadlines = transfer.request.deadlines
        let message =
            switch kind {
            case .connectTimeout: "no connection within \(deadlines.connect) s (deadline connect)"
            case .totalTimeout: "not finished within \(deadlines.total) s (deadline total)"
            default: text
            }
        self.init(kind: kind, message: message, bytesReceived: transfer.bodyBytes)
    }
}
