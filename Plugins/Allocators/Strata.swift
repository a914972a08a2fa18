import EvalhPluginKit

/// Items put together by how hard they are thought to be.
enum Strata {
    /// By a field of the items: as many groups of equal size as asked for if all values are numbers, else one for each
    /// word.
    static func byField(_ name: String, of allocation: Allocation, count: Int) throws -> [Int] {
        let values = try (0..<allocation.itemCount).map { item -> JSONValue in
            guard let value = (try? JSONValue(parsing: allocation.itemFields(item)))?[name] else {
                throw ParameterError("difficulty: item \(item) has no field `\(name)`")
            }
            return value
        }
        let numbers = values.compactMap(\.double)
        guard numbers.count == values.count else {
            let words = Set(values.map(\.description)).sorted()
            return values.map { words.firstIndex(of: $0.description) ?? 0 }
        }
        return byRank(numbers, count: count)
    }

    /// Groups whose sizes differ by one at most; items of equal value may be in neighbouring groups only where the
    /// sizes want it.
    static func byRank(_ numbers: [Double], count: Int) -> [Int] {
        var strata = Array(repeating: 0, count: numbers.count)
        let ranked = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        for (rank, item) in ranked.enumerated() { strata[item] = rank * count / max(1, numbers.count) }
        return strata
    }
}
