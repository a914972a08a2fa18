/// Finds what a mistyped name was meant to be.
package enum NearestName {
    /// The candidate nearest to `name`, if it is near enough to be a likely typing mistake.
    package static func find(_ name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = normalised(name)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let other = normalised(candidate)
            guard other.count <= 64 else { continue }
            let allowed = max(1, min(wanted.count, other.count) / 3 + (wanted.count > 4 ? 1 : 0))
            var distance = editDistance(wanted, other)
            // A word that was cut short or carries an ending: `temp` for `temperature`, `datasets` for `dataset`.
            if distance > allowed, wanted.count >= 3,
                other.starts(with: wanted) || (other.count >= 3 && wanted.starts(with: other))
            {
                distance = allowed
            }
            if distance <= allowed, best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true {
                best = (distance, candidate)
            }
        }
        return best?.name
    }

    /// "did you mean `x`?", or else all legal names.
    package static func hint(_ name: String, in candidates: some Collection<String>, kind: String = "legal names")
        -> String?
    {
        if let nearest = find(name, in: candidates) { return "did you mean `\(nearest)`?" }
        guard !candidates.isEmpty else { return nil }
        let shown = candidates.prefix(24).joined(separator: ", ")
        return "\(kind): \(shown)\(candidates.count > 24 ? ", …" : "")"
    }

    /// Case and the kind of dash don't count.
    private static func normalised(_ name: String) -> [Character] {
        name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
