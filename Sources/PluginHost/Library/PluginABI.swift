internal import CEvalhPlugin

/// The plugin ABI this host serves: version 1, minors `oldestMinor` to `newestMinor` (see `evalh_plugin.h`).
package enum PluginABI {
    package static let major = UInt32(EVALH_ABI_MAJOR)
    package static let oldestMinor: UInt32 = 0
    package static let newestMinor = UInt32(EVALH_ABI_MINOR)
    /// The optional parts of the ABI that this host has.
    package static let features = [
        "evalh.stream/1", "evalh.prefix/1", "evalh.logprobs/1", "evalh.extract/1", "evalh.peers/1", "evalh.services/1",
        "evalh.numbers/1",
    ]
    /// `EVALH_NEED_*` bits this host understands.
    static let knownNeeds = UInt32(
        EVALH_NEED_STREAM | EVALH_NEED_LOGPROBS | EVALH_NEED_PREFIX | EVALH_NEED_CANCEL | EVALH_NEED_SCORE
            | EVALH_NEED_PEERS
            | EVALH_NEED_ORACLE | EVALH_NEED_LEVELS | EVALH_NEED_NO_TARGET
            | EVALH_NEED_PARTIAL | EVALH_NEED_OR_REASONING)

    /// The served versions for people: "1.0", or "1.0 to 1.3".
    package static var text: String {
        oldestMinor == newestMinor ? "\(major).\(newestMinor)" : "\(major).\(oldestMinor) to \(major).\(newestMinor)"
    }
}
