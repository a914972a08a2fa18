import EvalhNumbers

/// The places in a text that may hold its answer because the text says so. Each kind gives the last place first: what a
/// model says last is what it means.
struct AnswerPlaces {
    let text: String
    let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// What stands behind each `marker`, to the end of the line.
    func behind(_ marker: String) -> some Sequence<String> {
        let marker = Array(marker.utf8)
        return ByteSearch.places(of: marker, in: bytes).reversed().lazy.map { line(from: $0 + marker.count) }
    }

    /// What stands in the braces of each `\boxed`, `\fbox` or what else `command` is.
    func boxed(by command: String) -> some Sequence<String> {
        let command = Array(command.utf8)
        return ByteSearch.places(of: command, in: bytes).reversed().lazy.compactMap { place in
            var reader = BraceReader(rest(from: place + command.count))
            return reader.group()
        }
    }

    /// Where each phrase ends, as a byte's offset. Phrases are lower-case ASCII and stand in any case in the text.
    func ends(of phrases: [[UInt8]]) -> [Int] {
        let lower = ByteSearch.lowercased(bytes)
        return phrases.flatMap { phrase in ByteSearch.places(of: phrase, in: lower).map { $0 + phrase.count } }
            .sorted(by: >)
    }

    /// From a byte to the end of the text.
    func rest(from offset: Int) -> Substring { text[text.utf8.index(text.startIndex, offsetBy: offset)...] }

    /// From a byte to the end of its line; bytes of `skipped`, line ends too, are passed over first.
    func line(from offset: Int, skipping skipped: String = "") -> String {
        let start = bytes[offset...].firstIndex { !skipped.utf8.contains($0) } ?? bytes.count
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
