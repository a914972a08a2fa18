internal import CEvalhPlugin

/// The functions behind `evalh_host` and `evalh_out`. Each finds its session by the opaque pointer and is refused
/// outside of a call on that session's instance.
struct HostCallbacks: @unchecked Sendable {
    // Sendable: the table is written once before it is shared, and never again.
    let table: UnsafePointer<evalh_host>
    /// The extension "evalh.peers/1".
    let peers: UnsafePointer<evalh_peers>

    static let shared = HostCallbacks()

    private init() {
        let table = UnsafeMutablePointer<evalh_host>.allocate(capacity: 1)
        table.initialize(
            to: evalh_host(
                struct_size: UInt32(MemoryLayout<evalh_host>.size), reserved: 0,
                rand: { Self.session($0)?.services.random() ?? 0 },
                extract: { Self.extract($0, $1, $2, $3) },
                budget: { Self.budget($0, $1) },
                set_error: { Self.session($0)?.setError(code: $1, text: $2) },
                on_session_thread: { Self.unchecked($0)?.isOnSessionThread == true ? 1 : 0 },
                extension: { session, id in
                    guard let session = Self.session(session), session.services.peers != nil,
                        (try? BorrowedText.copy(id)) == EVALH_PEERS_EXTENSION
                    else { return nil }
                    return UnsafeRawPointer(Self.shared.peers)
                }))
        self.table = UnsafePointer(table)
        let peers = UnsafeMutablePointer<evalh_peers>.allocate(capacity: 1)
        peers.initialize(to: PeerCallbacks.table)
        self.peers = UnsafePointer(peers)
    }

    /// An `evalh_out` for a session; lives as long as its instance.
    static func makeOut(_ session: HostSession) -> UnsafeMutablePointer<evalh_out> {
        let out = UnsafeMutablePointer<evalh_out>.allocate(capacity: 1)
        out.initialize(
            to: evalh_out(
                struct_size: UInt32(MemoryLayout<evalh_out>.size), reserved: 0,
                context: Unmanaged.passUnretained(session).toOpaque(),
                push: { out, action in
                    guard let action, let session = Self.session(out?.pointee.context) else { return EVALH_FAILED }
                    return session.push(action)
                }))
        return out
    }

    private static func extract(
        _ opaque: UnsafeMutableRawPointer?, _ text: evalh_str, _ finish: UInt32,
        _ out: UnsafeMutablePointer<evalh_extraction>?
    ) -> Int32 {
        guard let session = session(opaque), let out else { return EVALH_FAILED }
        // The members of 1.0 fit into every caller's struct, whatever its struct_size says.
        let found = session.extract(text, finish: finish)
        out.pointee.found = found == nil ? 0 : 1
        out.pointee.answer = found?.answer ?? evalh_str(ptr: nil, len: 0)
        out.pointee.stage = found?.stage ?? evalh_str(ptr: nil, len: 0)
        return EVALH_OK
    }

    private static func budget(_ opaque: UnsafeMutableRawPointer?, _ out: UnsafeMutablePointer<evalh_budget>?) -> Int32
    {
        guard let session = session(opaque), let out else { return EVALH_FAILED }
        let remaining = EventEncoder.budget(session.services.remainingBudget())
        out.pointee.tokens = remaining.tokens
        out.pointee.usd = remaining.usd
        out.pointee.seconds = remaining.seconds
        return EVALH_OK
    }

    static func session(_ opaque: UnsafeMutableRawPointer?) -> HostSession? {
        guard let session = unchecked(opaque), session.admits() else { return nil }
        return session
    }

    private static func unchecked(_ opaque: UnsafeMutableRawPointer?) -> HostSession? {
        opaque.map { Unmanaged<HostSession>.fromOpaque($0).takeUnretainedValue() }
    }
}
