/// The name that was probably meant.
enum NearestName {
    /// The candidate with the smallest edit distance to `name`, if it is at most a third of the longer one's length.
    static func find(_ name: String, among candidates: [String]) -> String? {
        let characters = Array(name.lowercased().prefix(128))
        let ranked = candidates.compactMap { candidate -> (distance: Int, name: String)? in
            let other = Array(candidate.lowercased().prefix(128))
            let distance = distance(characters, other)
            let isPrefix = characters.count >= 3 && (other.starts(with: characters) || characters.starts(with: other))
            return distance <= max(1, max(characters.count, other.count) / 3) || isPrefix ? (distance, candidate) : nil
        }
        return ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// Levenshtein distance, one row at a time.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(min(above, row[j]) + 1, diagonal + (left == right ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
