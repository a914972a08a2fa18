/// How a data set's expected answers fare with the suite's grader.
struct GoldAnswers {
    /// So many places are told.
    private static let shown = 5

    private var count = 0
    private var wrong = 0
    /// The first that does not score 1.
    private var first: (item: DatasetItem, score: Double)?
    private var lines: [Int] = []

    mutating func add(_ item: DatasetItem, _ score: Double) {
        count += 1
        guard score < 1 else { return }
        wrong += 1
        if first == nil { first = (item, score) }
        if lines.count < Self.shown { lines.append(item.line) }
    }

    /// What to tell; `nil` if all score 1. A few broken answers are a warning, as many data sets have some; more than
    /// one in twenty, and the grader does not fit.
    func diagnostic(_ grader: UseSpec) -> Diagnostic? {
        guard let (item, score) = first else { return nil }
        let shown = item.target.count > 80 ? item.target.prefix(80) + "…" : item.target[...]
        let places = lines.map(String.init).joined(separator: ", ") + (wrong > lines.count ? " …" : "")
        let all = count == 1 ? "" : "; so it does with \(wrong) of \(count) items, on the data set's lines \(places)"
        return Diagnostic(
            wrong * 20 > count ? .error : .warning, at: grader.position,
            "the grader `\(grader.use)` gives the expected answer `\(shown)` of item \(item.id) a score of \(score), "
                + "not 1, in whatever form models write it\(all)",
            hint: "use a grader that reads the data set's targets, or another `fields: {target: …}`")
    }
}
