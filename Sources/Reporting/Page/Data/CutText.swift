internal import JSON

/// A text of bounded size: its beginning and its end.
struct CutText {
    var head: String
    var tail: String
    /// Bytes of UTF-8 left out between them; 0: the text is whole.
    var omitted: Int

    /// - Parameter limit: bytes of UTF-8 to keep at most; half of them the end's, where answers stand.
    init(_ text: String, limit: Int) {
        let utf8 = text.utf8
        guard utf8.count > limit else {
            (head, tail, omitted) = (text, "", 0)
            return
        }
        head = Self.beginning(text, limit / 2)
        tail = Self.end(text, limit / 2)
        omitted = utf8.count - head.utf8.count - tail.utf8.count
    }

    /// Cut again.
    func cut(_ limit: Int) -> CutText {
        guard head.utf8.count + tail.utf8.count > limit else { return self }
        if omitted == 0 { return CutText(head, limit: limit) }
        var shorter = self
        shorter.head = Self.beginning(head, limit / 2)
        shorter.tail = Self.end(tail, limit / 2)
        shorter.omitted += head.utf8.count + tail.utf8.count - shorter.head.utf8.count - shorter.tail.utf8.count
        return shorter
    }

    /// As the page's script reads it: a string where whole, else beginning, end, and how many bytes are missing.
    func write(to json: inout JSONWriter) {
        guard omitted > 0 else { return json.add(head) }
        json.array { json in
            json.add(head)
            json.add(tail)
            json.add(omitted)
        }
    }

    /// A short text of one piece, with a mark where its end is missing.
    static func short(_ text: String, _ limit: Int) -> String {
        text.utf8.count <= limit ? text : beginning(text, limit - 3) + "…"
    }

    private static func beginning(_ text: String, _ bytes: Int) -> String {
        var end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) ?? text.endIndex
        while end < text.endIndex, text.utf8[end] & 0xC0 == 0x80 { text.utf8.formIndex(before: &end) }
        return String(text.unicodeScalars[..<end])
    }

    private static func end(_ text: String, _ bytes: Int) -> String {
        var start = text.utf8.index(text.endIndex, offsetBy: -bytes, limitedBy: text.startIndex) ?? text.startIndex
        while start < text.endIndex, text.utf8[start] & 0xC0 == 0x80 { text.utf8.formIndex(after: &start) }
        return String(text.unicodeScalars[start...])
    }
}
