internal import Completions
internal import Engine
internal import Journal
internal import Pools

/// Reads a pool's samples item by item. One thread's.
final class PoolReader {
    private let file: PoolFile
    private let pool: ReplayPool
    private var current: (ordinal: Int, item: PoolItem, samples: [[PoolSample]])?

    init(_ file: PoolFile, _ pool: ReplayPool) {
        self.file = file
        self.pool = pool
    }

    /// The samples of a session of an item and repeat.
    func deck(_ ordinal: Int, _ repeatIndex: Int) throws -> PoolDraws {
        let (item, samples) = try load(ordinal)
        return PoolDraws(
            deck: PoolDeck(
                item: item, samples: samples, models: pool.roles, settings: pool.settings, repeatIndex: repeatIndex),
            file: file)
    }

    /// What a model said to the grader when the pool was recorded; `nil`: that is not in it.
    func answer(_ asked: GradingQuestion.Request, _ repeatIndex: Int) throws -> Completion? {
        try file.answer(
            role: asked.role, to: asked.request, SampleIndex(repeatIndex: repeatIndex, index: asked.sample))
    }

    /// How each recorded text of an item was graded when it was recorded; of equal texts the last.
    func scores(_ ordinal: Int) throws -> [String: Double] {
        var scores: [String: Double] = [:]
        for sample in try load(ordinal).1.joined() {
            guard let score = sample.score else { continue }
            let text = pool.settings.text == .answer ? sample.answer ?? "" : sample.text ?? sample.answer ?? ""
            scores[text] = score
        }
        return scores
    }

    private func load(_ ordinal: Int) throws -> (PoolItem, [[PoolSample]]) {
        if let current, current.ordinal == ordinal { return (current.item, current.samples) }
        guard let item = try file.item(ordinal) else {
            throw CommandFailure(.usage, "\(pool.path): item \(ordinal) is missing")
        }
        let samples = try file.samples(of: ordinal)
        current = (ordinal, item, samples)
        return (item, samples)
    }
}

/// A pool's deck as the engine draws from it, with what services answered.
struct PoolDraws: RecordedSamples {
    var deck: PoolDeck
    let file: PoolFile

    func answer(role: String, request: CompletionRequest, _ sample: SampleIndex) throws -> Completion? {
        try file.answer(role: role, to: request, sample)
    }

    mutating func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss> {
        deck.deal(role: role, request: request).mapError { RecordedMiss($0.message) }
    }
}

/// Takes the grades that came with a recording; answers are found in texts by the suite's grader all the same.
final class RecordedGrader: AnswerGrader {
    private let scores: [String: Double]
    private let grader: any AnswerGrader

    init(scores: [String: Double], grader: any AnswerGrader) {
        self.scores = scores
        self.grader = grader
    }

    var gradesWholeTexts: Bool { true }

    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        guard let score = scores[answer] else {
            throw RecordedMiss(
                "the recording has no score for this answer; leave out --recorded-scores to grade it by the suite's "
                    + "grader"
            )
        }
        return .graded(
            Grade(
                score: score, strictScore: score,
                extracted: try grader.extract(ReasoningFormat.auto.split(answer).answer, fieldsJSON: item.fieldsJSON)?
                    .answer, stage: "recorded"))
    }

    func extract(_ text: String) throws -> (answer: String, stage: String)? { try grader.extract(text) }

    func extract(_ text: String, fieldsJSON: String) throws -> (answer: String, stage: String)? {
        try grader.extract(text, fieldsJSON: fieldsJSON)
    }

    func areSame(_ first: String, _ other: String) throws -> Bool { try grader.areSame(first, other) }
}
