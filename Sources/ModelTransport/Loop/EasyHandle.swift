internal import CCurl

/// A libcurl easy handle that keeps what it was set up with: most requests of a run differ from the last one of their
/// handle in the body alone. Touched on the loop's thread only.
final class EasyHandle {
    let easy: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// What it is set up for, without a body; `nil`: nothing.
    private var profile: HTTPRequest?

    /// `nil`: out of memory.
    init?() {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
    }

    /// Makes it ready for a transfer. A failure: the request cannot be sent as it is.
    func prepare(_ transfer: Transfer) -> TransportFailure? {
        let request = transfer.request
        if profile?.differsInBodyOnly(from: request) != true {
            forget()
            if let failure = EasySetup.check(request) { return failure }
            headerList = EasySetup.configure(easy, request)
            profile = request.withoutBody
        }
        EasySetup.attach(easy, transfer)
        return nil
    }

    /// A transfer is over. A large body is not kept.
    func rest(after request: HTTPRequest) {
        if request.body.count > 16 << 10 { forget() }
    }

    private func forget() {
        profile = nil
        curl_easy_reset(easy)
        curl_slist_free_all(headerList)
        headerList = nil
    }
}
