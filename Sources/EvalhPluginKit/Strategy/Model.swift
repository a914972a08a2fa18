import CEvalhPlugin

/// A model as a session sees it.
public struct Model: Hashable, Sendable {
    /// "main", or another name under the suite's `models:`.
    public var role: String
    /// The model's own name.
    public var name: String
    /// What its endpoint can do; all, as long as nobody has asked it.
    public var can: Needs
    /// The most alternatives a token it gives.
    public var topLogprobs: Int
    /// The suite's sampling for it; every value is set.
    public var sampling: Sampling

    /// A model; for tests, as sessions get theirs from the host.
    public init(role: String, name: String, can: Needs = .all, topLogprobs: Int = 0, sampling: Sampling = Sampling()) {
        self.role = role
        self.name = name
        self.can = can
        self.topLogprobs = topLogprobs
        self.sampling = sampling
    }

    init(_ model: evalh_model) {
        self.init(
            role: String(model.role), name: String(model.name), can: Needs(rawValue: model.can & Needs.all.rawValue),
            topLogprobs: Int(model.top_logprobs), sampling: model.sampling.map { Sampling($0.pointee) } ?? Sampling())
    }
}

/// What a plugin needs of an endpoint, or what an endpoint can do.
public struct Needs: OptionSet, Hashable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Chunks while a completion is generated.
    public static let stream = Needs(rawValue: UInt32(EVALH_NEED_STREAM))
    /// Log-probabilities of sampled tokens.
    public static let logprobs = Needs(rawValue: UInt32(EVALH_NEED_LOGPROBS))
    /// Continuing a given assistant text.
    public static let prefix = Needs(rawValue: UInt32(EVALH_NEED_PREFIX))
    /// Stopping a generation midway saves its remaining cost.
    public static let cancel = Needs(rawValue: UInt32(EVALH_NEED_CANCEL))
    /// A service of kind "score": log-probabilities of a given continuation.
    public static let score = Needs(rawValue: UInt32(EVALH_NEED_SCORE))
    /// All of these.
    /// Results of other arms, see `Session.peers`.
    public static let peers = Needs(rawValue: UInt32(EVALH_NEED_PEERS))
    /// How the own item's peers were graded: the arm is marked as an oracle wherever it is shown.
    public static let oracle = Needs(rawValue: UInt32(EVALH_NEED_ORACLE))
    /// Of metrics: arms with levels; a suite that names another arm is refused.
    public static let levels = Needs(rawValue: UInt32(EVALH_NEED_LEVELS))
    /// Of graders: compares with no target; items may do without the target field.
    public static let noTarget = Needs(rawValue: UInt32(EVALH_NEED_NO_TARGET))
    /// With `prefix`: does without continuing a text where the endpoint sends thinking apart from it, which cannot be
    /// continued; see `CompletionStream.reasoning`. Other strategies that need prefixes are refused such endpoints.
    public static let prefixOrReasoning = Needs(rawValue: UInt32(EVALH_NEED_OR_REASONING))
    /// Of strategies: partial service. It may answer although requests failed, as a vote of the completions that came;
    /// its sessions are then marked as served in part, and asked again by `evalh resume`. Without it the host makes
    /// such a session an error.
    public static let partial = Needs(rawValue: UInt32(EVALH_NEED_PARTIAL))
    /// All that an endpoint can have.
    public static let all: Needs = [.stream, .logprobs, .prefix, .cancel, .score]
}
