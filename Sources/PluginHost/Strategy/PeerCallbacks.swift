internal import CEvalhPlugin
internal import Completions

/// The functions of the extension "evalh.peers/1".
enum PeerCallbacks {
    static var table: evalh_peers {
        evalh_peers(
            struct_size: UInt32(MemoryLayout<evalh_peers>.size), reserved: 0,
            item: { UInt64(PeerCallbacks.view($0)?.item ?? 0) },
            item_count: { UInt64(PeerCallbacks.view($0)?.itemCount ?? 0) },
            count: { UInt64(PeerCallbacks.view($0)?.count ?? 0) },
            get: { PeerCallbacks.get($0, $1, $2) },
            answer: { PeerCallbacks.answer($0, $1, $2, $3) })
    }

    private static func view(_ opaque: UnsafeMutableRawPointer?) -> PeerView? {
        HostCallbacks.session(opaque)?.services.peers
    }

    private static func get(
        _ opaque: UnsafeMutableRawPointer?, _ index: UInt64, _ out: UnsafeMutablePointer<evalh_peer>?
    ) -> Int32 {
        guard let session = HostCallbacks.session(opaque), let view = session.services.peers,
            let index = Int(exactly: index),
            let peer = view[index], let out, let arm = session.lend(peer.arm)
        else { return EVALH_FAILED }
        out.pointee.flags = UInt32(
            (peer.item == view.item ? EVALH_PEER_OWN : 0) | (peer.isError ? EVALH_PEER_ERROR : 0))
        out.pointee.item = UInt64(peer.item)
        out.pointee.arm = arm
        out.pointee.score = peer.score ?? .nan
        out.pointee.confidence = peer.confidence ?? .nan
        out.pointee.usage = EventEncoder.usage(peer.measure.usage)
        out.pointee.usd = peer.measure.usd ?? .nan
        out.pointee.seconds = peer.measure.criticalPathSeconds
        return EVALH_OK
    }

    private static func answer(
        _ opaque: UnsafeMutableRawPointer?, _ index: UInt64, _ out: UnsafeMutablePointer<evalh_str>?,
        _ flags: UnsafeMutablePointer<UInt32>?
    ) -> Int32 {
        guard let session = HostCallbacks.session(opaque), let index = Int(exactly: index),
            let found = session.services.peers?.answer(of: index),
            let text = session.lend(found.text), let out, let flags
        else { return EVALH_FAILED }
        out.pointee = text
        let flag: Int32 =
            switch found.kind {
            case .answered: 0
            case .unfinished: EVALH_ANSWER_UNFINISHED
            case .noAnswer: EVALH_ANSWER_NONE
            case .error: EVALH_ANSWER_ERROR
            }
        flags.pointee = UInt32(flag)
        return EVALH_OK
    }
}
