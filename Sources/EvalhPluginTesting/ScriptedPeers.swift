import CEvalhPlugin
import EvalhPluginKit

/// The extension "evalh.peers/1" of scripted sessions.
enum ScriptedPeers {
    /// Lives as long as the process, as a host's tables do.
    nonisolated(unsafe) static let table: UnsafePointer<evalh_peers> = {
        let table = UnsafeMutablePointer<evalh_peers>.allocate(capacity: 1)
        table.initialize(
            to: evalh_peers(
                struct_size: UInt32(MemoryLayout<evalh_peers>.size), reserved: 0,
                item: { UInt64(ScriptedHostState.of($0)?.host.itemNumber ?? 0) },
                item_count: { UInt64(ScriptedHostState.of($0)?.host.itemCount ?? 0) },
                count: { UInt64(ScriptedHostState.of($0)?.host.peers.count ?? 0) },
                get: { ScriptedHostState.of($0)?.peer($1, into: $2) ?? EVALH_FAILED },
                answer: { ScriptedHostState.of($0)?.answer($1, into: $2, flags: $3) ?? EVALH_FAILED }))
        return UnsafePointer(table)
    }()
}

extension ScriptedHostState {
    func peer(_ index: UInt64, into out: UnsafeMutablePointer<evalh_peer>?) -> Int32 {
        guard let out, index < UInt64(host.peers.count) else { return EVALH_FAILED }
        let peer = host.peers[Int(index)].peer
        out.pointee.flags = UInt32(
            (peer.item == host.itemNumber ? EVALH_PEER_OWN : 0) | (peer.isError ? EVALH_PEER_ERROR : 0))
        out.pointee.item = UInt64(peer.item)
        out.pointee.arm = lend(peer.arm)
        out.pointee.score = peer.score.orNaN
        out.pointee.confidence = peer.confidence.orNaN
        out.pointee.usage = evalh_usage(
            prompt_tokens: Int64(peer.usage.promptTokens), cached_prompt_tokens: 0,
            completion_tokens: Int64(peer.usage.completionTokens),
            reasoning_tokens: 0, cancelled_tokens: 0)
        out.pointee.usd = peer.usd.orNaN
        out.pointee.seconds = peer.seconds
        return EVALH_OK
    }

    func answer(_ index: UInt64, into out: UnsafeMutablePointer<evalh_str>?, flags: UnsafeMutablePointer<UInt32>?)
        -> Int32
    {
        guard let out, let flags, index < UInt64(host.peers.count), host.peers[Int(index)].peer.item == host.itemNumber,
            !host.peers[Int(index)].peer.isError
        else { return EVALH_FAILED }
        out.pointee = lend(host.peers[Int(index)].answer)
        flags.pointee = 0
        return EVALH_OK
    }
}
