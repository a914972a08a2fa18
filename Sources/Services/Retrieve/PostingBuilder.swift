internal import Files

/// Which documents have which words, gathered in bounded memory: whenever enough has come, it is sorted by word and set
/// down in a spool, and at the end the blocks are merged. In memory for good are only the distinct words.
struct PostingBuilder {
    /// Pairs of word and document in memory: 12 bytes each, and as much again while they are sorted.
    private let blockSize: Int
    private let spool: WholeFile
    private var ids: [String: UInt32] = [:]
    private var pairs: [Pair] = []
    private var blocks: [Range<UInt64>] = []

    private struct Pair {
        var word: UInt32
        var document: UInt32
        var count: UInt32
    }

    /// - Parameter path: beside which the spool lies.
    init(path: String, blockSize: Int = 8 << 20) throws(FileFailure) {
        spool = try WholeFile(path, isSpool: true)
        self.blockSize = blockSize
    }

    /// - Parameter document: larger than the one before.
    mutating func add(_ words: [String], document: UInt32) throws(FileFailure) {
        let found = words.map { id(of: $0) }.sorted()
        var start = 0
        while start < found.count {
            var end = start + 1
            while end < found.count, found[end] == found[start] { end += 1 }
            pairs.append(Pair(word: found[start], document: document, count: UInt32(end - start)))
            start = end
        }
        if pairs.count >= blockSize { try flush() }
    }

    private mutating func id(of word: String) -> UInt32 {
        if let known = ids[word] { return known }
        let new = UInt32(ids.count)
        ids[word] = new
        return new
    }

    /// Sets down what is in memory: for each word that occurs its number, how many documents follow, and these.
    private mutating func flush() throws(FileFailure) {
        guard !pairs.isEmpty else { return }
        // A word's documents stay in their order: the sort by counting is stable.
        var starts = [Int](repeating: 0, count: ids.count + 1)
        for pair in pairs { starts[Int(pair.word) + 1] += 1 }
        for word in 1..<starts.count { starts[word] += starts[word - 1] }
        var next = starts
        var sorted = pairs
        for pair in pairs {
            sorted[next[Int(pair.word)]] = pair
            next[Int(pair.word)] += 1
        }
        let begin = spool.position
        var bytes: [UInt8] = []
        for word in 0..<ids.count where starts[word] < starts[word + 1] {
            VariableNumber.append(UInt32(word), to: &bytes)
            VariableNumber.append(UInt32(starts[word + 1] - starts[word]), to: &bytes)
            var last: UInt32 = 0
            for pair in sorted[starts[word]..<starts[word + 1]] {
                VariableNumber.append(pair.document - last, to: &bytes)
                VariableNumber.append(pair.count, to: &bytes)
                last = pair.document
            }
            if bytes.count > 1 << 20 {
                try spool.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try spool.write(bytes)
        blocks.append(begin..<spool.position)
        pairs.removeAll(keepingCapacity: true)
    }

    /// Writes words and postings.
    mutating func finish(into writer: inout IndexWriter) throws(FileFailure) {
        try flush()
        pairs = []
        var readers: [BlockReader] = []
        for block in blocks { readers.append(try BlockReader(spool, block)) }
        var starts = [UInt64](repeating: 0, count: ids.count)
        var sizes = starts
        var position: UInt64 = 0
        var bytes: [UInt8] = []
        try writer.begin(.postings)
        for word in 0..<ids.count {
            let size = bytes.count
            try Self.merge(UInt32(word), &readers, into: &bytes)
            starts[word] = position
            sizes[word] = UInt64(bytes.count - size)
            position += sizes[word]
            if bytes.count > 1 << 20 {
                try writer.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try writer.write(bytes)
        try writeWords(into: &writer, starts, sizes)
    }

    private static func merge(_ word: UInt32, _ readers: inout [BlockReader], into bytes: inout [UInt8])
        throws(FileFailure)
    {
        var count: UInt32 = 0
        for reader in readers where reader.word == word { count += reader.count }
        VariableNumber.append(count, to: &bytes)
        var last: UInt32 = 0
        for place in readers.indices where readers[place].word == word {
            var document: UInt32 = 0
            for _ in 0..<readers[place].count {
                document += try readers[place].number()
                VariableNumber.append(document - last, to: &bytes)
                VariableNumber.append(try readers[place].number(), to: &bytes)
                last = document
            }
            try readers[place].step()
        }
    }

    private func writeWords(into writer: inout IndexWriter, _ starts: [UInt64], _ sizes: [UInt64]) throws(FileFailure) {
        let sorted = ids.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var wordStarts: [UInt64] = [0]
        wordStarts.reserveCapacity(sorted.count + 1)
        var position: UInt64 = 0
        try writer.begin(.words)
        for (word, _) in sorted {
            try writer.write(Array(word.utf8))
            position += UInt64(word.utf8.count)
            wordStarts.append(position)
        }
        try writer.write(.wordStarts, wordStarts)
        try writer.write(.postingStarts, sorted.map { starts[Int($0.value)] })
        try writer.write(.postingSizes, sorted.map { sizes[Int($0.value)] })
    }
}

/// Reads a block of postings from the spool, piece by piece.
private struct BlockReader {
    private let spool: WholeFile
    private var rest: Range<UInt64>
    private var piece: [UInt8] = []
    private var place = 0
    /// The word whose documents come next; `nil`: the block is over.
    private(set) var word: UInt32?
    private(set) var count: UInt32 = 0

    init(_ spool: WholeFile, _ block: Range<UInt64>) throws(FileFailure) {
        self.spool = spool
        rest = block
        try step()
    }

    /// Goes on to the next word.
    mutating func step() throws(FileFailure) {
        guard place < piece.count || !rest.isEmpty else {
            word = nil
            return
        }
        word = try number()
        count = try number()
    }

    mutating func number() throws(FileFailure) -> UInt32 {
        if piece.count - place < 8, !rest.isEmpty {
            let more = try spool.read(at: rest.lowerBound, count: min(1 << 18, rest.count))
            piece = Array(piece[place...]) + more
            place = 0
            rest = more.isEmpty ? 0..<0 : rest.lowerBound + UInt64(more.count)..<rest.upperBound
        }
        return piece.withUnsafeBytes { VariableNumber.read($0, &place) } ?? 0
    }
}
