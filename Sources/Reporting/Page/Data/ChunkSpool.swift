internal import Files
internal import Foundation

/// The page's compressed chunks, kept in a file without a name beside the page until its beginning, which needs the
/// summary, is written.
struct ChunkSpool {
    private let output: WholeFile

    init(besides page: String) throws { output = try WholeFile(page, isSpool: true) }

    /// Adds a block that a browser neither shows nor runs.
    /// - Parameters:
    ///   - kind: what the script shall take it for.
    ///   - range: what is in it, by number.
    /// - Returns: the compressed size.
    func add(_ data: Data, kind: String, _ range: ClosedRange<Int>) throws -> Int {
        let packed = Deflate.compress(data, .raw)
        try output.write(
            "<script type=\"application/octet-stream\" data-chunk=\"\(kind)\" data-from=\"\(range.lowerBound)\" "
                + "data-to=\"\(range.upperBound)\">"
        )
        try output.write(packed.base64EncodedData())
        try output.write("</script>\n")
        return packed.count
    }

    /// Copies the chunks.
    func move(to page: WholeFile) throws { try page.write(contentsOf: output) }
}
