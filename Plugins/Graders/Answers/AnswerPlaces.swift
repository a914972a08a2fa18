import EvalhNumbers

/// The places in a text that may hold its answer because the text says so. Each kind gives the last place first: what a
/// model says last is what it means.
struct AnswerPlaces {
    /// A place of an answer: the text that stands there, and the byte it begins at.
    struct Place {
        var start: Int
        var text: String
    }

    /// So many places of a kind are looked at, from the last one back. A text that names more answers without one that
    /// can be read has none, and reading it takes time in proportion to its length.
    static let maximum = 1_000
    /// So many bytes of a line are an answer at most.
    static let lineBytes = 2_000

    let text: String
    let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// What stands behind each `marker`, to the end of the line.
    func behind(_ marker: String) -> some Sequence<String> { places(behind: marker).lazy.map(\.text) }

    /// The same, with where it stands.
    func places(behind marker: String) -> some Sequence<Place> {
        let marker = Array(marker.utf8)
        return ByteSearch.places(of: marker, in: bytes).suffix(Self.maximum).reversed().lazy.map {
            Place(start: $0 + marker.count, text: line(from: $0 + marker.count))
        }
    }

    /// What stands in the braces of each `\boxed`, `\fbox` or what else `command` is.
    func boxed(by command: String) -> some Sequence<String> { places(boxedBy: command).lazy.map(\.text) }

    /// The same, with where it stands.
    func places(boxedBy command: String) -> some Sequence<Place> {
        let command = Array(command.utf8)
        let found = ByteSearch.places(of: command, in: bytes)
        let braces = found.isEmpty ? nil : BracePairs(bytes)
        return found.reversed().lazy.compactMap { place -> Place? in
            let open = bytes[(place + command.count)...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.count
            guard let close = braces?.close(of: open) else { return nil }
            return Place(start: open + 1, text: String(decoding: bytes[open + 1..<close], as: UTF8.self))
        }.prefix(Self.maximum)
    }

    /// Where each phrase ends, as a byte's offset. Phrases are lower-case ASCII and stand in any case in the text.
    func ends(of phrases: [[UInt8]]) -> [Int] {
        let lower = ByteSearch.lowercased(bytes)
        return phrases.flatMap { phrase in
            ByteSearch.places(of: phrase, in: lower).suffix(Self.maximum).map { $0 + phrase.count }
        }
        .sorted(by: >)
    }

    /// From a byte to the end of the text.
    func rest(from offset: Int) -> Substring { text[text.utf8.index(text.startIndex, offsetBy: offset)...] }

    /// From a byte to the end of its line; bytes of `skipped`, line ends too, are passed over first. Of a long line the
    /// beginning.
    func line(from offset: Int, skipping skipped: String = "") -> String {
        let start = bytes[offset...].firstIndex { !skipped.utf8.contains($0) } ?? bytes.count
        let limit = min(bytes.count, start + Self.lineBytes)
        var end = bytes[start..<limit].firstIndex(of: UInt8(ascii: "\n")) ?? limit
        // No character is cut in two.
        while end == limit, end > start, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
