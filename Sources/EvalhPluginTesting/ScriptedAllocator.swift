import CEvalhPlugin
public import EvalhPluginKit

/// An allocator of a library, driven as a host drives it.
public final class ScriptedAllocator {
    private let table: evalh_allocator
    private let instance: UnsafeMutableRawPointer
    /// What it may choose from.
    public let allocation: Allocation

    /// - Throws: `ScriptedError` with the allocator's own words if it takes no such parameters.
    public init(_ plugin: ScriptedPlugin, parameters: String = "{}", allocation: Allocation, seed: UInt64 = 0) throws {
        guard plugin.kind == EVALH_KIND_ALLOCATOR, let table = plugin.table?.load(as: evalh_allocator.self),
            let create = table.create
        else { throw ScriptedError("\(plugin.id) is no allocator") }
        self.table = table
        self.allocation = allocation
        var arena = Arena()
        let error = ScriptedText()
        let rows = allocation.rows.map { row in
            var wire = evalh_allocation_row()
            wire.struct_size = UInt32(MemoryLayout<evalh_allocation_row>.size)
            wire.arm = arena.text(row.arm)
            wire.level = arena.text(row.level)
            wire.level_index = row.levelIndex.map(Int64.init) ?? -1
            return wire
        }
        var wire = evalh_allocation()
        wire.struct_size = UInt32(MemoryLayout<evalh_allocation>.size)
        wire.item_count = UInt64(allocation.itemCount)
        wire.repeats = Int64(allocation.repeats)
        wire.rows = arena.pointers(rows)
        wire.row_count = UInt64(rows.count)
        let fields = ScriptedFields(allocation)
        wire.context = Unmanaged.passUnretained(fields).toOpaque()
        wire.item_fields = { allocation, item in
            guard let context = allocation?.pointee.context else { return evalh_str() }
            return Unmanaged<ScriptedFields>.fromOpaque(context).takeUnretainedValue().text(Int(item))
        }
        let made = withExtendedLifetime((error, fields)) { create(arena.text(parameters), &wire, seed, error.sink) }
        withExtendedLifetime(arena) {}
        guard let made else { throw ScriptedError(error.text) }
        instance = made
    }

    deinit { table.destroy?(instance) }

    /// One finished session of the last round.
    ///
    /// - Throws: `ScriptedError` with the allocator's own words.
    public func add(_ row: SessionRow) throws {
        var arena = Arena()
        var wire = row.wire(in: &arena)
        let error = ScriptedText()
        let code = withExtendedLifetime(error) { table.add?(instance, &wire, error.sink) }
        withExtendedLifetime(arena) {}
        guard code == EVALH_OK else { throw ScriptedError(error.text) }
    }

    /// The next round; without wishes the run ends.
    ///
    /// - Throws: `ScriptedError` with the allocator's own words.
    public func next() throws -> AllocationRound {
        let round = ScriptedRound()
        let error = ScriptedText()
        let code = withExtendedLifetime((round, error)) {
            var sink = evalh_allocation_sink()
            sink.struct_size = UInt32(MemoryLayout<evalh_allocation_sink>.size)
            sink.context = Unmanaged.passUnretained(round).toOpaque()
            sink.want = { sink, item, row, more in
                ScriptedRound.of(sink)?.round.wishes.append(.init(item: Int(item), row: Int(row), more: Int(more)))
            }
            sink.reason = { sink, text in ScriptedRound.of(sink)?.round.reason = String(text) }
            return table.next?(instance, &sink, error.sink)
        }
        guard code == EVALH_OK else { throw ScriptedError(error.text) }
        return round.round
    }

    /// `nil` if it pushes none.
    public func weights() throws -> [ItemWeight]? {
        let weights = ScriptedWeights()
        let error = ScriptedText()
        let code = withExtendedLifetime((weights, error)) {
            var sink = evalh_weight_sink()
            sink.struct_size = UInt32(MemoryLayout<evalh_weight_sink>.size)
            sink.context = Unmanaged.passUnretained(weights).toOpaque()
            sink.push = { sink, item, weight in
                guard let context = sink?.pointee.context else { return }
                Unmanaged<ScriptedWeights>.fromOpaque(context).takeUnretainedValue().weights.append(
                    ItemWeight(item: Int(item), weight: weight))
            }
            return table.weights?(instance, &sink, error.sink)
        }
        guard code == EVALH_OK else { throw ScriptedError(error.text) }
        return weights.weights.isEmpty ? nil : weights.weights
    }

    /// Its own numbers so far.
    ///
    /// - Throws: `ScriptedError` with the allocator's own words.
    public func result() throws -> [MetricValue] {
        try ScriptedValues.collect { table.result?(instance, $0, $1) }
    }

    /// Runs rounds until one is empty.
    /// - Parameters:
    ///   - limit: More rounds than this are an error: an allocator must come to an end.
    ///   - session: Gives the session of a cell's repeat.
    /// - Returns: the sessions in the order in which they were added, and why the run ended.
    public func run(
        limit: Int = 10_000, _ session: (_ item: Int, _ row: Allocation.Row, _ repeatIndex: Int) -> SessionRow
    ) throws -> (sessions: [SessionRow], reason: String) {
        var done: [[Int]: Int] = [:]
        var sessions: [SessionRow] = []
        for _ in 0..<limit {
            let round = try next()
            guard !round.wishes.isEmpty else { return (sessions, round.reason) }
            for wish in round.wishes.sorted(by: { ($0.item, $0.row) < ($1.item, $1.row) }) {
                let first = done[[wish.item, wish.row], default: 0]
                for index in first..<first + wish.more {
                    let row = session(wish.item, allocation.rows[wish.row], index)
                    sessions.append(row)
                    try add(row)
                }
                done[[wish.item, wish.row]] = first + wish.more
            }
        }
        throw ScriptedError("the allocator did not end within \(limit) rounds")
    }
}

private final class ScriptedFields {
    private let allocation: Allocation
    private var arena = Arena()

    init(_ allocation: Allocation) {
        self.allocation = allocation
    }

    func text(_ item: Int) -> evalh_str {
        arena = Arena()
        return arena.text(allocation.itemFields(item))
    }
}

private final class ScriptedRound {
    var round = AllocationRound([])

    static func of(_ sink: UnsafePointer<evalh_allocation_sink>?) -> ScriptedRound? {
        sink?.pointee.context.map { Unmanaged<ScriptedRound>.fromOpaque($0).takeUnretainedValue() }
    }
}

private final class ScriptedWeights {
    var weights: [ItemWeight] = []
}
