internal import Foundation
internal import Hashing
internal import JSON

/// An index that lies on disk, seen through memory. It was made by some evalh some time ago: its checksum, its table
/// and the order of its starts are checked when it is opened, every place in it when it is read.
final class IndexFile: @unchecked Sendable {
    // Sendable: the memory is read-only and mapped until the end.
    private let memory: UnsafeRawBufferPointer
    private var sections: [IndexSection: Range<Int>] = [:]
    let documents: Int
    /// Words of all documents.
    let words: Int
    /// 0: there are no vectors.
    let dimensions: Int
    /// 0: there are no lists.
    let lists: Int

    /// - Parameter key: what the index must have been made of.
    /// - Returns: `nil` if there is none, or it is not what it should be: it is then made anew.
    init?(path: String, key: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var kind = stat()
        guard fstat(file, &kind) == 0, kind.st_size > IndexWriter.footerSize,
            let start = mmap(nil, Int(kind.st_size), PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED
        else { return nil }
        memory = UnsafeRawBufferPointer(start: start, count: Int(kind.st_size))
        guard let sections = Self.sections(memory), let range = sections[.about],
            let about = try? JSONValue(parsing: Array(memory[range])), about["key"]?.string == key,
            let documents = about["documents"]?.int, let words = about["words"]?.int,
            let dimensions = about["dimensions"]?.int, let lists = about["lists"]?.int
        else {
            (documents, words, dimensions, lists) = (0, 0, 0, 0)
            return nil
        }
        self.sections = sections
        (self.documents, self.words, self.dimensions, self.lists) = (documents, words, dimensions, lists)
        guard isWhole else { return nil }
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count) }

    private static func sections(_ memory: UnsafeRawBufferPointer) -> [IndexSection: Range<Int>]? {
        let digestStart = memory.count - 32
        var hash = SHA256()
        hash.update(UnsafeRawBufferPointer(rebasing: memory[..<digestStart]))
        let footer = memory.count - IndexWriter.footerSize
        guard hash.finalize().bytes == Array(memory[digestStart...]),
            Array(memory[footer..<footer + 8]) == IndexWriter.magic
        else { return nil }
        func number(_ place: Int) -> Int? {
            Int(exactly: memory.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
        guard let start = number(footer + 8), let count = number(footer + 16), count <= 64, start >= 0,
            start + count * 24 <= footer
        else { return nil }
        var found: [IndexSection: Range<Int>] = [:]
        for place in (0..<count).map({ start + $0 * 24 }) {
            guard let id = number(place), let first = number(place + 8), let size = number(place + 16),
                let section = IndexSection(rawValue: UInt64(id)), first % 8 == 0, first <= start, size <= start - first
            else { return nil }
            found[section] = first..<first + size
        }
        return found
    }

    /// Whether sections are as large as they must be, and starts are in order.
    private var isWhole: Bool {
        guard documents >= 0, documents < Int(UInt32.max), dimensions >= 0, lists >= 0, size(.lengths) == documents * 4,
            size(.documentStarts) == (documents + 1) * 8,
            isRising(.documentStarts, documents + 1, within: size(.documents)), size(.wordStarts) % 8 == 0,
            size(.wordStarts) >= 8, isRising(.wordStarts, size(.wordStarts) / 8, within: size(.words)),
            size(.postingStarts) == size(.wordStarts) - 8, size(.postingSizes) == size(.wordStarts) - 8,
            size(.vectors) == documents * dimensions * 4, size(.centres) == lists * dimensions * 4
        else { return false }
        guard lists > 0 else { return true }
        return size(.listStarts) == (lists + 1) * 8 && size(.listed) == documents * 4
            && isRising(.listStarts, lists + 1, within: documents)
    }

    private func isRising(_ section: IndexSection, _ count: Int, within limit: Int) -> Bool {
        var last: UInt64 = 0
        for place in 0..<count {
            let next = number(section, place)
            guard next >= last, next <= UInt64(limit) else { return false }
            last = next
        }
        return true
    }

    // MARK: Reading

    func size(_ section: IndexSection) -> Int { sections[section]?.count ?? 0 }

    func bytes(_ section: IndexSection) -> UnsafeRawBufferPointer {
        guard let range = sections[section] else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: memory[range])
    }

    func number(_ section: IndexSection, _ place: Int) -> UInt64 {
        bytes(section).load(fromByteOffset: place * 8, as: UInt64.self)
    }

    func shortNumber(_ section: IndexSection, _ place: Int) -> UInt32 {
        bytes(section).load(fromByteOffset: place * 4, as: UInt32.self)
    }

    func floats(_ section: IndexSection) -> UnsafeBufferPointer<Float> {
        bytes(section).assumingMemoryBound(to: Float.self)
    }

    /// What was kept of a document; `nil`: it is no JSON.
    func document(_ place: Int) -> JSONValue? {
        let range = Int(number(.documentStarts, place))..<Int(number(.documentStarts, place + 1))
        return try? JSONValue(parsing: Array(bytes(.documents)[range]), JSONRules(maximumBytes: range.count))
    }

    /// The place of a word among all; `nil`: no document has it.
    func place(ofWord word: String) -> Int? {
        let wanted = Array(word.utf8)
        let all = bytes(.words)
        var (low, high) = (0, size(.wordStarts) / 8 - 1)
        while low < high {
            let middle = (low + high) / 2
            let found = all[Int(number(.wordStarts, middle))..<Int(number(.wordStarts, middle + 1))]
            if found.elementsEqual(wanted) { return middle }
            if found.lexicographicallyPrecedes(wanted) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The documents that have a word; empty where they do not lie within the section.
    func postings(ofWord place: Int) -> UnsafeRawBufferPointer {
        let all = bytes(.postings)
        guard let start = Int(exactly: number(.postingStarts, place)),
            let size = Int(exactly: number(.postingSizes, place)), start <= all.count, size <= all.count - start
        else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: all[start..<start + size])
    }
}
