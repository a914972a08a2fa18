/// Keys and values of prompts that were asked lately, so that a prompt with the same beginning need not be computed
/// again.
final class PrefixCache {
    private var entries: [(tokens: [Int], cache: KeyValueCache)] = []
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Fills the beginning of `cache` from the prompt that agrees longest; the last token is left to be computed.
    /// - Returns: positions filled.
    func fill(_ cache: KeyValueCache, for prompt: [Int]) -> Int {
        var best = (index: -1, length: 0)
        for (index, entry) in entries.enumerated() {
            let length = zip(entry.tokens, prompt).prefix { $0 == $1 }.count
            if length > best.length { best = (index, length) }
        }
        let length = min(best.length, prompt.count - 1)
        guard length > 0 else { return 0 }
        let entry = entries.remove(at: best.index)
        cache.copy(length, from: entry.cache)
        entries.append(entry)
        return length
    }

    /// Keeps a prompt's positions; all but the last are those of full depth.
    func keep(_ prompt: [Int], _ cache: KeyValueCache, _ shape: ModelFile.Shape) {
        let known = prompt.dropLast()
        guard known.count > 1, !entries.contains(where: { $0.tokens.starts(with: known) }) else { return }
        let copy = KeyValueCache(shape, capacity: known.count)
        copy.copy(known.count, from: cache)
        entries.append((Array(known), copy))
        if entries.count > capacity { entries.removeFirst() }
    }
}
