/// Centres of an inverted file by k-means (Lloyd) from seeded documents; the nearest centre is that of the least
/// Euclidean distance, of equal ones the first.
struct CentreTrainer {
    private let dimensions: Int
    private(set) var centres: [Float]
    private var squares: [Float] = []
    let lists: Int

    /// - Parameters:
    ///   - sample: vectors one after the other, at least `lists` of them.
    ///   - seed: of the vectors that are the first centres.
    init(_ sample: [Float], dimensions: Int, lists: Int, seed: UInt64, rounds: Int = 8) {
        self.dimensions = dimensions
        let count = dimensions > 0 ? sample.count / dimensions : 0
        self.lists = min(lists, count)
        centres = []
        var generator = SeededNumbers(state: seed)
        for place in Self.distinct(self.lists, below: count, &generator) {
            centres += sample[place * dimensions..<(place + 1) * dimensions]
        }
        measure()
        for _ in 0..<rounds { improve(sample, count) }
    }

    /// The list that a vector belongs to.
    func nearest(_ vector: UnsafePointer<Float>) -> Int {
        var best = (list: 0, distance: Float.infinity)
        centres.withUnsafeBufferPointer { centres in
            for list in 0..<lists {
                let product = VectorMath.dot(vector, centres.baseAddress! + list * dimensions, dimensions)
                let distance = squares[list] - 2 * product
                if distance < best.distance { best = (list, distance) }
            }
        }
        return best.list
    }

    private mutating func improve(_ sample: [Float], _ count: Int) {
        var sums = [Double](repeating: 0, count: centres.count)
        var members = [Int](repeating: 0, count: lists)
        sample.withUnsafeBufferPointer { sample in
            for place in 0..<count {
                let vector = sample.baseAddress! + place * dimensions
                let list = nearest(vector)
                members[list] += 1
                for axis in 0..<dimensions { sums[list * dimensions + axis] += Double(vector[axis]) }
            }
        }
        // A centre without members stays where it is.
        for list in 0..<lists where members[list] > 0 {
            for axis in list * dimensions..<(list + 1) * dimensions {
                centres[axis] = Float(sums[axis] / Double(members[list]))
            }
        }
        measure()
    }

    private mutating func measure() {
        squares = (0..<lists).map { list in
            centres.withUnsafeBufferPointer { centres in
                let centre = centres.baseAddress! + list * dimensions
                return VectorMath.dot(centre, centre, dimensions)
            }
        }
    }

    /// `count` numbers below `limit`, each once, in rising order.
    static func distinct(_ count: Int, below limit: Int, _ generator: inout SeededNumbers) -> [Int] {
        // Floyd's way: as many draws as numbers.
        var chosen: Set<Int> = []
        for last in limit - count..<limit {
            let drawn = Int(generator.next() % UInt64(last + 1))
            chosen.insert(chosen.contains(drawn) ? last : drawn)
        }
        return chosen.sorted()
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for a seed everywhere.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
