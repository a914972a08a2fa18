internal import Completions
internal import JSON

/// A JSON file: a list, or an object that holds one. It is read as a whole.
final class ListedRows: RowSource {
    private let rows: [JSONValue]
    private var order: [Int]
    private let digest: String

    init(path: String, name: String, list: String?, shuffle: UInt64?, limits: DatasetLimits) throws(RowFailure) {
        func failure(_ message: String, at place: SourceSpan? = nil, hint: String? = nil, line: [UInt8] = [])
            -> RowFailure
        {
            RowFailure(
                diagnostic: Diagnostic(at: place ?? .file(name), message, hint: hint), canGoOn: false, line: line)
        }
        var bytes: [UInt8] = []
        do throws(Diagnostic) {
            let file = try FileBytes(path: path, pieceSize: 1 << 20)
            while true {
                let piece = try file.next()
                if piece.isEmpty { break }
                bytes += piece
                if bytes.count > limits.jsonBytes {
                    throw Diagnostic(
                        at: .file(name), "more than \(limits.jsonBytes >> 20) MiB",
                        hint: "JSON Lines and CSV may be of any size")
                }
            }
            digest = file.sha256()
        } catch {
            var diagnostic = error
            diagnostic.file = name
            throw RowFailure(diagnostic: diagnostic, canGoOn: false, line: [])
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard bytes.contains(where: { $0 > 0x20 }) else { throw failure("the file is empty") }
        var value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, JSONRules(maximumBytes: limits.jsonBytes))
        } catch {
            let text = SourceText(name: name, bytes: bytes)
            let place = text.span(ofByte: error.offset)
            throw failure("not JSON: \(error.message)", at: place, line: Array((text.line(place.line) ?? "").utf8))
        }
        for part in list?.split(separator: ".").map(String.init) ?? [] {
            guard let next = value[part] else {
                let names = value.members?.map(\.key) ?? []
                throw failure(
                    "there is no `\(part)` in the file", hint: NearestName.hint(part, in: names, kind: "its keys"))
            }
            value = next
        }
        guard let rows = value.elements else {
            let lists = value.members?.filter { $0.value.elements != nil }.map(\.key) ?? []
            throw failure(
                "the rows must be a list",
                hint: lists.isEmpty ? nil : "name it: `list: \(lists[0])`; lists here: \(lists.joined(separator: ", "))"
            )
        }
        self.rows = rows
        order = Array(
            (shuffle.map { SeededShuffle.order(count: rows.count, seed: $0) } ?? Array(rows.indices)).reversed())
    }

    func next() throws(RowFailure) -> Row? {
        order.popLast().map { Row(value: rows[$0], line: $0 + 1) }
    }

    func fileDigest() throws(Diagnostic) -> String { digest }
}
