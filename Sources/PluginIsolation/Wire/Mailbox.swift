internal import CPluginWorker

/// One side of the memory that a host and a worker share: whole messages, one after the other, in turns.
///
/// Not safe for two threads at once.
final class Mailbox {
    /// The most bytes of one message.
    static let maximumBytes = 256 << 20
    private static let piece = Int(EVALH_MAILBOX_BYTES)

    let box: OpaquePointer
    private let side: Int32
    private let room: UnsafeMutableRawPointer
    /// How often it is looked before the kernel is asked to wait. On one processor looking would keep the other side
    /// from working.
    private let spins: UInt32
    /// Waits in a row for which looking was in vain: then it is tried now and then only.
    private var inVain = 0

    init(_ box: OpaquePointer, side: Int32, processors: Int) {
        self.box = box
        self.side = side
        room = .allocate(byteCount: Self.piece, alignment: 64)
        spins = processors > 1 ? Self.usualSpins : 0
    }

    /// About as long as falling asleep and being woken take.
    private static let usualSpins = evalh_mailbox_spins(20_000)

    deinit {
        room.deallocate()
        evalh_mailbox_leave(box)
    }

    /// Waits for the own turn for about so long; `false`: it did not come.
    func wait(nanoseconds: UInt64) -> Bool {
        let looks = inVain < 8 || inVain % 64 == 0
        let came = evalh_mailbox_wait(box, side, looks ? spins : 0, nanoseconds)
        inVain = came == 2 ? 0 : inVain &+ 1
        return came != 0
    }

    /// Sends a message; it has to be the own turn. `wait` returns when the turn has come back.
    func send<Failure: Error>(_ message: [UInt8], wait: () throws(Failure) -> Void) throws(Failure) {
        var next = 0
        while true {
            let size = min(Self.piece, message.count - next)
            let isMore = next + size < message.count
            message.withUnsafeBytes { bytes in
                evalh_mailbox_put(box, side, bytes.baseAddress.map { $0 + next }, size, isMore ? 1 : 0)
            }
            next += size
            guard isMore else { return }
            try wait()
        }
    }

    /// Takes the message whose first piece is there; `nil`: it is nonsense, or larger than any may be.
    func receive<Failure: Error>(wait: () throws(Failure) -> Void) throws(Failure) -> [UInt8]? {
        var message: [UInt8] = []
        while true {
            var isMore: Int32 = 0
            let size = evalh_mailbox_take(box, room, &isMore)
            guard (0...Self.piece).contains(size), message.count + size <= Self.maximumBytes else { return nil }
            message.append(contentsOf: UnsafeRawBufferPointer(start: room, count: size))
            guard isMore != 0 else { return message }
            evalh_mailbox_put(box, side, nil, 0, 0)
            try wait()
        }
    }
}
