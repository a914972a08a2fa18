internal import Completions
internal import JSON

/// Reads log-probabilities in both of OpenAI's shapes: chat's list of entries, and completions' parallel arrays.
enum LogprobReader {
    /// Reads a `logprobs` value (an object, or null) into `choice`.
    static func read(_ reader: inout JSONReader, into choice: inout WireChoice) throws(JSONError) {
        var parallel = ParallelArrays()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "content", "refusal": try entries(&reader, into: &choice)
            case "tokens":
                try reader.array { (reader) throws(JSONError) in
                    try bound(parallel.tokens.count, &reader)
                    parallel.tokens.append(try reader.string() ?? "")
                }
            case "token_logprobs":
                try reader.array { (reader) throws(JSONError) in
                    try bound(parallel.logprobs.count, &reader)
                    parallel.logprobs.append(try reader.double())
                }
            case "top_logprobs":
                try reader.array { (reader) throws(JSONError) in
                    try bound(parallel.alternatives.count, &reader)
                    parallel.alternatives.append(try dictionary(&reader))
                }
            default: try reader.skip()
            }
        }
        parallel.append(to: &choice)
    }

    /// Reads a list of entries {token, logprob, top_logprobs}. llama.cpp's `/completion` names the last two `prob` and
    /// `top_probs` when it was asked for probabilities after sampling.
    static func entries(_ reader: inout JSONReader, into choice: inout WireChoice) throws(JSONError) {
        try reader.array { (reader) throws(JSONError) in
            var entry = TokenLogprob(token: "", logprob: 0)
            try reader.object { (reader, key) throws(JSONError) in
                switch key {
                case "token": entry.token = try reader.string() ?? ""
                case "logprob": entry.logprob = try finite(reader.double())
                case "top_logprobs":
                    try reader.array { (reader) throws(JSONError) in
                        let alternative = try alternative(&reader)
                        if entry.alternatives.count < WireLimits.alternatives { entry.alternatives.append(alternative) }
                    }
                default: try reader.skip()
                }
            }
            try append(entry, to: &choice, &reader)
        }
    }

    private static func append(_ entry: TokenLogprob, to choice: inout WireChoice, _ reader: inout JSONReader)
        throws(JSONError)
    {
        if entry.token.isEmpty {
            choice.emptyTokens += 1
        } else {
            try bound(choice.tokens.count, &reader)
            choice.tokens.append(entry)
        }
    }

    private static func alternative(_ reader: inout JSONReader) throws(JSONError) -> TokenAlternative {
        var alternative = TokenAlternative(token: "", logprob: 0)
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "token": alternative.token = try reader.string() ?? ""
            case "logprob": alternative.logprob = try finite(reader.double())
            default: try reader.skip()
            }
        }
        return alternative
    }

    /// {" Paris": -0.1, " London": -4.3}, likeliest first.
    private static func dictionary(_ reader: inout JSONReader) throws(JSONError) -> [TokenAlternative] {
        var alternatives: [TokenAlternative] = []
        try reader.object { (reader, key) throws(JSONError) in
            let logprob = try finite(reader.double())
            if alternatives.count < WireLimits.alternatives {
                alternatives.append(TokenAlternative(token: key, logprob: logprob))
            }
        }
        return alternatives.sorted { ($1.logprob, $0.token) < ($0.logprob, $1.token) }
    }

    private static func bound(_ count: Int, _ reader: inout JSONReader) throws(JSONError) {
        guard count < WireLimits.tokens else {
            throw reader.error("more than \(WireLimits.tokens) log-probabilities")
        }
    }

    /// Servers write null, or a very negative number, for a probability of zero; JSON has no infinity and neither has a
    /// journal.
    private static func finite(_ value: Double?) -> Double {
        guard let value, value.isFinite else { return -1e4 }
        return value
    }
}

/// The arrays `tokens`, `token_logprobs` and `top_logprobs` of OpenAI's completions, until all are read.
private struct ParallelArrays {
    var tokens: [String] = []
    var logprobs: [Double?] = []
    var alternatives: [[TokenAlternative]] = []

    func append(to choice: inout WireChoice) {
        for (index, token) in tokens.enumerated() {
            guard !token.isEmpty else {
                choice.emptyTokens += 1
                continue
            }
            let logprob = index < logprobs.count ? logprobs[index] ?? -1e4 : -1e4
            let others = index < alternatives.count ? alternatives[index] : []
            choice.tokens.append(TokenLogprob(token: token, logprob: logprob, alternatives: others))
        }
    }
}
