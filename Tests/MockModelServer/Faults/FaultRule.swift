/// A way to fail.
enum FaultKind: String, CaseIterable {
    case badRequest = "400"
    case tooManyRequests = "429"
    case serverError = "500"
    case unavailable = "503"
    /// The connection ends before any byte of an answer.
    case close
    /// The connection ends in the middle of the body or stream; no `[DONE]`.
    case midclose
    /// Nothing is ever sent.
    case stall
    /// Half a body or stream, then nothing more, with the connection open.
    case midstall
    case badjson
    /// A line that never ends.
    case hugeline
    /// A body of 1 GiB.
    case hugebody

    /// Nothing is generated.
    var refuses: Bool {
        switch self {
        case .badRequest, .tooManyRequests, .serverError, .unavailable, .close, .stall: true
        case .midclose, .midstall, .badjson, .hugeline, .hugebody: false
        }
    }
}

/// `KIND:RATE[:ATTEMPTS]`: how often, and on how many first tries of the same body at most.
struct FaultRule {
    let kind: FaultKind
    let rate: Double
    let attempts: Int

    init(_ text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), let kind = FaultKind(rawValue: parts[0]), let rate = Double(parts[1]),
            (0...1).contains(rate),
            let attempts = parts.count == 3 ? Int(parts[2]) : Int.max
        else {
            let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Options.Mistake(
                text: "--fault: \(text) is not KIND:RATE[:ATTEMPTS] with a kind of \(kinds) and a rate in 0...1")
        }
        self.kind = kind
        self.rate = rate
        self.attempts = attempts
    }
}

/// Which requests fail. One draw for each try of a body, keyed by seed, body and attempt, so that a schedule of
/// failures does not depend on the order or time in which requests come.
struct FaultPlan {
    let rules: [FaultRule]
    let seed: UInt64

    func fault(bodyHash: UInt64, attempt: Int) -> FaultKind? {
        guard !rules.isEmpty else { return nil }
        var draw = StableHash.unit(StableHash.of(seed, bodyHash, UInt64(attempt)))
        for rule in rules where attempt < rule.attempts {
            if draw < rule.rate { return rule.kind }
            draw -= rule.rate
        }
        return nil
    }
}
