/// Sessions of one item that claimed the same confidence and got the same score.
public struct GradedConfidence: Hashable, Sendable {
    /// Place of the item among those that have a confidence, from 0.
    public var item: Int
    /// In [0, 1].
    public var confidence: Double
    /// In [0, 1].
    public var score: Double
    /// How many such sessions there are.
    public var count: Int

    public init(item: Int, confidence: Double, score: Double, count: Int = 1) {
        self.item = item
        self.confidence = confidence
        self.score = score
        self.count = count
    }
}

/// The confidences of one level of an arm with what became of them. Memory grows with items and the different outcomes
/// of an item.
public struct GradedConfidences: Sendable {
    /// In the order of items.
    public private(set) var groups: [GradedConfidence] = []
    /// Items with a confidence.
    public private(set) var items = 0
    /// Sessions with a confidence.
    public private(set) var sessions = 0
    /// Their mean squared distance from the score.
    public private(set) var brier = ClusteredMean()
    private var currentItem: Int?
    private var firstOfItem = 0

    public init() {}

    /// One more session; the sessions of an item must follow each other.
    /// - Parameters:
    ///   - confidence: In [0, 1]; others must not come here.
    ///   - item: Any number that tells the item from the next.
    public mutating func add(item: Int, confidence: Double, score: Double) {
        if currentItem != item {
            currentItem = item
            items += 1
            firstOfItem = groups.count
        }
        sessions += 1
        brier.add((confidence - score) * (confidence - score), cluster: item)
        if let known = groups[firstOfItem...].firstIndex(where: { $0.confidence == confidence && $0.score == score }) {
            groups[known].count += 1
        } else {
            groups.append(GradedConfidence(item: items - 1, confidence: confidence, score: score))
        }
    }
}
