import CEvalhPlugin
public import EvalhPluginKit

/// A metric of a library, driven as a host drives it: rows in, numbers out.
public final class ScriptedMetric {
    private let table: evalh_metric
    private let instance: UnsafeMutableRawPointer

    /// - Throws: `ScriptedError` with the metric's own words if it takes no such parameters.
    public init(_ plugin: ScriptedPlugin, parameters: String = "{}", seed: UInt64 = 0) throws {
        guard plugin.kind == EVALH_KIND_METRIC, let table = plugin.table?.load(as: evalh_metric.self),
            let create = table.create
        else {
            throw ScriptedError("\(plugin.id) is no metric")
        }
        self.table = table
        var arena = Arena()
        let error = ScriptedText()
        let made = withExtendedLifetime(error) { create(arena.text(parameters), seed, error.sink) }
        withExtendedLifetime(arena) {}
        guard let made else { throw ScriptedError(error.text) }
        instance = made
    }

    deinit { table.destroy?(instance) }

    /// One more session.
    ///
    /// - Throws: `ScriptedError` with the metric's own words.
    public func add(_ row: SessionRow) throws {
        var arena = Arena()
        var wire = row.wire(in: &arena)
        let error = ScriptedText()
        let code = withExtendedLifetime(error) { table.add?(instance, &wire, error.sink) }
        withExtendedLifetime(arena) {}
        guard code == EVALH_OK else { throw ScriptedError(error.text) }
    }

    /// The numbers of all rows so far.
    public func result() throws -> [MetricValue] {
        try ScriptedValues.collect { table.result?(instance, $0, $1) }
    }
}

final class ScriptedValues {
    private var values: [MetricValue] = []

    static func collect(
        _ call: (UnsafePointer<evalh_metric_sink>, UnsafePointer<evalh_text_sink>) -> Int32?
    ) throws -> [MetricValue] {
        let values = ScriptedValues()
        let error = ScriptedText()
        let code = withExtendedLifetime((values, error)) {
            var sink = evalh_metric_sink()
            sink.struct_size = UInt32(MemoryLayout<evalh_metric_sink>.size)
            sink.context = Unmanaged.passUnretained(values).toOpaque()
            sink.push = { sink, value in
                guard let context = sink?.pointee.context, let value else { return }
                Unmanaged<ScriptedValues>.fromOpaque(context).takeUnretainedValue().values.append(
                    MetricValue(value.pointee))
            }
            return call(&sink, error.sink)
        }
        guard code == EVALH_OK else { throw ScriptedError(error.text) }
        return values.values
    }
}

/// Where a plugin says why it failed.
final class ScriptedText {
    private(set) var text = ""
    let sink: UnsafeMutablePointer<evalh_text_sink>

    init() {
        sink = .allocate(capacity: 1)
        var wire = evalh_text_sink()
        wire.struct_size = UInt32(MemoryLayout<evalh_text_sink>.size)
        wire.set = { sink, text in
            guard let context = sink?.pointee.context else { return }
            Unmanaged<ScriptedText>.fromOpaque(context).takeUnretainedValue().text = String(text)
        }
        sink.initialize(to: wire)
        sink.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { sink.deallocate() }
}
