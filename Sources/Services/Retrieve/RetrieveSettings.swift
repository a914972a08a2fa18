package import SuiteModel

/// A corpus, and how its documents are found.
package struct RetrieveSettings: Sendable {
    package enum Method: String, CaseIterable, Sendable {
        /// By words.
        case bm25
        /// By vectors of an `embed` service.
        case vectors
    }

    package enum Metric: String, CaseIterable, Sendable {
        case cosine, dot
    }

    /// Lists of an inverted file.
    package enum Lists: Hashable, Sendable {
        /// Every vector is compared.
        case none
        /// As many as the square root of the documents.
        case bySize
        case count(Int)

        /// For so many documents, none more than these; 0: none.
        func number(for documents: Int) -> Int {
            switch self {
            case .none: 0
            case .bySize: max(1, Int(Double(documents).squareRoot()))
            case .count(let count): min(count, documents)
            }
        }

        var identity: String {
            switch self {
            case .none: "none"
            case .bySize: "by size"
            case .count(let count): "\(count)"
            }
        }
    }

    /// The service's name in the suite.
    package var name: String
    /// The corpus: `inputField` is the text, `idField` the id; without one, a field `id` where rows have it, else their
    /// places from 0.
    package var corpus: DatasetSpec
    package var method: Method
    /// BM25: how soon more of a word adds nothing, 0 or more.
    package var k1: Double
    /// BM25: how much long documents are marked down, 0...1.
    package var b: Double
    package var metric: Metric
    package var lists: Lists
    /// Lists that a query looks into.
    package var probes: Int
    /// Seed of the lists' first centres.
    package var seed: UInt64
    /// Documents that are given where a payload does not say how many.
    package var limit: Int
    /// Queries at once.
    package var connections: Int

    package init(
        name: String, corpus: DatasetSpec, method: Method = .bm25, k1: Double = 1.2, b: Double = 0.75,
        metric: Metric = .cosine, lists: Lists = .none, probes: Int = 8, seed: UInt64 = 0, limit: Int = 10,
        connections: Int = 2
    ) {
        self.name = name
        self.corpus = corpus
        self.method = method
        self.k1 = k1
        self.b = b
        self.metric = metric
        self.lists = lists
        self.probes = probes
        self.seed = seed
        self.limit = limit
        self.connections = connections
    }

    /// The most documents of one call.
    package static let mostHits = 1000
}
