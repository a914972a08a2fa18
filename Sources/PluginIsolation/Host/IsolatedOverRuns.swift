internal import Completions
package import PluginHost

/// A metric in a worker. Used by one thread at a time.
package final class IsolatedMetric: MetricPlugin {
    package let info: PluginInfo
    private let rows: SentRows

    init(
        _ info: PluginInfo, parametersJSON: String, seed: UInt64, _ pool: WorkerPool, _ quarantine: Quarantine
    ) throws(PluginFault) {
        self.info = info
        let instance = RemoteInstance(info, pool, quarantine, within: pool.limits.overRuns, .makeMetric) { writer in
            writer.text(info.id)
            writer.text(parametersJSON)
            writer.put(seed)
        }
        try instance.create { (_) throws(WireFault) in }
        rows = SentRows(instance)
    }

    package func add(_ row: MetricRow) throws(PluginFault) { try rows.add(row) }

    package func result() throws(PluginFault) -> [MetricValue] { try rows.result() }
}

/// An allocator in a worker. Used by one thread at a time.
package final class IsolatedAllocator: AllocatorPlugin {
    /// As in `PluginAllocator`.
    private static let maximumRepeats = 10_000

    package let info: PluginInfo
    private let setup: AllocationSetup
    private let instance: RemoteInstance
    private let rows: SentRows

    init(
        _ info: PluginInfo, parametersJSON: String, setup: AllocationSetup, seed: UInt64, _ pool: WorkerPool,
        _ quarantine: Quarantine
    ) throws(PluginFault) {
        self.info = info
        self.setup = setup
        instance = RemoteInstance(info, pool, quarantine, within: pool.limits.overRuns, .makeAllocator) { writer in
            writer.text(info.id)
            writer.text(parametersJSON)
            writer.put(seed)
            writer.put(setup.itemCount)
            writer.put(setup.rows)
            writer.put(setup.repeats)
        }
        rows = SentRows(instance, serve: Self.serve(setup))
        try instance.create(Self.serve(setup)) { (_) throws(WireFault) in }
    }

    package func add(_ row: MetricRow) throws(PluginFault) { try rows.add(row) }

    package func result() throws(PluginFault) -> [MetricValue] { try rows.result() }

    package func next() throws(PluginFault) -> AllocationRound {
        try rows.flush()
        let (items, rowCount) = (setup.itemCount, setup.rows.count)
        return try instance.call(.next, keeps: true, at: { "next" }, { _ in }, Self.serve(setup)) {
            (reader) throws(WireFault) in
            let round = try reader.get(AllocationRound.self)
            let isSound = round.wishes.allSatisfy {
                $0.item < items && $0.row < rowCount && (1...Self.maximumRepeats).contains($0.more)
            }
            guard isSound else { throw WireFault("a wish out of range") }
            return round
        }
    }

    package func weights() throws(PluginFault) -> [Int: Double] {
        try rows.flush()
        let items = setup.itemCount
        let weights = try instance.call(.weights, keeps: true, at: { "weights" }, { _ in }, Self.serve(setup)) {
            (reader) throws(WireFault) in
            let weights = try reader.get([WeighedItem].self)
            guard weights.allSatisfy({ $0.item < items }) else { throw WireFault("a weight out of range") }
            return weights
        }
        return Dictionary(weights.map { ($0.item, $0.weight) }) { _, last in last }
    }

    private static func serve(_ setup: AllocationSetup) -> RemoteInstance.Serve {
        { (request, reader, _) throws(WireFault) in
            guard request == .itemFields else { throw WireFault("asks for \(request) in an allocator") }
            let item = try reader.get(Int.self)
            try reader.end()
            var writer = WireWriter()
            writer.text(setup.itemFields(min(max(0, item), max(0, setup.itemCount - 1))))
            return writer.bytes
        }
    }
}

/// Rows on their way to a worker, many in one message.
private final class SentRows {
    private static let batch = 256

    private let instance: RemoteInstance
    private let serve: RemoteInstance.Serve
    private var waiting: [MetricRow] = []

    init(_ instance: RemoteInstance, serve: @escaping RemoteInstance.Serve = RemoteInstance.nothing) {
        self.instance = instance
        self.serve = serve
    }

    func add(_ row: MetricRow) throws(PluginFault) {
        waiting.append(row)
        if waiting.count >= Self.batch { try flush() }
    }

    func flush() throws(PluginFault) {
        guard let first = waiting.first, let last = waiting.last else { return }
        let rows = waiting
        waiting = []
        try instance.call(
            .add, keeps: true, at: { "rows of items \(first.item) to \(last.item)" }, { $0.put(rows) }, serve
        ) { (_) throws(WireFault) in }
    }

    func result() throws(PluginFault) -> [MetricValue] {
        try flush()
        return try instance.call(.result, keeps: true, at: { "result" }, { _ in }, serve) {
            (reader) throws(WireFault) in try reader.list(MetricValue.self, most: 65_536)
        }
    }
}
