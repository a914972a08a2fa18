/// The best of many documents: those of the highest scores, of equal ones the earliest in the corpus.
struct TopHits {
    struct Hit: Hashable {
        var document: Int
        var score: Double
    }

    private let limit: Int
    /// A heap whose first is the worst.
    private var heap: [Hit] = []

    init(limit: Int) {
        self.limit = limit
        heap.reserveCapacity(limit)
    }

    private static func isWorse(_ a: Hit, _ b: Hit) -> Bool {
        a.score == b.score ? a.document > b.document : a.score < b.score
    }

    mutating func add(_ document: Int, _ score: Double) {
        let hit = Hit(document: document, score: score)
        if heap.count < limit {
            heap.append(hit)
            var place = heap.count - 1
            while place > 0, Self.isWorse(heap[place], heap[(place - 1) / 2]) {
                heap.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        } else if let worst = heap.first, Self.isWorse(worst, hit) {
            heap[0] = hit
            sink()
        }
    }

    private mutating func sink() {
        var place = 0
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, Self.isWorse(heap[child + 1], heap[child]) { child += 1 }
            guard Self.isWorse(heap[child], heap[place]) else { return }
            heap.swapAt(place, child)
            place = child
        }
    }

    /// Best first.
    var sorted: [Hit] { heap.sorted { Self.isWorse($1, $0) } }
}
