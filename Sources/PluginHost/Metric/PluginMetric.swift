internal import CEvalhPlugin

/// A metric plugin with its parameters: takes the finished sessions of a run, then gives numbers. Used by one thread at a time.
package final class PluginMetric {
    /// The most numbers a metric may give.
    private static let maximumValues = 65_536

    package let info: PluginInfo
    private let table: MetricTable
    private let metric: UnsafeMutableRawPointer

    init(info: PluginInfo, table: MetricTable, parametersJSON: String, seed: UInt64) throws(PluginFault) {
        let arena = StepArena.take()
        let error = TextSink(maximumBytes: 4096)
        let created = withExtendedLifetime(error) { table.create(arena.copy(parametersJSON), seed, error.pointer(in: arena)) }
        arena.giveBack()
        guard let created else {
            throw PluginFault(plugin: info.id, message: "create failed: \(error.text ?? "no reason given")")
        }
        self.info = info
        self.table = table
        metric = created
    }

    deinit {
        table.destroy(metric)
    }

    /// One more session. Rows come item by item.
    package func add(_ row: MetricRow) throws(PluginFault) {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        var value = evalh_session_row(
            struct_size: UInt32(MemoryLayout<evalh_session_row>.size), is_error: row.score == nil ? 1 : 0, item: UInt64(max(0, row.item)),
            arm: arena.copy(row.arm), level: arena.copy(row.levelJSON), level_index: row.levelIndex.map(Int64.init) ?? -1,
            repeat: Int64(row.repeatIndex), score: row.score ?? .nan, confidence: row.confidence ?? .nan,
            finish: EventEncoder.finish(row.finish), reserved: 0, usage: EventEncoder.usage(row.usage), usd: row.usd ?? .nan,
            critical_path_seconds: row.criticalPathSeconds)
        guard table.add(metric, &value) == EVALH_OK else {
            throw PluginFault(plugin: info.id, message: "add failed for item \(row.item) of arm \(row.arm)")
        }
    }

    /// The numbers, after the last row.
    package func result() throws(PluginFault) -> [MetricValue] {
        let sink = MetricSink(maximumValues: Self.maximumValues)
        let result = withExtendedLifetime(sink) {
            var out = evalh_metric_sink(
                struct_size: UInt32(MemoryLayout<evalh_metric_sink>.size), reserved: 0, context: Unmanaged.passUnretained(sink).toOpaque(),
                push: { out, value in
                    guard let context = out?.pointee.context, let value else { return }
                    Unmanaged<MetricSink>.fromOpaque(context).takeUnretainedValue().push(value)
                })
            return table.result(metric, &out)
        }
        guard result == EVALH_OK else { throw PluginFault(plugin: info.id, message: "result failed") }
        if let breach = sink.breach { throw PluginFault(plugin: info.id, message: breach) }
        return sink.values
    }
}

/// Collects what `result` pushes.
private final class MetricSink {
    private let maximumValues: Int
    private(set) var values: [MetricValue] = []
    private(set) var breach: String?

    init(maximumValues: Int) {
        self.maximumValues = maximumValues
    }

    func push(_ pointer: UnsafePointer<evalh_metric_value>) {
        guard breach == nil else { return }
        guard values.count < maximumValues else {
            breach = "gave more than \(maximumValues) values"
            return
        }
        let size = Int(pointer.pointee.struct_size)
        // Name, arm, level and value are what a number cannot do without.
        guard size >= 56 else {
            breach = "gave a value with struct_size \(size), too small"
            return
        }
        values.append(MetricValue(ActionDecoder.load(UnsafeRawPointer(pointer), size: size, MetricValue.absent)))
    }
}
