internal import CEvalhPlugin

/// An allocator plugin with its parameters and what it may allocate, here or in a process of its own. Used by one
/// thread at a time.
package protocol AllocatorPlugin: AnyObject {
    var info: PluginInfo { get }
    /// One finished session of the last round; they come ordered by item, row and repeat.
    func add(_ row: MetricRow) throws(PluginFault)
    /// The next round; without wishes the run ends.
    func next() throws(PluginFault) -> AllocationRound
    /// How much items count in means; empty: all alike.
    func weights() throws(PluginFault) -> [Int: Double]
    /// Numbers of its own about the sessions so far.
    func result() throws(PluginFault) -> [MetricValue]
}

/// An allocator plugin in this process.
package final class PluginAllocator: AllocatorPlugin {
    package let info: PluginInfo
    private let setup: AllocationSetup
    private let table: AllocatorTable
    private let guarded: PluginGuard
    private let allocator: UnsafeMutableRawPointer

    init(
        info: PluginInfo, table: AllocatorTable, guarded: PluginGuard, parametersJSON: String, setup: AllocationSetup,
        seed: UInt64
    ) throws(PluginFault) {
        let error = TextSink(maximumBytes: 4096)
        let arena = StepArena.take()
        let fields = ItemFields(setup.itemFields)
        let created = withExtendedLifetime((error, fields)) {
            var allocation = setup.wire(arena, fields)
            return guarded.call(.create) {
                table.create(arena.copy(parametersJSON), &allocation, seed, error.pointer(in: arena))
            }
        }
        arena.giveBack()
        guard let created else {
            throw PluginFault(plugin: info.id, message: "create failed: \(error.text ?? "no reason given")")
        }
        self.info = info
        self.setup = setup
        self.table = table
        self.guarded = guarded
        allocator = created
    }

    deinit {
        guarded.call(.destroy) { table.destroy(allocator) }
    }

    /// One finished session of the last round; they come ordered by item, row and repeat.
    package func add(_ row: MetricRow) throws(PluginFault) {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        var value = row.wire(arena)
        try check(.add, CallSubject(arm: row.arm)) { table.add(allocator, &value, $0) }
    }

    /// The next round; without wishes the run ends.
    package func next() throws(PluginFault) -> AllocationRound {
        let sink = RoundSink(itemCount: setup.itemCount, rowCount: setup.rows.count)
        try withExtendedLifetime(sink) { () throws(PluginFault) in
            var out = evalh_allocation_sink(
                struct_size: UInt32(MemoryLayout<evalh_allocation_sink>.size), reserved: 0,
                context: Unmanaged.passUnretained(sink).toOpaque(),
                want: { RoundSink.of($0)?.want(item: $1, row: $2, more: $3) },
                reason: { RoundSink.of($0)?.round.reason = BorrowedText.prefix($1, maximumBytes: 4096) })
            try check(.next) { table.next(allocator, &out, $0) }
        }
        if let breach = sink.breach { throw PluginFault(plugin: info.id, message: breach) }
        return sink.round
    }

    /// How much items count in means; empty: all alike.
    package func weights() throws(PluginFault) -> [Int: Double] {
        guard let weights = table.weights else { return [:] }
        let sink = WeightSink(itemCount: setup.itemCount)
        try withExtendedLifetime(sink) { () throws(PluginFault) in
            var out = evalh_weight_sink(
                struct_size: UInt32(MemoryLayout<evalh_weight_sink>.size), reserved: 0,
                context: Unmanaged.passUnretained(sink).toOpaque(),
                push: { out, item, weight in
                    guard let context = out?.pointee.context else { return }
                    Unmanaged<WeightSink>.fromOpaque(context).takeUnretainedValue().push(item, weight)
                })
            try check(.weights) { weights(allocator, &out, $0) }
        }
        if let breach = sink.breach { throw PluginFault(plugin: info.id, message: breach) }
        return sink.weights
    }

    /// Numbers of its own about the sessions so far.
    package func result() throws(PluginFault) -> [MetricValue] {
        guard let result = table.result else { return [] }
        return try MetricSink.collect(from: info) { sink, error in
            guarded.call(.result) { result(allocator, sink, error) }
        }
    }

    private func check(
        _ function: PluginFunction, _ subject: CallSubject = .none, _ call: (UnsafePointer<evalh_text_sink>) -> Int32
    ) throws(PluginFault) {
        let error = TextSink(maximumBytes: 4096)
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let result = withExtendedLifetime(error) {
            guarded.call(function, subject) { call(error.pointer(in: arena)) }
        }
        guard result == EVALH_OK else {
            throw PluginFault(plugin: info.id, message: "\(function.name) failed: \(error.text ?? "no reason given")")
        }
    }
}

