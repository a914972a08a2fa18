/// A strategy's instance for one session: a state machine, entered by one thread at a time.
package protocol SessionStrategy: AnyObject {
    /// Takes events in order and returns actions in order.
    func step(_ events: [SessionEvent]) throws(PluginFault) -> [SessionAction]
}

/// What the host offers to one session's instance.
package protocol SessionServices: AnyObject {
    /// 64 uniform bits of the session's own stream.
    func random() -> UInt64
    /// The canonical answer in a text and the stage that found it, by the suite's grader.
    func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)?
    func remainingBudget() -> RemainingBudget
    /// Results of other arms; `nil` for strategies that do not need them.
    var peers: PeerView? { get }
    /// The seed of `random`, where that is a SplitMix64 which nobody has drawn from: whoever knows it can draw
    /// elsewhere. `nil`: every number has to be asked for.
    var randomSeed: UInt64? { get }
    /// What `extract` would give now, without giving it: the order in which answers are asked for decides which of
    /// them are one. `nil`: nobody can tell.
    func foresee(_ text: String, isUnfinished: Bool) -> ForeseenExtraction?
    /// The session, for the message if the instance crashes.
    var subject: CallSubject { get }
}

extension SessionServices {
    package var peers: PeerView? { nil }
    package var randomSeed: UInt64? { nil }
    package var subject: CallSubject { .none }
    package func foresee(_ text: String, isUnfinished: Bool) -> ForeseenExtraction? { nil }
}

/// What an extraction will give.
package struct ForeseenExtraction: Hashable, Sendable {
    /// `nil`: there is no answer.
    package var answer: String?
    package var stage: String

    package init(answer: String? = nil, stage: String = "") {
        self.answer = answer
        self.stage = stage
    }
}

/// A strategy plugin that was found and opened.
package protocol StrategyFactory: AnyObject, Sendable {
    var id: String { get }
    var version: String { get }
    /// What every use of it needs.
    var needs: PluginNeeds { get }
    /// A new instance for one session. `services` is kept until the instance is released.
    func makeSession(_ services: any SessionServices) throws(PluginFault) -> any SessionStrategy
    /// Completions one session may ask for, for `evalh plan`; `nil`: unknown.
    func estimate(parametersJSON: String) -> StrategyEstimate?
    /// What is wrong with parameters that keep their schema; `nil`: nothing.
    func problem(parametersJSON: String) -> String?
}

/// What a session may ask for.
package struct StrategyEstimate: Hashable, Sendable {
    package var completionsMin: Int
    package var completionsMax: Int
    /// How often the prompt is sent in the worst case, choices of one request counted once.
    package var promptPasses: Double

    package init(completionsMin: Int, completionsMax: Int, promptPasses: Double) {
        self.completionsMin = completionsMin
        self.completionsMax = completionsMax
        self.promptPasses = promptPasses
    }
}

/// A plugin did not do what the ABI asks, or said that it failed.
package struct PluginFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The plugin's id, or the library's file.
    package var plugin: String
    package var message: String
    /// Its process crashed, ended, hung or sent nonsense: no word of the plugin's.
    package var isBreakdown: Bool

    package init(plugin: String, message: String, isBreakdown: Bool = false) {
        self.plugin = plugin
        self.message = message
        self.isBreakdown = isBreakdown
    }

    package var description: String { "plugin \(plugin): \(message)" }
}

extension StrategyFactory {
    package func problem(parametersJSON: String) -> String? { nil }

    package var needs: PluginNeeds { [] }
}
