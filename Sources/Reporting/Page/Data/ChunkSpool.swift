internal import Foundation

/// The page's compressed chunks, kept in a file beside the page until its beginning, which needs the summary, is
/// written.
struct ChunkSpool {
    private let path: String
    private let output: FileOutput

    init(besides page: String) throws {
        path = page + ".chunks"
        output = try FileOutput(path)
    }

    /// Adds a block that a browser neither shows nor runs.
    /// - Parameters:
    ///   - kind: what the script shall take it for.
    ///   - range: what is in it, by number.
    /// - Returns: the compressed size.
    func add(_ data: Data, kind: String, _ range: ClosedRange<Int>) throws -> Int {
        let packed = Deflate.compress(data, .raw)
        try output.write(
            "<script type=\"application/octet-stream\" data-chunk=\"\(kind)\" data-from=\"\(range.lowerBound)\" data-to=\"\(range.upperBound)\">"
        )
        try output.write(packed.base64EncodedData())
        try output.write("</script>\n")
        return packed.count
    }

    /// Copies the chunks and removes their file.
    func move(to page: FileOutput) throws {
        try output.finish()
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw ReportError(path: path, message: "is gone; make the report again")
        }
        defer {
            try? input.close()
            try? FileManager.default.removeItem(atPath: path)
        }
        while let piece = try input.read(upToCount: 1 << 18), !piece.isEmpty { try page.write(piece) }
    }
}
