internal import CEvalhPlugin

/// A metric plugin with its parameters, here or in a process of its own: takes the finished sessions of a run, then
/// gives numbers. Used by one thread at a time.
package protocol MetricPlugin: AnyObject {
    var info: PluginInfo { get }
    /// One more session. Rows come item by item.
    func add(_ row: MetricRow) throws(PluginFault)
    /// The numbers, after the last row.
    func result() throws(PluginFault) -> [MetricValue]
}

/// A metric plugin in this process.
package final class PluginMetric: MetricPlugin {
    package let info: PluginInfo
    private let table: MetricTable
    private let guarded: PluginGuard
    private let metric: UnsafeMutableRawPointer

    init(
        info: PluginInfo, table: MetricTable, guarded: PluginGuard, parametersJSON: String, seed: UInt64
    ) throws(PluginFault) {
        let arena = StepArena.take()
        let error = TextSink(maximumBytes: 4096)
        let created = withExtendedLifetime(error) {
            guarded.call(.create) { table.create(arena.copy(parametersJSON), seed, error.pointer(in: arena)) }
        }
        arena.giveBack()
        guard let created else {
            throw PluginFault(plugin: info.id, message: "create failed: \(error.text ?? "no reason given")")
        }
        self.info = info
        self.table = table
        self.guarded = guarded
        metric = created
    }

    deinit {
        guarded.call(.destroy) { table.destroy(metric) }
    }

    /// One more session. Rows come item by item.
    package func add(_ row: MetricRow) throws(PluginFault) {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        var value = row.wire(arena)
        let error = TextSink(maximumBytes: 4096)
        let result = withExtendedLifetime(error) {
            guarded.call(.add, CallSubject(arm: row.arm)) { table.add(metric, &value, error.pointer(in: arena)) }
        }
        guard result == EVALH_OK else {
            throw PluginFault(
                plugin: info.id,
                message: "add failed for item \(row.item) of arm \(row.arm): \(error.text ?? "no reason given")")
        }
    }

    /// The numbers, after the last row.
    package func result() throws(PluginFault) -> [MetricValue] {
        try MetricSink.collect(from: info) { sink, error in
            guarded.call(.result) { table.result(metric, sink, error) }
        }
    }
}

/// Collects what a plugin's `result` pushes.
final class MetricSink {
    /// The most numbers a plugin may give.
    private static let maximumValues = 65_536

    private var values: [MetricValue] = []
    private var breach: String?

    static func collect(
        from info: PluginInfo, _ call: (UnsafePointer<evalh_metric_sink>, UnsafePointer<evalh_text_sink>) -> Int32
    ) throws(PluginFault) -> [MetricValue] {
        let sink = MetricSink()
        let error = TextSink(maximumBytes: 4096)
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let result = withExtendedLifetime((sink, error)) {
            var out = evalh_metric_sink(
                struct_size: UInt32(MemoryLayout<evalh_metric_sink>.size), reserved: 0,
                context: Unmanaged.passUnretained(sink).toOpaque(),
                push: { out, value in
                    guard let context = out?.pointee.context, let value else { return }
                    Unmanaged<MetricSink>.fromOpaque(context).takeUnretainedValue().push(value)
                })
            return call(&out, error.pointer(in: arena))
        }
        guard result == EVALH_OK else {
            throw PluginFault(plugin: info.id, message: "result failed: \(error.text ?? "no reason given")")
        }
        if let breach = sink.breach { throw PluginFault(plugin: info.id, message: breach) }
        return sink.values
    }

    func push(_ pointer: UnsafePointer<evalh_metric_value>) {
        guard breach == nil else { return }
        guard values.count < Self.maximumValues else {
            breach = "gave more than \(Self.maximumValues) values"
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
