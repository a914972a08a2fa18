import EvalhPluginKit

/// What an answer that two models wrote together took.
struct Collaboration {
    private(set) var text = ""
    private(set) var edgeTokens = 0
    private(set) var cloudTokens = 0
    private(set) var discardedTokens = 0
    private(set) var cloudCalls = 0
    private(set) var bytesUp = 0
    /// Why the cloud is not asked any more; `nil`: it is.
    var cloudState: String?

    var tokens: Int { edgeTokens + cloudTokens }

    /// ρ: the cloud's share of the tokens, in [0, 1].
    var cloudRate: Double { tokens > 0 ? Double(cloudTokens) / Double(tokens) : 0 }

    mutating func add(_ edge: EdgeReader) {
        text += edge.text
        edgeTokens += edge.count
        discardedTokens += edge.discarded
    }

    /// - Parameter sent: Bytes of the prompt; the text so far is sent with it.
    mutating func call(promptBytes sent: Int) {
        cloudCalls += 1
        bytesUp += sent + text.utf8.count
    }

    mutating func add(_ cloud: Choice) {
        text += cloud.text
        guard !cloud.text.isEmpty else { return }
        cloudTokens += max(1, cloud.usage.completionTokens, cloud.tokens.count)
    }

    /// T = N·t_e + ρN·(t_c + rtt), in seconds.
    func seconds(edge: Double, cloud: Double, roundTrip: Double) -> Double {
        Double(tokens) * edge + Double(cloudTokens) * (cloud + roundTrip)
    }
}
