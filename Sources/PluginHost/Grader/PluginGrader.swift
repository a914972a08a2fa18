internal import CEvalhPlugin
package import Completions
internal import Synchronization

/// A grader plugin with its parameters, here or in a process of its own. Stateless: may be used from any thread at
/// once.
package protocol GraderPlugin: AnyObject, Sendable {
    var info: PluginInfo { get }
    /// How long its grades take.
    var pace: GradingPace { get }
    /// Whether `extract` can find anything: a grader need not offer it.
    var canExtract: Bool { get }
    /// Grades `answer`. `fieldsJSON` holds all of the item's fields, a JSON object.
    func grade(answer: String, target: String, fieldsJSON: String, finish: FinishReason) throws(PluginFault) -> Grade
    /// The canonical answer in a text and the rule that found it; `nil` if there is none.
    ///
    /// - Parameter fieldsJSON: The item's fields but the target, for graders that find answers by them.
    func extract(_ text: String, fieldsJSON: String) throws(PluginFault) -> (answer: String, stage: String)?
    /// The canonical answer that a target stands for; `nil`: the grader cannot read it.
    func expected(target: String, fieldsJSON: String) -> String?
    /// Whether two canonical answers mean the same; `first` was seen first.
    func areSame(_ first: String, _ other: String) throws(PluginFault) -> Bool
}

