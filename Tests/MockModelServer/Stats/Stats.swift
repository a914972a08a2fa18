/// Counts over all generating requests since the start or the last `POST /__reset`. Lives on the server's one event
/// loop.
final class Stats {
    private var requests = 0
    private var answered = 0
    private var completionsPaid = 0
    private var duplicates = 0
    private var inFlight = 0
    private var maxConcurrent = 0
    private var cancelledStreams = 0
    private var cancelledPlain = 0
    private var tokensSent = 0
    /// Prompts that were read and tokens that were sent: the server's bill.
    private var tokensCounted = 0
    private var firstRequest = 0
    private var faults: [FaultKind: Int] = [:]
    private var bodies: [UInt64: (seen: Int, paid: Int)] = [:]
    /// Connections accepted, ever; not reset, since they stay open.
    var connections = 0

    /// - Returns: how often this body came before.
    func begin(hash: UInt64, at unixNanoseconds: Int) -> Int {
        requests += 1
        inFlight += 1
        maxConcurrent = max(maxConcurrent, inFlight)
        if firstRequest == 0 { firstRequest = unixNanoseconds }
        let seen = bodies[hash, default: (0, 0)].seen
        bodies[hash, default: (0, 0)].seen += 1
        return seen
    }

    func end(_ record: RequestRecord) {
        inFlight -= 1
        tokensSent += record.tokens
        tokensCounted += record.promptTokens + record.tokens
        if let fault = record.fault { faults[fault, default: 0] += 1 }
        if record.cancelled && record.streams { cancelledStreams += 1 }
        if record.cancelled && !record.streams { cancelledPlain += 1 }
        guard record.paid else { return }
        answered += 1
        completionsPaid += record.choices
        let before = bodies[record.hash, default: (0, 0)].paid
        if before > 0 { duplicates += 1 }
        bodies[record.hash, default: (0, 0)].paid += 1
    }

    /// Requests that are in flight stay so; all else begins again.
    func reset() {
        (requests, answered, completionsPaid, duplicates) = (0, 0, 0, 0)
        (maxConcurrent, cancelledStreams, cancelledPlain, tokensSent, firstRequest) = (inFlight, 0, 0, 0, 0)
        tokensCounted = 0
        faults = [:]
        bodies = [:]
    }

    var json: String {
        let faults = FaultKind.allCases.map { "\"\($0.rawValue)\":\(self.faults[$0, default: 0])" }.joined(
            separator: ",")
        return """
            {"requests":\(requests),"answered":\(answered),"completions_paid":\(completionsPaid),\
            "distinct_bodies":\(bodies.count),\
            "duplicates":\(duplicates),"in_flight":\(inFlight),"max_concurrent":\(maxConcurrent),\
            "cancelled_streams":\(cancelledStreams),\
            "cancelled_plain":\(cancelledPlain),"tokens_sent":\(tokensSent),"tokens_counted":\(tokensCounted),\
            "connections":\(connections),\
            "first_request_unix_ns":\(firstRequest),"faults":{\(faults)}}
            """
    }
}