extension AllocationSetup {
    fileprivate func wire(_ arena: StepArena, _ fields: ItemFields) -> evalh_allocation {
        let values = arena.room(for: evalh_allocation_row.self, count: max(1, rows.count))
        let pointers = arena.room(for: UnsafePointer<evalh_allocation_row>?.self, count: max(1, rows.count))
        for (index, row) in rows.enumerated() {
            (values + index).initialize(
                to: evalh_allocation_row(
                    struct_size: UInt32(MemoryLayout<evalh_allocation_row>.size), reserved: 0, arm: arena.copy(row.arm),
                    level: arena.copy(row.levelJSON), level_index: row.levelIndex.map(Int64.init) ?? -1))
            (pointers + index).initialize(to: UnsafePointer(values + index))
        }
        return evalh_allocation(
            struct_size: UInt32(MemoryLayout<evalh_allocation>.size), reserved: 0, item_count: UInt64(itemCount),
            repeats: Int64(repeats),
            rows: UnsafePointer(pointers), row_count: UInt64(rows.count),
            context: Unmanaged.passUnretained(fields).toOpaque(),
            item_fields: { allocation, item in
                guard let context = allocation?.pointee.context else { return evalh_str() }
                return Unmanaged<ItemFields>.fromOpaque(context).takeUnretainedValue().text(of: item)
            })
    }
}

/// Lends one item's fields at a time.
private final class ItemFields {
    private let read: (Int) -> String
    private let arena = StepArena.take()

    init(_ read: @escaping (Int) -> String) {
        self.read = read
    }

    deinit { arena.giveBack() }

    func text(of item: UInt64) -> evalh_str {
        arena.reset()
        return arena.copy(read(Int(clamping: item)))
    }
}

/// Collects a round's wishes.
private final class RoundSink {
    /// The most repeats that a cell may be given in one round, and the most cells that a round may name.
    private static let (maximumRepeats, maximumWishes) = (UInt64(10_000), 20_000_000)

    private let itemCount: Int
    private let rowCount: Int
    var round = AllocationRound(wishes: [])
    private(set) var breach: String?

    init(itemCount: Int, rowCount: Int) {
        self.itemCount = itemCount
        self.rowCount = rowCount
    }

    static func of(_ sink: UnsafePointer<evalh_allocation_sink>?) -> RoundSink? {
        sink?.pointee.context.map { Unmanaged<RoundSink>.fromOpaque($0).takeUnretainedValue() }
    }

    func want(item: UInt64, row: UInt64, more: UInt64) {
        guard breach == nil else { return }
        guard item < UInt64(itemCount), row < UInt64(rowCount) else {
            breach = "wants row \(row) on item \(item) of \(rowCount) rows and \(itemCount) items"
            return
        }
        guard more > 0, more <= Self.maximumRepeats, round.wishes.count < Self.maximumWishes else {
            breach = "wants \(more) repeats of a cell in a round of \(round.wishes.count) wishes"
            return
        }
        round.wishes.append(.init(item: Int(item), row: Int(row), more: Int(more)))
    }
}

/// Collects items' weights.
private final class WeightSink {
    private let itemCount: Int
    private(set) var weights: [Int: Double] = [:]
    private(set) var breach: String?

    init(itemCount: Int) {
        self.itemCount = itemCount
    }

    func push(_ item: UInt64, _ weight: Double) {
        guard item < UInt64(itemCount), weight.isFinite, weight >= 0 else {
            breach = breach ?? "gave item \(item) the weight \(weight)"
            return
        }
        weights[Int(item)] = weight
    }
}
