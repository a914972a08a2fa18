internal import CCrypto

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, in constant memory, computed by OpenSSL's libcrypto.
///
/// A value: a copy goes on by itself, and `finalize` may be asked at any time.
package struct SHA256: Sendable {
    private var state = State()

    package init() {}

    package mutating func update(_ bytes: some Collection<UInt8>) {
        if !isKnownUniquelyReferenced(&state) { state = State(copying: state) }
        state.update(bytes)
    }

    /// The digest of all bytes so far.
    package func finalize() -> Digest { State(copying: state).end() }

    /// The digest of `bytes`.
    package static func hash(_ bytes: some Collection<UInt8>) -> Digest {
        let state = State()
        state.update(bytes)
        return state.end()
    }

    /// What a SHA-256 comes to: 32 bytes.
    package struct Digest: Hashable, Sendable {
        package let bytes: [UInt8]

        /// 64 lower-case digits.
        package var hex: String { Hexadecimal.text(of: bytes) }
    }
}

/// libcrypto's context. Unchecked: its owner changes it only while nobody else holds it.
private final class State: @unchecked Sendable {
    /// Fetched once, because looking an algorithm up costs more than hashing a request. Unchecked: never changed.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
            fatalError("OpenSSL's libcrypto offers no SHA-256; see the providers in its openssl.cnf")
        }
        return algorithm
    }()

    private let context: OpaquePointer

    init() {
        context = Self.allocated()
        precondition(EVP_DigestInit_ex(context, Self.algorithm, nil) == 1, "libcrypto cannot begin a SHA-256")
    }

    init(copying other: State) {
        context = Self.allocated()
        precondition(EVP_MD_CTX_copy_ex(context, other.context) == 1, "libcrypto cannot copy a SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: some Collection<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { add(UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { add($0) } }
    }

    /// To be called once, as the last.
    func end() -> SHA256.Digest {
        let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            precondition(
                EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1, "libcrypto cannot end a SHA-256")
            count = 32
        }
        return SHA256.Digest(bytes: bytes)
    }

    private func add(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "libcrypto cannot go on with a SHA-256")
    }

    private static func allocated() -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { fatalError("no memory for a SHA-256") }
        return context
    }
}
