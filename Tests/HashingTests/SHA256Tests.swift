import Hashing
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    /// FIPS 180-4's examples (NIST's SHA256.pdf and the long message), and the empty message of SHAVS.
    static let vectors: [(String, String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                + "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ]

    @Test("NIST's messages have NIST's digests", arguments: vectors)
    func vector(message: String, digest: String) {
        #expect(SHA256.hash(message.utf8).hex == digest)
    }

    @Test("a million times a, in pieces of any size, has NIST's digest", arguments: [1, 63, 64, 65, 4096, 999_999])
    func pieces(size: Int) {
        var hash = SHA256()
        var left = 1_000_000
        while left > 0 {
            let count = min(size, left)
            hash.update(repeatElement(UInt8(ascii: "a"), count: count))
            left -= count
        }
        #expect(hash.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("a digest taken on the way does not end the sum")
    func digestOnTheWay() {
        var hash = SHA256()
        hash.update("ab".utf8)
        #expect(hash.finalize() == SHA256.hash("ab".utf8))
        #expect(hash.finalize() == SHA256.hash("ab".utf8))
        hash.update("c".utf8)
        #expect(hash.finalize() == SHA256.hash("abc".utf8))
    }

    @Test("a copy goes on by itself")
    func copies() {
        var first = SHA256()
        first.update("a".utf8)
        var second = first
        second.update("x".utf8)
        first.update("b".utf8)
        #expect(first.finalize() == SHA256.hash("ab".utf8))
        #expect(second.finalize() == SHA256.hash("ax".utf8))
    }

    @Test("bytes that lie in pieces are hashed as if they lay in one")
    func scatteredBytes() {
        let bytes = [Array("abc".utf8), Array("dbcd".utf8)].joined()
        #expect(SHA256.hash(Array(bytes)) == SHA256.hash("abcdbcd".utf8))
        #expect(SHA256.hash("xabcdbcdx".utf8.dropFirst().dropLast()) == SHA256.hash("abcdbcd".utf8))
        #expect(SHA256.hash(bytes.lazy.map { $0 }.filter { _ in true }) == SHA256.hash("abcdbcd".utf8))
    }

    @Test("every byte has its two digits")
    func hexadecimal() {
        #expect(Hexadecimal.text(of: [0, 9, 10, 15, 16, 0xA0, 0xFF]) == "00090a0f10a0ff")
        #expect(Hexadecimal.text(of: []).isEmpty)
        #expect(SHA256.hash([]).bytes.count == 32)
    }
}
