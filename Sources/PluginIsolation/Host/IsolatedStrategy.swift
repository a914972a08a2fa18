internal import Completions
package import PluginHost
internal import Synchronization

/// A strategy whose instances live in workers; the session's number says in which.
package final class IsolatedStrategy: StrategyFactory {
    package let info: PluginInfo
    package var id: String { info.id }
    package var version: String { info.version }
    package var needs: PluginNeeds { info.needs }
    let pool: WorkerPool
    let quarantine: Quarantine
    let foresight = Foresight()

    init(_ info: PluginInfo, _ pool: WorkerPool, _ quarantine: Quarantine) {
        self.info = info
        self.pool = pool
        self.quarantine = quarantine
    }

    package func makeSession(_ services: any SessionServices) throws(PluginFault) -> any SessionStrategy {
        try IsolatedSession(self, services)
    }

    package func estimate(parametersJSON: String) -> StrategyEstimate? {
        let estimate = try? ask(.estimate, parametersJSON) { (reader) throws(WireFault) in
            try reader.get(StrategyEstimate?.self)
        }
        return estimate ?? nil
    }

    package func problem(parametersJSON: String) -> String? {
        do throws(PluginFault) {
            return try ask(.validate, parametersJSON) { (reader) throws(WireFault) in
                try reader.get(String?.self).map { String($0.prefix(4096)) }
            }
        } catch {
            return error.message
        }
    }

    /// A call that is about no session.
    private func ask<T>(
        _ call: WorkerCall, _ parametersJSON: String, _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(PluginFault) -> T {
        let asked = RemoteInstance(info, pool, quarantine, within: pool.limits.strategy, call) { writer in
            writer.text(info.id)
            writer.text(parametersJSON)
        }
        return try asked.ask(at: call.name, read)
    }
}

/// Whether it pays to look for a completion's answer before the strategy asks: it does as long as it asks.
final class Foresight: Sendable {
    private static let patience = 8
    private let credit = Atomic<Int>(0)

    var isWorthwhile: Bool { credit.load(ordering: .relaxed) > 0 }

    func wasAsked() { credit.store(Self.patience, ordering: .relaxed) }

    func wasInVain() { credit.wrappingSubtract(1, ordering: .relaxed) }
}

/// One session of a strategy in a worker.
final class IsolatedSession: SessionStrategy {
    private enum State {
        case running
        case finished
        case failed(PluginFault)
    }

    private let strategy: IsolatedStrategy
    private let services: any SessionServices
    private let instance: RemoteInstance
    private var state = State.running
    private var lastSeq: UInt64 = 0
    /// Numbers that were drawn for the worker one by one, and how many of them the worker of now has had.
    private var drawn: [UInt64] = []
    private var drawnNow = 0
    /// What the running step is about, if that is a completion.
    private var completion: Completion?

    init(_ strategy: IsolatedStrategy, _ services: any SessionServices) throws(PluginFault) {
        self.strategy = strategy
        self.services = services
        instance = RemoteInstance(
            strategy.info, strategy.pool, strategy.quarantine, within: strategy.pool.limits.strategy, .makeStrategy
        ) { writer in
            writer.text(strategy.id)
            writer.put(services.randomSeed)
            writer.put(services.peers != nil)
            writer.put(services.remainingBudget())
        }
        instance.onBeginning = { [unowned self] in drawnNow = 0 }
        try instance.create(serve) { (_) throws(WireFault) in }
    }

    func step(_ events: [SessionEvent]) throws(PluginFault) -> [SessionAction] {
        switch state {
        case .finished: return []
        case .failed(let fault): throw fault
        case .running: break
        }
        do throws(PluginFault) {
            let actions = try carryOut(events)
            for action in actions { if case .finish = action.body { state = .finished } }
            return actions
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private func carryOut(_ events: [SessionEvent]) throws(PluginFault) -> [SessionAction] {
        completion = nil
        if case .done(_, _, let completion, _)? = events.first?.body { self.completion = completion }
        let foreseen = completion.flatMap { completion in
            strategy.foresight.isWorthwhile
                ? services.foresee(completion.text, isUnfinished: completion.finish.isUnfinished) : nil
        }
        let reply = try instance.call(
            .step, keeps: true, at: { events.map { "\($0.body.name) (event \($0.seq))" }.joined(separator: ", ") },
            { writer in
                writer.put(services.remainingBudget())
                writer.put(foreseen)
                writer.put(events)
            }, serve
        ) { (reader) throws(WireFault) in
            let hasTakenForeseen = try reader.get(Bool.self)
            let actions = try reader.list(SessionAction.self, most: 4096 * max(1, events.count))
            var seq = lastSeq
            for action in actions {
                guard action.seq > seq else { throw WireFault("actions out of order") }
                seq = action.seq
            }
            return (hasTakenForeseen, actions)
        }
        lastSeq = reply.1.last?.seq ?? lastSeq
        if reply.0 { takeForeseen() } else if foreseen != nil { strategy.foresight.wasInVain() }
        return reply.1
    }

    /// The strategy has been given what was foreseen: now it counts.
    private func takeForeseen() {
        guard let completion else { return }
        strategy.foresight.wasAsked()
        _ = services.extract(completion.text, isUnfinished: completion.finish.isUnfinished)
    }

    private func serve(
        _ request: WorkerRequest, _ reader: inout WireReader, _ isAgain: Bool
    ) throws(WireFault) -> [UInt8] {
        var writer = WireWriter()
        switch request {
        case .random:
            if drawnNow == drawn.count { drawn.append(services.random()) }
            writer.put(drawn[drawnNow])
            drawnNow += 1
        case .extract:
            let (hasTakenForeseen, isUnfinished) = (try reader.get(Bool.self), try reader.get(Bool.self))
            let text = try reader.text()
            if hasTakenForeseen, !isAgain { takeForeseen() }
            if text == completion?.text { strategy.foresight.wasAsked() }
            let found = services.extract(text, isUnfinished: isUnfinished)
            writer.put(found != nil)
            if let found {
                writer.text(found.answer)
                writer.text(found.stage)
            }
        case .peers:
            guard let view = services.peers else { throw WireFault("asks for peers that it may not see") }
            writer.put(view.item)
            writer.put(view.itemCount)
            writer.put((0..<view.count).compactMap { view[$0] })
        case .peerAnswer:
            let answer = services.peers?.answer(of: try reader.get())
            writer.put(answer != nil)
            if let answer {
                writer.text(answer.text)
                writer.put(answer.kind)
            }
        case .itemFields: throw WireFault("asks for items in a session")
        }
        try reader.end()
        return writer.bytes
    }
}
