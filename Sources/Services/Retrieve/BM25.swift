internal import Foundation

/// Okapi BM25 (Robertson et al., TREC-3, 1994) in the form of Lucene, which Kamphuis et al., "Which BM25 Do You Mean?"
/// (ECIR 2020) call "Lucene (accurate)":
///
///     score(d, q) = Σ over words w of q:  idf(w) · tf / (tf + k1 · (1 − b + b · |d| / avgdl))
///     idf(w)      = ln(1 + (N − df + ½) / (df + ½))
///
/// A word that stands twice in the query counts twice. Lengths are exact, and the idf is never negative.
struct BM25 {
    let k1: Double
    let b: Double

    /// What a search needs of memory: kept from one to the next.
    final class Scratch: @unchecked Sendable {
        // Sendable: one thread at a time uses it.
        fileprivate var scores: [Double] = []
        fileprivate var touched: [Int] = []
    }

    static func idf(documents: Int, having df: Int) -> Double {
        log(1 + (Double(documents - df) + 0.5) / (Double(df) + 0.5))
    }

    func search(_ query: String, in index: IndexFile, limit: Int, _ scratch: Scratch) -> [TopHits.Hit] {
        if scratch.scores.count != index.documents {
            scratch.scores = [Double](repeating: 0, count: index.documents)
        }
        var counts: [String: Int] = [:]
        for word in WordSplitter.words(query) { counts[word, default: 0] += 1 }
        let average = index.documents > 0 ? Double(index.words) / Double(index.documents) : 0
        // In one order, so that sums are the same every time.
        for (word, count) in counts.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard let place = index.place(ofWord: word) else { continue }
            add(index.postings(ofWord: place), times: Double(count), index, average, scratch)
        }
        var top = TopHits(limit: limit)
        for document in scratch.touched {
            top.add(document, scratch.scores[document])
            scratch.scores[document] = 0
        }
        scratch.touched.removeAll(keepingCapacity: true)
        return top.sorted
    }

    private func add(
        _ postings: UnsafeRawBufferPointer, times: Double, _ index: IndexFile, _ average: Double, _ scratch: Scratch
    ) {
        var place = 0
        guard let df = VariableNumber.read(postings, &place), df > 0, Int(df) <= index.documents else { return }
        let weight = times * Self.idf(documents: index.documents, having: Int(df))
        var document = 0
        for _ in 0..<df {
            guard let distance = VariableNumber.read(postings, &place),
                let frequency = VariableNumber.read(postings, &place)
            else { return }
            document += Int(distance)
            guard document < index.documents, frequency > 0 else { return }
            let length = Double(index.shortNumber(.lengths, document))
            let tf = Double(frequency)
            if scratch.scores[document] == 0 { scratch.touched.append(document) }
            scratch.scores[document] += weight * tf / (tf + k1 * (1 - b + b * length / average))
        }
    }
}
