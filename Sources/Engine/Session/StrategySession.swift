internal import EvalhStatistics
package import PluginHost

/// A strategy's instance with the session that drives it: hands the machine's events to it and its actions to the
/// machine.
package final class StrategySession {
    let start: SessionStart
    package let peers: PeerView?
    private let grader: any AnswerGrader
    private var classes = AnswerClasses()
    private var generator: SplitMix64
    private var machine: SessionMachine
    private var strategy: (any SessionStrategy)?
    /// Why the grader could not read a text in the running step.
    private var graderFault: String?
    /// The last text that was read before the strategy asked for it, and what was found.
    private var readAhead: (text: String, found: (answer: String, stage: String)?)?

    package init(
        start: SessionStart, models: [String: RunModel], limits: BudgetLimits, peers: PeerView? = nil,
        servesInPart: Bool = false, logLimits: SessionLogLimits = SessionLogLimits(), grader: any AnswerGrader
    ) {
        self.start = start
        self.peers = peers
        self.grader = grader
        generator = SplitMix64(seed: start.seed)
        machine = SessionMachine(
            start: start, models: models, limits: limits, peers: peers, servesInPart: servesInPart,
            logLimits: logLimits)
    }

    /// Logical nanoseconds since the session's start.
    package var now: Int64 { machine.now }
    /// A cancel waits for its answer: nothing else may happen before it.
    var awaitsCancel: Bool { machine.awaitsCancel }
    /// False: by the records of its samples the strategy would have seen others of their pieces.
    var hasSeenRecords: Bool { machine.hasSeenRecords }

    /// The plugin did not answer an event as it must.
    var hasFaulted: Bool { machine.hasFaulted }

    /// A request that the strategy made, and when.
    func asked(_ request: UInt64) -> (request: SampleRequest, at: Int64)? {
        machine.requests[request].map { ($0.asked, $0.askedAt) }
    }

    func isCancelling(_ request: UInt64) -> Bool { machine.requests[request]?.isCancelling == true }

    /// Whether the strategy was shown pieces of a choice.
    func hasShown(_ request: UInt64, _ choice: Int) -> Bool {
        (machine.requests[request]?.pieces(of: choice).count ?? 0) > 0
    }

    /// Makes the strategy's instance and gives it START.
    package func begin(_ factory: any StrategyFactory) -> [SessionEffect] {
        do throws(PluginFault) {
            strategy = try factory.makeSession(self)
            machine.begin()
        } catch {
            machine.failToBegin(error)
        }
        return run()
    }

    package func deliver(_ input: SessionInput) -> [SessionEffect] {
        machine.deliver(input)
        return run()
    }

    /// Lets go of the strategy without a result: the run stops and the session will be done again.
    package func abort() {
        machine.abort()
        strategy = nil
    }

    /// Gives the strategy its events one at a time until none is left.
    private func run() -> [SessionEffect] {
        while let event = machine.nextEvent(), let strategy {
            do throws(PluginFault) {
                let actions = try strategy.step([event])
                if let graderFault { machine.fail(event, withGrader: graderFault) }
                machine.answer(event, with: actions)
            } catch {
                if let graderFault { machine.fail(event, withGrader: graderFault) }
                machine.fail(event, with: error)
            }
        }
        if !machine.isRunning { strategy = nil }
        return machine.takeEffects()
    }
}

extension StrategySession: SessionServices {
    package func random() -> UInt64 { generator.next() }

    package func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        guard !isUnfinished else { return nil }
        let split = machine.split(text)
        guard !split.isUnfinished else { return nil }
        do {
            guard let found = try read(split.answer) else { return nil }
            return (try classes.first(of: found.answer, areSame: grader.areSame), found.stage)
        } catch {
            // The session is an error then, whatever the strategy makes of it: no answer is something else.
            graderFault = graderFault ?? "\(error)"
            return nil
        }
    }

    package var subject: CallSubject { CallSubject(arm: start.arm, item: start.itemID) }

    package func remainingBudget() -> RemainingBudget { machine.remainingBudget }

    package var randomSeed: UInt64? { start.seed }

    package func foresee(_ text: String, isUnfinished: Bool) -> ForeseenExtraction? {
        guard !isUnfinished else { return ForeseenExtraction() }
        let split = machine.split(text)
        guard !split.isUnfinished else { return ForeseenExtraction() }
        do {
            let found = try read(split.answer)
            readAhead = (split.answer, found)
            guard let found else { return ForeseenExtraction() }
            let first = try classes.foreseen(of: found.answer, areSame: grader.areSame)
            return ForeseenExtraction(answer: first, stage: found.stage)
        } catch {
            // It is told when the strategy asks.
            return nil
        }
    }

    private func read(_ text: String) throws -> (answer: String, stage: String)? {
        if let readAhead, readAhead.text == text { return readAhead.found }
        return try grader.extract(text, fieldsJSON: start.fieldsJSON)
    }
}
