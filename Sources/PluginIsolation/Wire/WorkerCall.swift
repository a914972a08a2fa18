/// What a host asks of a worker: the first byte of each message. A message is a list of instances that are to be let
/// go, the call, the instance it is about, and what the call needs.
enum WorkerCall: UInt8, CaseIterable {
    case makeStrategy, step, estimate, validate
    case makeGrader, grade, extract, expected, same
    case makeMetric, makeAllocator, add, result, next, weights
    /// Never sent: what a worker does before its first message, and between two.
    case open, destroy

    /// The header's name of the function that runs, for messages.
    var name: String {
        switch self {
        case .makeStrategy, .makeGrader, .makeMetric, .makeAllocator: "create"
        case .open: "its entry function"
        default: "\(self)"
        }
    }
}

/// The first byte of a worker's message.
enum WorkerWord: UInt8 {
    case value
    /// The plugin failed, with its reason.
    case fault
    /// The plugin's call needs something of the host, whose next message is the answer.
    case request
}

/// What a plugin's call may ask of the host.
enum WorkerRequest: UInt8 {
    case random, extract, peers, peerAnswer, itemFields
}
