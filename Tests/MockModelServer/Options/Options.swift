/// The command line.
struct Options {
    var port: Int?
    var unixPath: String?
    /// Before the first byte of an answer, milliseconds; jitter is the most that is added, by the request's hash.
    var latency = 0
    var latencyJitter = 0
    var tokens = 50
    /// What every prompt is counted as; `nil`: its words.
    var promptTokens: Int?
    /// Between two events of a stream, milliseconds.
    var chunkDelay = 0
    var supportsN = true
    var supportsLogprobs = true
    var faults: [FaultRule] = []
    var faultSeed: UInt64 = 0
    var retryAfter = 1
    var apiKey: String?
    var logPath: String?
    var countPath: String?
    var endsWithStandardInput = false
    /// How chat answers show that the model thinks first; `nil`: it does not.
    var reasoning: ReasoningForm?

    struct Mistake: Error {
        let text: String
    }

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--exit-on-stdin-eof" {
                endsWithStandardInput = true
                continue
            }
            guard let value = rest.popFirst() else { throw Mistake(text: "\(name) is unknown or lacks its value") }
            try set(name, to: value)
        }
        if port == nil && unixPath == nil { port = 0 }
    }

    private mutating func set(_ name: String, to value: String) throws {
        switch name {
        case "--port": port = try Self.integer(name, value, 0...65_535)
        case "--unix": unixPath = value
        case "--latency": latency = try Self.integer(name, value, 0...3_600_000)
        case "--latency-jitter": latencyJitter = try Self.integer(name, value, 0...3_600_000)
        case "--tokens": tokens = try Self.integer(name, value, 1...1_000_000)
        case "--prompt-tokens": promptTokens = try Self.integer(name, value, 0...1_000_000)
        case "--chunk-delay": chunkDelay = try Self.integer(name, value, 0...3_600_000)
        case "--n-supported": supportsN = try Self.bool(name, value)
        case "--logprobs": supportsLogprobs = try Self.bool(name, value)
        case "--fault": faults.append(try FaultRule(value))
        case "--fault-seed": faultSeed = UInt64(try Self.integer(name, value, 0...Int.max))
        case "--retry-after": retryAfter = try Self.integer(name, value, 0...86_400)
        case "--api-key": apiKey = value
        case "--log": logPath = value
        case "--count-file": countPath = value
        case "--reasoning":
            guard let form = ReasoningForm(rawValue: value) else { throw Mistake(text: "\(name): no form \(value)") }
            reasoning = form
        default: throw Mistake(text: "unknown option \(name)")
        }
    }

    private static func integer(_ name: String, _ value: String, _ range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw Mistake(text: "\(name): \(value) is not in \(range)")
        }
        return number
    }

    private static func bool(_ name: String, _ value: String) throws -> Bool {
        guard let flag = Bool(value) else { throw Mistake(text: "\(name): true or false, not \(value)") }
        return flag
    }

    static let help = """
        evalh-mock-server: a deterministic model server for tests.
          --port N              loopback TCP port, 0 for a free one (the default); prints READY 127.0.0.1:PORT
          --unix PATH           Unix socket; prints READY unix:PATH
          --latency MS          before the first byte of an answer
          --latency-jitter MS   at most so much more, chosen by the request
          --tokens N            about so many tokens an unlimited answer (50)
          --prompt-tokens N     every prompt is counted as N tokens, whatever it says
          --chunk-delay MS      between two events of a stream
          --n-supported BOOL    false: one choice whatever n says
          --logprobs BOOL       false: none, though asked for
          --fault KIND:RATE[:ATTEMPTS]
                                repeatable; RATE of the requests fail, ATTEMPTS: only so many first tries of a body.
                                Kinds: 400 429 500 503 close midclose stall midstall badjson hugeline hugebody
          --fault-seed N        another choice of which requests fail
          --retry-after S       what a 429 says (1)
          --api-key K           401 without `Authorization: Bearer K`
          --log FILE            one JSON line for each generating request, when it ends
          --count-file FILE     the counts of GET /__stats, kept up to date and complete at SIGTERM
          --reasoning FORM      chat answers begin with a thought that holds a wrong answer: reasoning_content or
                                reasoning (a field of that name), inline (<think>…</think>), template (…</think>)
          --exit-on-stdin-eof   ends when standard input closes, so with the process that started it
        """
}
