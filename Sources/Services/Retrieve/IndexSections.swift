internal import Files
internal import Foundation
internal import Hashing

/// The parts of an index file.
enum IndexSection: UInt64, CaseIterable {
    /// A JSON object: `key`, `documents`, `words`, `dimensions`, `lists`.
    case about = 1
    /// Each document as JSON, one after the other; where each begins, and where the last ends.
    case documents, documentStarts
    /// Words of each document.
    case lengths
    /// All words in the order of their bytes, one after the other; where each begins, and where the last ends.
    case words, wordStarts
    /// For each word, in the same order: where its documents begin, and their bytes.
    case postingStarts, postingSizes
    /// For each word how many documents have it, then each document's distance from the one before and how often it has
    /// the word; all as LEB128.
    case postings
    /// Of each document, as 32-bit floats.
    case vectors
    /// Centres of lists; where each list's documents begin, and where the last ends; the documents of all lists.
    case centres, listStarts, listed
}

/// Writes an index file: sections, a table of them, and 64 bytes at the end:
///
/// | bytes | |
/// |---|---|
/// | 8 | `evalhix1` |
/// | 8 | where the table begins |
/// | 8 | its entries: number of a section, its first byte, its bytes, 8 bytes each |
/// | 8 | 0 |
/// | 32 | SHA-256 of all before |
///
/// Numbers are little-endian; sections begin at multiples of 8.
struct IndexWriter {
    static let magic = Array("evalhix1".utf8)
    static let footerSize = 64

    private let file: WholeFile
    private var hash = SHA256()
    private var table: [UInt64] = []

    init(path: String) throws(FileFailure) { file = try WholeFile(path) }

    mutating func begin(_ section: IndexSection) throws(FileFailure) {
        end()
        let padding = Int((8 - file.position % 8) % 8)
        try put([UInt8](repeating: 0, count: padding))
        table += [section.rawValue, file.position, 0]
    }

    /// More of the section that was begun last.
    mutating func write(_ bytes: [UInt8]) throws(FileFailure) { try put(bytes) }

    /// A section of numbers.
    mutating func write<Number: BitwiseCopyable>(_ section: IndexSection, _ numbers: [Number]) throws(FileFailure) {
        try begin(section)
        let bytes = numbers.withUnsafeBytes { Array($0) }
        try put(bytes)
    }

    mutating func finish() throws(FileFailure) {
        end()
        let padding = Int((8 - file.position % 8) % 8)
        try put([UInt8](repeating: 0, count: padding))
        let start = file.position
        let footer = [start, UInt64(table.count / 3), 0]
        try put(table.withUnsafeBytes { Array($0) } + Self.magic + footer.withUnsafeBytes { Array($0) })
        try file.write(hash.finalize().bytes)
        try file.finish()
    }

    private mutating func end() {
        guard !table.isEmpty else { return }
        let last = table.count - 1
        if table[last] == 0 { table[last] = file.position - table[last - 1] }
    }

    private mutating func put(_ bytes: [UInt8]) throws(FileFailure) {
        hash.update(bytes)
        try file.write(bytes)
    }
}
