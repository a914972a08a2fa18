internal import Completions
internal import PluginHost

/// The plugins of one library and their instances in a worker.
final class WorkerPlugins {
    private enum Instance {
        case strategy(any SessionStrategy, WorkerServices)
        case grader(PluginGrader)
        case metric(PluginMetric)
        case allocator(PluginAllocator)
    }

    private let library: PluginLibrary
    private let line: WorkerLine
    private var instances: [UInt64: Instance] = [:]

    init(_ library: PluginLibrary, _ line: WorkerLine) {
        self.library = library
        self.line = line
    }

    /// Carries out a message of the host.
    func answer(_ message: [UInt8]) -> [UInt8] {
        var writer = WireWriter()
        writer.put(WorkerWord.value.rawValue)
        do {
            var reader = WireReader(message)
            for instance in try reader.get([UInt64].self) {
                line.note(.destroy, instance: instance)
                instances[instance] = nil
            }
            guard let call = WorkerCall(rawValue: try reader.get(UInt8.self)) else { WorkerLine.giveUp() }
            let instance = try reader.get(UInt64.self)
            line.note(call, instance: instance)
            try carryOut(call, instance, &reader, &writer)
            line.note(.destroy, instance: instance)
            return writer.bytes
        } catch let fault as PluginFault {
            return WorkerLine.fault(fault.message)
        } catch {
            WorkerLine.giveUp()
        }
    }

    private func carryOut(
        _ call: WorkerCall, _ id: UInt64, _ reader: inout WireReader, _ writer: inout WireWriter
    ) throws {
        switch call {
        case .makeStrategy:
            let plugin = try strategy(reader.text())
            let services = WorkerServices(line, seed: try reader.get(), hasPeers: try reader.get())
            services.begin(try reader.get())
            instances[id] = .strategy(try plugin.makeSession(services), services)
        case .estimate: writer.put(try strategy(reader.text()).estimate(parametersJSON: reader.text()))
        case .validate: writer.put(try strategy(reader.text()).problem(parametersJSON: reader.text()))
        case .makeGrader:
            let (plugin, parameters) = (try reader.text(), try reader.text())
            let grader = try named(plugin) { try library.grader(plugin, parametersJSON: parameters) }
            instances[id] = .grader(grader)
            writer.put(grader.canExtract)
        case .makeMetric:
            let (plugin, parameters, seed) = (try reader.text(), try reader.text(), try reader.get(UInt64.self))
            instances[id] = .metric(
                try named(plugin) { try library.metric(plugin, parametersJSON: parameters, seed: seed) })
        case .makeAllocator:
            let (plugin, parameters, seed) = (try reader.text(), try reader.text(), try reader.get(UInt64.self))
            let setup = AllocationSetup(
                itemCount: try reader.get(), rows: try reader.get(), repeats: try reader.get(), itemFields: fields)
            instances[id] = .allocator(
                try named(plugin) {
                    try library.allocator(plugin, parametersJSON: parameters, setup: setup, seed: seed)
                })
        case .step, .grade, .extract, .expected, .same, .add, .result, .next, .weights:
            switch instances[id] {
            case .strategy(let session, let services): try step(session, services, &reader, &writer)
            case .grader(let grader): try grading(call, grader, &reader, &writer)
            case .metric(let metric): try measuring(call, metric, &reader, &writer)
            case .allocator(let allocator): try allocating(call, allocator, &reader, &writer)
            case nil: WorkerLine.giveUp()
            }
        case .open, .destroy: WorkerLine.giveUp()
        }
    }

    private func step(
        _ session: any SessionStrategy, _ services: WorkerServices, _ reader: inout WireReader,
        _ writer: inout WireWriter
    ) throws {
        let (budget, foreseen) = (try reader.get(RemainingBudget.self), try reader.get(ForeseenExtraction?.self))
        let events = try reader.get([SessionEvent].self)
        services.begin(budget, foreseen: foreseen, events: events)
        let actions = try session.step(events)
        writer.put(services.hasTakenForeseen)
        writer.put(actions)
    }

    private func grading(
        _ call: WorkerCall, _ grader: PluginGrader, _ reader: inout WireReader, _ writer: inout WireWriter
    ) throws {
        switch call {
        case .grade:
            writer.put(
                try grader.grade(
                    answer: try reader.text(), target: try reader.text(), fieldsJSON: try reader.text(),
                    finish: try reader.get()))
        case .extract:
            let found = try grader.extract(try reader.text(), fieldsJSON: try reader.text())
            writer.put(found.map { ForeseenExtraction(answer: $0.answer, stage: $0.stage) })
        case .expected: writer.put(grader.expected(target: try reader.text(), fieldsJSON: try reader.text()))
        case .same: writer.put(grader.areSame(try reader.text(), try reader.text()))
        default: WorkerLine.giveUp()
        }
    }

    private func measuring(
        _ call: WorkerCall, _ metric: PluginMetric, _ reader: inout WireReader, _ writer: inout WireWriter
    ) throws {
        switch call {
        case .add: for row in try reader.get([MetricRow].self) { try metric.add(row) }
        case .result: writer.put(try metric.result())
        default: WorkerLine.giveUp()
        }
    }

    private func allocating(
        _ call: WorkerCall, _ allocator: PluginAllocator, _ reader: inout WireReader, _ writer: inout WireWriter
    ) throws {
        switch call {
        case .add: for row in try reader.get([MetricRow].self) { try allocator.add(row) }
        case .result: writer.put(try allocator.result())
        case .next: writer.put(try allocator.next())
        case .weights:
            let weights = try allocator.weights().sorted { $0.key < $1.key }
            writer.put(weights.map { WeighedItem(item: $0.key, weight: $0.value) })
        default: WorkerLine.giveUp()
        }
    }

    private func strategy(_ id: String) throws -> StrategyPlugin { try named(id) { library.strategy(id) } }

    private func named<T>(_ id: String, _ find: () throws -> T?) throws -> T {
        guard let plugin = try find() else {
            throw PluginFault(plugin: id, message: "\(library.file) does not offer it any more")
        }
        return plugin
    }

    private func fields(of item: Int) -> String {
        var answer = line.ask(.itemFields) { $0.put(item) }
        do { return try answer.text() } catch { WorkerLine.giveUp() }
    }
}

/// How much an item counts in means.
struct WeighedItem: WireValue {
    var item: Int
    var weight: Double

    init(item: Int, weight: Double) {
        self.item = item
        self.weight = weight
    }

    init(from reader: inout WireReader) throws(WireFault) {
        self.init(item: try reader.get(), weight: try reader.get())
        guard item >= 0, weight.isFinite, weight >= 0 else { throw WireFault("an item's weight out of range") }
    }

    func write(to writer: inout WireWriter) {
        writer.put(item)
        writer.put(weight)
    }
}

extension ForeseenExtraction: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(answer: try reader.get(), stage: try reader.text())
    }

    func write(to writer: inout WireWriter) {
        writer.put(answer)
        writer.text(stage)
    }
}
