internal import Foundation
internal import Hashing

/// What is asked of a model, without the sample index: two equal requests draw from the same row of samples.
package struct CompletionRequest: Codable, Hashable, Sendable {
    package var messages: [ChatMessage]
    /// Assistant text that the completion continues; empty: none.
    package var prefix: String
    package var sampling: SamplingParameters

    package init(messages: [ChatMessage], prefix: String = "", sampling: SamplingParameters) {
        self.messages = messages
        self.prefix = prefix
        self.sampling = sampling
    }
}

/// SHA-256 of a request's canonical form under a model's fingerprint.
package struct RequestKey: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The key of `request` under `fingerprint`. Canonical form: fingerprint, messages, prefix and sampling in fixed
    /// order, texts as UTF-8 after their length, numbers as IEEE 754 bits or 64-bit integers, all little-endian, so
    /// that no encoder's habits enter the key.
    package init(fingerprint: String, request: CompletionRequest) {
        var canonical = CanonicalBytes()
        canonical.append(fingerprint)
        canonical.append(request.messages.count)
        for message in request.messages {
            canonical.append(message.role.rawValue)
            canonical.append(message.content)
        }
        canonical.append(request.prefix)
        let sampling = request.sampling
        for value in [sampling.temperature, sampling.topP, sampling.minP] { canonical.append(value) }
        for value in [sampling.topK, sampling.maxTokens, sampling.topLogprobs ?? -1, sampling.stop.count] {
            canonical.append(value)
        }
        for stop in sampling.stop { canonical.append(stop) }
        // Without a schema the bytes are those of before there were schemas, and so are the keys.
        if let schema = sampling.jsonSchema { canonical.append(schema) }
        // The same of seeds; the word keeps a seed apart from a schema.
        if let seed = sampling.seed {
            canonical.append("seed")
            canonical.append(seed)
        }
        bytes = SHA256.hash(canonical.bytes).bytes
    }

    package var hex: String { Hexadecimal.text(of: bytes) }

    /// The first eight bytes in hexadecimal: enough to tell requests of one run apart for people.
    package var short: String { Hexadecimal.text(of: bytes.prefix(8)) }
}

/// Bytes that are the same for equal values on every machine: the input of content hashes.
package struct CanonicalBytes {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func append(_ data: some Collection<UInt8>) {
        append(data.count)
        bytes.append(contentsOf: data)
    }

    package mutating func append(_ value: Int) {
        withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ value: Double) {
        append(value == 0 ? 0.0.bitPattern : value.bitPattern)
    }

    /// SHA-256 of the bytes, 32 bytes.
    package var sha256: [UInt8] { SHA256.hash(bytes).bytes }

    /// The first eight bytes of the SHA-256, as a seed.
    package var seed: UInt64 {
        sha256.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Which sample of a request: the k-th completion of one repeat. Repeats never share samples; arms of one repeat do.
package struct SampleIndex: Hashable, Comparable, Sendable {
    package var repeatIndex: Int
    package var index: Int

    package init(repeatIndex: Int, index: Int) {
        self.repeatIndex = repeatIndex
        self.index = index
    }

    package static func < (a: SampleIndex, b: SampleIndex) -> Bool {
        (a.repeatIndex, a.index) < (b.repeatIndex, b.index)
    }
}
