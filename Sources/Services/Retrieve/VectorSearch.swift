/// Documents by the inner product of their vectors with the query's: all of them, or those of the nearest lists.
enum VectorSearch {
    /// - Parameters:
    ///   - vector: of the index's dimensions; of length 1 where cosines are meant, as the index's are then.
    ///   - probes: lists that are looked into; no matter where the index has none.
    static func search(_ vector: [Float], in index: IndexFile, limit: Int, probes: Int) -> [TopHits.Hit] {
        var top = TopHits(limit: limit)
        let dimensions = index.dimensions
        let vectors = index.floats(.vectors)
        vector.withUnsafeBufferPointer { query in
            guard let query = query.baseAddress, let vectors = vectors.baseAddress else { return }
            guard index.lists > 0 else {
                for document in 0..<index.documents {
                    top.add(document, Double(VectorMath.dot(query, vectors + document * dimensions, dimensions)))
                }
                return
            }
            for list in nearest(query, in: index, probes) {
                for place in Int(index.number(.listStarts, list))..<Int(index.number(.listStarts, list + 1)) {
                    let document = Int(index.shortNumber(.listed, place))
                    guard document < index.documents else { continue }
                    top.add(document, Double(VectorMath.dot(query, vectors + document * dimensions, dimensions)))
                }
            }
        }
        return top.sorted
    }

    private static func nearest(_ query: UnsafePointer<Float>, in index: IndexFile, _ probes: Int) -> [Int] {
        guard let centres = index.floats(.centres).baseAddress else { return [] }
        var top = TopHits(limit: min(probes, index.lists))
        for list in 0..<index.lists {
            let centre = centres + list * index.dimensions
            let square = VectorMath.dot(centre, centre, index.dimensions)
            top.add(list, Double(2 * VectorMath.dot(query, centre, index.dimensions) - square))
        }
        return top.sorted.map(\.document)
    }
}
