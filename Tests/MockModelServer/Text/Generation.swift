/// One choice as the server will send it: pieces, cut by `max_tokens` and `stop`.
struct Generation {
    enum Finish { case stop, length }

    /// What the client sees (no prefix, no stop string).
    let text: [UInt8]
    /// Ends of the visible pieces; the last may be shorter than generated, where a stop string began inside it.
    let ends: [Int]
    /// Tokens generated, with those of the stop string; what usage counts.
    let tokens: Int
    let finish: Finish
    let stoppingWord: [UInt8]?
    /// How many pieces the assistant prefix held: the position of the first piece for `logprob(at:)`.
    let position: Int
    /// Bytes at the start that come in a field of their own, as the model's thought.
    let apart: Int

    init(full: [UInt8], limit: Int?, stops: [[UInt8]], position: Int, apart: Int = 0) {
        self.position = position
        self.apart = apart
        var ends = Pieces.ends(of: full)
        let total = ends.count
        if let limit, limit < total { ends.removeLast(total - limit) }
        let text = full.prefix(ends.last ?? 0)
        guard let hit = Self.firstStop(in: text, stops: stops) else {
            self.text = Array(text)
            tokens = ends.count
            finish = ends.count < total ? .length : .stop
            stoppingWord = nil
            self.ends = ends
            return
        }
        self.text = Array(text[..<hit.start])
        tokens = (ends.firstIndex { $0 >= hit.start + hit.word.count } ?? ends.count - 1) + 1
        finish = .stop
        stoppingWord = hit.word
        var visible = Array(ends.prefix { $0 <= hit.start })
        if (visible.last ?? 0) < hit.start { visible.append(hit.start) }
        self.ends = visible
    }

    func piece(_ index: Int) -> ArraySlice<UInt8> {
        text[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    private static func firstStop(in text: ArraySlice<UInt8>, stops: [[UInt8]]) -> (start: Int, word: [UInt8])? {
        var best: (start: Int, word: [UInt8])?
        for word in stops where !word.isEmpty && word.count <= text.count {
            let last = min(text.count - word.count, (best?.start ?? Int.max) - 1)
            var start = 0
            while start <= last {
                if text[start] == word[0], text[start...].starts(with: word) {
                    best = (start, word)
                    break
                }
                start += 1
            }
        }
        return best
    }
}
