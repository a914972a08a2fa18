internal import Completions
internal import Hashing

/// Fingerprints of services: `evalh-service/1` with the kind and a hash of all that decides their results.
enum ServiceIdentity {
    /// - Parameters:
    ///   - version: of the kind: another one gives other results for the same payloads.
    ///   - parts: in a fixed order.
    static func fingerprint(kind: String, version: Int, _ parts: [String]) -> String {
        var bytes = CanonicalBytes()
        for part in parts { bytes.append(part) }
        return
            "evalh-service/1;kind=\(kind);version=\(version);settings=\(Hexadecimal.text(of: bytes.sha256.prefix(16)))"
    }
}
