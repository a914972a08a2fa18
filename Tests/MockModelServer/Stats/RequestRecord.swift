/// What is counted and logged of one generating request.
struct RequestRecord {
    let path: String
    /// Of path and body.
    let hash: UInt64
    /// How often the same body came before.
    let attempt: Int
    let receivedUnixNanoseconds: Int
    var status = 0
    var fault: FaultKind?
    var streams = false
    var choices = 0
    /// Tokens generated and sent; with a stream that was left early, those sent until then.
    var tokens = 0
    /// Tokens of the prompt, where it was read.
    var promptTokens = 0
    /// The client left before the answer's end.
    var cancelled = false
    /// The whole answer of a 200 was handed to the connection: somebody has to pay for it.
    var paid = false

    func line(milliseconds: Double) -> String {
        let fault = fault.map { "\"\($0.rawValue)\"" } ?? "null"
        let hex = String(hash, radix: 16)
        let padded = String(repeating: "0", count: 16 - hex.count) + hex
        return """
            {"at_ns":\(receivedUnixNanoseconds),"path":"\(path)","hash":"\(padded)","attempt":\(attempt),\
            "status":\(status),\
            "fault":\(fault),"stream":\(streams),"choices":\(choices),"tokens":\(tokens),\
            "cancelled":\(cancelled),"paid":\(paid),\
            "ms":\(milliseconds)}

            """
    }
}
