import CEvalhPlugin
import Synchronization

/// A metric of any type, as the tables know it.
struct AnyMetric: Sendable {
    let make: @Sendable (_ parametersJSON: String, _ seed: UInt64) throws -> MetricInstance

    init<M: Metric>(_ type: M.Type) {
        make = { MetricInstance(try M(parameters: M.Parameters(json: $0), seed: $1)) }
    }
}

/// What the host's calls on a metric work on; they never overlap.
final class MetricInstance {
    private var metric: any Metric

    init(_ metric: any Metric) {
        self.metric = metric
    }

    func add(_ row: evalh_session_row) throws { try metric.add(SessionRow(row)) }

    func result(into sink: UnsafePointer<evalh_metric_sink>) throws { try metric.result().push(into: sink) }
}

extension [MetricValue] {
    func push(into sink: UnsafePointer<evalh_metric_sink>) {
        guard let push = sink.pointee.push else { return }
        for value in self {
            var arena = Arena()
            push(sink, arena.pointer(to: value.wire(in: &arena)))
            withExtendedLifetime(arena) {}
        }
    }
}

extension UnsafePointer<evalh_text_sink>? {
    /// EVALH_OK, or EVALH_FAILED with what was thrown as text.
    func result(of work: () throws -> Void) -> Int32 {
        do {
            try work()
            return EVALH_OK
        } catch {
            set("\(error)")
            return EVALH_FAILED
        }
    }
}

/// C functions for each metric of a library, see `StrategySlots`.
enum MetricSlots {
    static let capacity = 32

    private static let metrics = Mutex<[AnyMetric]>([])

    static func table(for metric: AnyMetric) -> evalh_metric? {
        let slot = metrics.withLock { metrics -> Int? in
            guard metrics.count < capacity else { return nil }
            metrics.append(metric)
            return metrics.count - 1
        }
        guard let slot else { return nil }
        var table = evalh_metric()
        table.struct_size = UInt32(MemoryLayout<evalh_metric>.size)
        table.create = creators[slot]
        table.destroy = { metric in
            if let metric { Unmanaged<MetricInstance>.fromOpaque(metric).release() }
        }
        table.add = { metric, row, error in
            guard let metric, let row, row.pointee.struct_size >= UInt32(MemoryLayout<evalh_session_row>.size) else {
                return EVALH_FAILED
            }
            return error.result {
                try Unmanaged<MetricInstance>.fromOpaque(metric).takeUnretainedValue().add(row.pointee)
            }
        }
        table.result = { metric, sink, error in
            guard let metric, let sink else { return EVALH_FAILED }
            return error.result {
                try Unmanaged<MetricInstance>.fromOpaque(metric).takeUnretainedValue().result(into: sink)
            }
        }
        return table
    }

    private static func create(
        _ slot: Int, _ parameters: evalh_str, _ seed: UInt64, _ error: UnsafePointer<evalh_text_sink>?
    ) -> UnsafeMutableRawPointer? {
        guard let metric = metrics.withLock({ $0.indices.contains(slot) ? $0[slot] : nil }) else { return nil }
        do {
            return Unmanaged.passRetained(try metric.make(String(parameters), seed)).toOpaque()
        } catch let failure {
            error.set("\(failure)")
            return nil
        }
    }

    private typealias Creator =
        @convention(c) (evalh_str, UInt64, UnsafePointer<evalh_text_sink>?) -> UnsafeMutableRawPointer?

    private static let creators: [Creator] = [
        { create(0, $0, $1, $2) }, { create(1, $0, $1, $2) }, { create(2, $0, $1, $2) }, { create(3, $0, $1, $2) },
        { create(4, $0, $1, $2) }, { create(5, $0, $1, $2) }, { create(6, $0, $1, $2) }, { create(7, $0, $1, $2) },
        { create(8, $0, $1, $2) }, { create(9, $0, $1, $2) }, { create(10, $0, $1, $2) }, { create(11, $0, $1, $2) },
        { create(12, $0, $1, $2) }, { create(13, $0, $1, $2) }, { create(14, $0, $1, $2) }, { create(15, $0, $1, $2) },
        { create(16, $0, $1, $2) }, { create(17, $0, $1, $2) }, { create(18, $0, $1, $2) }, { create(19, $0, $1, $2) },
        { create(20, $0, $1, $2) }, { create(21, $0, $1, $2) }, { create(22, $0, $1, $2) }, { create(23, $0, $1, $2) },
        { create(24, $0, $1, $2) }, { create(25, $0, $1, $2) }, { create(26, $0, $1, $2) }, { create(27, $0, $1, $2) },
        { create(28, $0, $1, $2) }, { create(29, $0, $1, $2) }, { create(30, $0, $1, $2) }, { create(31, $0, $1, $2) },
    ]
}
