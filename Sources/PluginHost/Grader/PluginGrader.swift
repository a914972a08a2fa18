internal import CEvalhPlugin
package import Completions

/// A grader plugin with its parameters, here or in a process of its own. Stateless: may be used from any thread at
/// once.
package protocol GraderPlugin: AnyObject, Sendable {
    var info: PluginInfo { get }
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

/// A grader plugin in this process.
package final class PluginGrader: GraderPlugin, @unchecked Sendable {
    // Sendable: the pointer never changes, and the header demands that a grader's functions bear concurrent calls.
    package let info: PluginInfo
    let table: GraderTable
    let guarded: PluginGuard
    let grader: UnsafeMutableRawPointer

    init(
        info: PluginInfo, table: GraderTable, guarded: PluginGuard, parametersJSON: String
    ) throws(PluginFault) {
        let arena = StepArena.take()
        let error = TextSink(maximumBytes: 4096)
        let created = withExtendedLifetime(error) {
            guarded.call(.create) { table.create(arena.copy(parametersJSON), error.pointer(in: arena)) }
        }
        arena.giveBack()
        guard let created else {
            throw PluginFault(plugin: info.id, message: "create failed: \(error.text ?? "no reason given")")
        }
        self.info = info
        self.table = table
        self.guarded = guarded
        grader = created
    }

    deinit {
        guarded.call(.destroy) { table.destroy(grader) }
    }

    /// Grades `answer`. `fieldsJSON` holds all of the item's fields, a JSON object.
    package func grade(
        answer: String, target: String, fieldsJSON: String, finish: FinishReason
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
        let result = withExtendedLifetime(answer) {
            guarded.call(.expected) { expected(grader, &input, answer.pointer(in: arena)) }
        }
        return result == EVALH_OK ? answer.text : nil
    }

    /// Whether two canonical answers mean the same; `first` was seen first.
    package func areSame(_ first: String, _ other: String) -> Bool {
        guard first != other else { return true }
        guard let same = table.same else { return false }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        return guarded.call(.same) { same(grader, arena.copy(first), arena.copy(other)) } == 1
    }
}
