internal import Completions
internal import EvalhStatistics
internal import Journal

/// Numbers of arms that come of being judged. The raw value is their name in `summary.json` and gates.
enum JudgedMetric: String, CaseIterable {
    /// The share of judged answers that the judge could not tell about.
    case noVerdictRate = "no_verdict_rate"
    /// The accuracy without the judge's errors.
    case correctedAccuracy = "accuracy_corrected"
}

/// What is added up of judges while the sessions pass by, item by item.
struct JudgingAccumulator {
    private let judge: RunDescription.Judge
    private let seed: UInt64
    private var judged = 0
    private var ties = 0
    private var noVerdicts: [NoVerdict: Int] = [:]
    private var usage = TokenUsage()
    private var usd: Double? = 0
    private var withSecond = PairedRatings(categories: JudgeVerdict.allCases.count)
    private var withPeople = PairedRatings(categories: JudgeVerdict.allCases.count)
    private var labelled = ClusteredMean()
    private var sensitivity = ClusteredMean()
    private var specificity = ClusteredMean()
    private var rows: [Row]

    /// One arm at one level.
    private struct Row {
        /// Sessions with a grade.
        var graded = 0
        var noVerdict = ClusteredMean()
        /// Scores that a judge gave.
        var scores = ClusteredMean()
    }

    init(_ judge: RunDescription.Judge, rows: Int, seed: UInt64) {
        self.judge = judge
        self.seed = seed
        self.rows = Array(repeating: Row(), count: rows)
    }

    mutating func add(_ record: SessionRecord, row: Int, _ place: ItemPlace) {
        guard record.error == nil else { return }
        if record.score != nil { rows[row].graded += 1 }
        guard let judgement = record.judgement else { return }
        judged += 1
        usage += judgement.usage
        if let cost = judgement.usd, let sum = usd { usd = sum + cost } else { usd = nil }
        rows[row].noVerdict.add(judgement.verdict == nil ? 1 : 0, place)
        if let score = record.score { rows[row].scores.add(score, place) }
        if judgement.verdict == .tie { ties += 1 }
        if judgement.verdict == nil { noVerdicts[judgement.noVerdict ?? .unread, default: 0] += 1 }
        compare(judgement, place)
        guard let label = judgement.label, let score = record.score else { return }
        if label == .right { sensitivity.add(score, place) }
        if label == .wrong { specificity.add(1 - score, place) }
    }

    private mutating func compare(_ judgement: Judgement, _ place: ItemPlace) {
        func number(_ verdict: JudgeVerdict) -> Int { JudgeVerdict.allCases.firstIndex(of: verdict) ?? 0 }
        guard let verdict = judgement.verdict else { return }
        if let second = judgement.second { withSecond.add(item: place.question, number(verdict), number(second)) }
        guard let label = judgement.label else { return }
        withPeople.add(item: place.question, number(verdict), number(label))
        labelled.add(verdict == label ? 1 : 0, place)
    }

    func estimate(_ metric: JudgedMetric, _ row: Int) -> Estimate? {
        switch metric {
        case .noVerdictRate: rows[row].noVerdict.proportion()
        case .correctedAccuracy: correctedAccuracy(row)
        }
    }

    /// By the judge's rates on answers with known verdicts. Sessions that were not judged, for they have no answer, are
    /// surely wrong.
    private func correctedAccuracy(_ row: Int) -> Estimate? {
        guard !judge.isPairwise, let apparent = rows[row].scores.proportion(), rows[row].graded > 0,
            let right = sensitivity.proportion(), let wrong = specificity.proportion(),
            var corrected = RoganGladen.estimate(
                apparent: apparent, sensitivity: .init(value: right.value, n: right.n),
                specificity: .init(value: wrong.value, n: wrong.n))
        else { return nil }
        let share = Double(rows[row].scores.count) / Double(rows[row].graded)
        corrected.value *= share
        corrected.ciLow = corrected.ciLow.map { $0 * share }
        corrected.ciHigh = corrected.ciHigh.map { $0 * share }
        corrected.stderr = corrected.stderr.map { $0 * share }
        return corrected
    }

    func summary() -> RunSummary.Judging {
        var judging = RunSummary.Judging(
            role: judge.role, second: judge.second, template: judge.template, form: judge.form,
            counting: judge.counting, judged: judged, ties: ties,
            noVerdicts: Dictionary(uniqueKeysWithValues: noVerdicts.map { ($0.key.rawValue, $0.value) }),
            cost: RunSummary.Usage(tokens: usage, usd: judged > 0 ? usd : nil))
        judging.agreement = [("second", withSecond), ("labels", withPeople)].compactMap { name, ratings in
            guard ratings.pairs > 0 else { return nil }
            let found = ratings.agreement(seed: seed)
            return .init(
                with: name, pairs: ratings.pairs, raw: found.raw.map { .init($0) },
                kappa: found.kappa.map { .init($0) },
                alpha: found.alpha.map { .init($0) })
        }
        if let accuracy = labelled.proportion() {
            judging.calibration = .init(
                accuracy: .init(accuracy), sensitivity: sensitivity.proportion().map { .init($0) },
                specificity: specificity.proportion().map { .init($0) })
        }
        return judging
    }
}

extension RunSummary {
    /// `arms` are still the rows, in their order.
    mutating func take(_ judged: JudgingAccumulator) {
        judging = judged.summary()
        for row in arms.indices {
            for metric in JudgedMetric.allCases {
                if let estimate = judged.estimate(metric, row) { arms[row].metrics[metric.rawValue] = Metric(estimate) }
            }
        }
    }
}
