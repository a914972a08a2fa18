/// Bounds on what hostile output can cost: of longer texts the end is read, where answers stand.
enum TextLimit {
    static let bytes = 1 << 20

    static func end(of text: String) -> String {
        text.utf8.count <= bytes ? text : String(decoding: text.utf8.suffix(bytes), as: UTF8.self)
    }
}
