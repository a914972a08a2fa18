internal import CCurl

/// Everything a transfer asks of libcurl.
enum EasySetup {
    /// A failure: the request cannot be sent as it is.
    static func check(_ request: HTTPRequest) -> TransportFailure? {
        // A line break in a header would be a header, or a request, of its own. The value is not told: it may be a
        // secret.
        for header in request.headers where !isOneLine(header.name) || !isOneLine(header.value) {
            let name = String(header.name.prefix { $0.isASCII && !$0.isWhitespace && $0 != "\0" })
            return TransportFailure(
                kind: .protocolViolation, message: "the request's header '\(name)' has a line break or a NUL in it")
        }
        return nil
    }

    /// All of a request but its body.
    /// - Returns: the list of headers, to be freed when the handle needs it no more.
    static func configure(_ easy: UnsafeMutableRawPointer, _ request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>?
    {
        evalh_curl_set_text(easy, CURLOPT_URL, request.url)
        evalh_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        evalh_curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        evalh_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        evalh_curl_set_long(easy, CURLOPT_TCP_KEEPIDLE, 30)
        evalh_curl_set_long(easy, CURLOPT_TCP_KEEPINTVL, 15)
        evalh_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        evalh_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // Headers may hold keys, under names that libcurl does not know to be secret: they are not taken to another
        // server.
        evalh_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, request.method == "GET" && request.headers.isEmpty ? 1 : 0)
        evalh_curl_set_long(easy, CURLOPT_MAXREDIRS, 5)
        evalh_curl_set_text(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        evalh_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.deadlines.connect))
        evalh_curl_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds(request.deadlines.total))
        // A proxy's own answer is not the server's: it must not count as a first byte.
        evalh_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let path = request.unixSocketPath {
            evalh_curl_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, path)
            evalh_curl_set_text(easy, CURLOPT_NOPROXY, "*")
        }
        if request.method != "GET" {
            if request.method != "POST" { evalh_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method) }
            evalh_curl_set_long(easy, CURLOPT_POST, 1)
        }
        // An empty `Expect:` keeps libcurl from waiting for 100-continue.
        var list = curl_slist_append(nil, "Expect:")
        for header in request.headers {
            // libcurl's way to say an empty header is a semicolon.
            list = curl_slist_append(list, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        evalh_curl_set_list(easy, CURLOPT_HTTPHEADER, list)
        setCallbacks(easy)
        return list
    }

    /// The body, and where events go.
    static func attach(_ easy: UnsafeMutableRawPointer, _ transfer: Transfer) {
        let request = transfer.request
        if request.method != "GET" {
            evalh_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, request.body.count)
            request.body.withUnsafeBytes { bytes in
                _ = evalh_curl_set_pointer(
                    easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        }
        let user = Unmanaged.passUnretained(transfer).toOpaque()
        evalh_curl_set_pointer(easy, CURLOPT_PRIVATE, user)
        evalh_curl_set_pointer(easy, CURLOPT_WRITEDATA, user)
        evalh_curl_set_pointer(easy, CURLOPT_HEADERDATA, user)
    }

    private static func setCallbacks(_ easy: UnsafeMutableRawPointer) {
        evalh_curl_set_data_fn(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, user in
            guard let user, let bytes else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
            let total = size * count
            return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: total), now: LoopClock.seconds)
                ? total : 0
        }
        evalh_curl_set_data_fn(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, user in
            guard let user, let bytes else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
            let total = size * count
            return transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: total), now: LoopClock.seconds)
                ? total : 0
        }
    }

    private static func isOneLine(_ text: String) -> Bool {
        !text.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int(max(1, min(seconds * 1000, 2_000_000_000))) }
}