/// A grader plugin in this process. It has as many instances as calls are under way, so that calls on one instance
/// never overlap.
package final class PluginGrader: GraderPlugin {
    package let info: PluginInfo
    let table: GraderTable
    let guarded: PluginGuard
    private let parametersJSON: String
    /// Instances without a call, the last used last.
    private let idle: Mutex<[GraderInstance]>
    package let pace = GradingPace()

    init(
        info: PluginInfo, table: GraderTable, guarded: PluginGuard, parametersJSON: String
    ) throws(PluginFault) {
        self.info = info
        self.table = table
        self.guarded = guarded
        self.parametersJSON = parametersJSON
        idle = Mutex([try GraderInstance(info, table, guarded, parametersJSON)])
    }

    func withInstance<T>(
        _ body: (UnsafeMutableRawPointer) throws(PluginFault) -> T
    ) throws(PluginFault) -> T {
        let instance: GraderInstance
        if let waiting = idle.withLock({ $0.popLast() }) {
            instance = waiting
        } else {
            instance = try GraderInstance(info, table, guarded, parametersJSON)
        }
        defer { idle.withLock { $0.append(instance) } }
        return try body(instance.pointer)
    }

    /// Grades `answer`. `fieldsJSON` holds all of the item's fields, a JSON object.
    package func grade(
        answer: String, target: String, fieldsJSON: String, finish: FinishReason
    ) throws(PluginFault) -> Grade {
        let start = ContinuousClock.now
        defer { pace.add(.now - start) }
        return try withInstance { (grader) throws(PluginFault) in
            try grade(grader, answer, target, fieldsJSON, finish)
        }
    }

    private func grade(
        _ grader: UnsafeMutableRawPointer, _ answer: String, _ target: String, _ fieldsJSON: String,
        _ finish: FinishReason
    ) throws(PluginFault) -> Grade {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        var input = evalh_grade_input(
            struct_size: UInt32(MemoryLayout<evalh_grade_input>.size), finish: EventEncoder.finish(finish),
            answer: arena.copy(answer),
            target: arena.copy(target), fields_json: arena.copy(fieldsJSON))
        let (extracted, stage) = (TextSink(maximumBytes: BorrowedText.maximumBytes), TextSink(maximumBytes: 256))
        let explanation = TextSink(maximumBytes: 65_536)
        var output = evalh_grade_output(
            struct_size: UInt32(MemoryLayout<evalh_grade_output>.size), reserved: 0, score: .nan, strict_score: .nan,
            extracted: extracted.pointer(in: arena), stage: stage.pointer(in: arena),
            explanation: explanation.pointer(in: arena))
        let result = withExtendedLifetime((extracted, stage, explanation)) {
            guarded.call(.grade) { table.grade(grader, &input, &output) }
        }
        guard result == EVALH_OK else {
            throw PluginFault(plugin: info.id, message: "grade failed: \(explanation.text ?? "no reason given")")
        }
        let strict = output.strict_score.isNaN ? output.score : output.strict_score
        guard (0...1).contains(output.score), (0...1).contains(strict) else {
            throw PluginFault(
                plugin: info.id,
                message: "gave the score \(output.score) (strict \(output.strict_score)), which is not within [0, 1]")
        }
        return Grade(
            score: output.score, strictScore: strict, extracted: extracted.text, stage: stage.text ?? "plugin",
            explanation: explanation.text)
    }

    /// Whether `extract` can find anything: a grader need not offer it.
    package var canExtract: Bool { table.extract != nil }

    /// The canonical answer in a text and the rule that found it; `nil` if there is none.
    ///
    /// - Parameter fieldsJSON: The item's fields but the target, for graders that find answers by them.
    package func extract(_ text: String, fieldsJSON: String = "{}") throws(PluginFault) -> (
        answer: String, stage: String
    )? {
        guard table.extractItem != nil || table.extract != nil else { return nil }
        return try withInstance { (grader) throws(PluginFault) in try extract(grader, text, fieldsJSON) }
    }

    private func extract(
        _ grader: UnsafeMutableRawPointer, _ text: String, _ fieldsJSON: String
    ) throws(PluginFault) -> (answer: String, stage: String)? {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let (answer, stage) = (TextSink(maximumBytes: BorrowedText.maximumBytes), TextSink(maximumBytes: 256))
        let result = withExtendedLifetime((answer, stage)) {
            let (found, rule) = (answer.pointer(in: arena), stage.pointer(in: arena))
            return guarded.call(.extract) {
                if let extract = table.extractItem {
                    return extract(grader, arena.copy(text), arena.copy(fieldsJSON), found, rule)
                }
                return table.extract?(grader, arena.copy(text), found, rule) ?? EVALH_FAILED
            }
        }
        if result == EVALH_ERROR {
            throw PluginFault(plugin: info.id, message: "extract failed: \(answer.text ?? "no reason given")")
        }
        guard result == EVALH_OK, let found = answer.text else { return nil }
        return (found, stage.text ?? "")
    }

    /// The canonical answer that a target stands for; `nil`: the grader cannot read it.
    package func expected(target: String, fieldsJSON: String) -> String? {
        guard let expected = table.expected else { return target }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        var input = evalh_grade_input(
            struct_size: UInt32(MemoryLayout<evalh_grade_input>.size), finish: EventEncoder.finish(.stop),
            answer: arena.copy(""), target: arena.copy(target), fields_json: arena.copy(fieldsJSON))
        let answer = TextSink(maximumBytes: BorrowedText.maximumBytes)
        let result = try? withInstance { grader in
            withExtendedLifetime(answer) {
                guarded.call(.expected) { expected(grader, &input, answer.pointer(in: arena)) }
            }
        }
        return result == EVALH_OK ? answer.text : nil
    }

    /// Whether two canonical answers mean the same; `first` was seen first.
    package func areSame(_ first: String, _ other: String) -> Bool {
        guard first != other else { return true }
        guard let same = table.same else { return false }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let result = try? withInstance { grader in
            guarded.call(.same) { same(grader, arena.copy(first), arena.copy(other)) }
        }
        return result == 1
    }
}

/// One instance of a grader, which is given one call at a time.
private final class GraderInstance: @unchecked Sendable {
    // Sendable: the pointer never changes, and whoever uses it has taken the instance out of the pool.
    let pointer: UnsafeMutableRawPointer
    private let destroy: StrategyTable.Destroy
    private let guarded: PluginGuard

    init(
        _ info: PluginInfo, _ table: GraderTable, _ guarded: PluginGuard, _ parametersJSON: String
    ) throws(PluginFault) {
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let error = TextSink(maximumBytes: 4096)
        let created = withExtendedLifetime(error) {
            guarded.call(.create) { table.create(arena.copy(parametersJSON), error.pointer(in: arena)) }
        }
        guard let created else {
            throw PluginFault(plugin: info.id, message: "create failed: \(error.text ?? "no reason given")")
        }
        pointer = created
        destroy = table.destroy
        self.guarded = guarded
    }

    deinit { guarded.call(.destroy) { destroy(pointer) } }
}
