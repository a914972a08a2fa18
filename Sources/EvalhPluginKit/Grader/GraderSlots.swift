import CEvalhPlugin
import Synchronization

/// A grader of any type, as the tables know it.
struct AnyGrader: Sendable {
    let make: @Sendable (_ parametersJSON: String) throws -> GraderInstance
    let canExtract: Bool

    init<G: Grader>(_ type: G.Type) {
        make = { GraderInstance(try G(parameters: G.Parameters(json: $0))) }
        canExtract = type is any ExtractingGrader.Type
    }
}

/// What the host's calls on a grader work on. It never changes, so many threads may call it.
final class GraderInstance: Sendable {
    let grader: any Grader

    init(_ grader: any Grader) {
        self.grader = grader
    }

    func grade(_ input: evalh_grade_input, into out: UnsafeMutablePointer<evalh_grade_output>) -> Int32 {
        do {
            let grade = try grader.grade(
                GradeInput(
                    answer: String(input.answer), finish: Finish(rawValue: input.finish) ?? .other,
                    target: String(input.target),
                    fieldsJSON: String(input.fields_json)))
            out.pointee.score = grade.score
            out.pointee.strict_score = grade.strictScore.orNaN
            if let extracted = grade.extracted { out.pointee.extracted.set(extracted) }
            if !grade.stage.isEmpty { out.pointee.stage.set(grade.stage) }
            if !grade.explanation.isEmpty { out.pointee.explanation.set(grade.explanation) }
            return EVALH_OK
        } catch {
            out.pointee.explanation.set("\(error)")
            return EVALH_FAILED
        }
    }

    /// - Parameter fields: the item's; `nil`: the text is all there is.
    func extract(
        _ text: evalh_str, fields: evalh_str?, answer: UnsafePointer<evalh_text_sink>?,
        stage: UnsafePointer<evalh_text_sink>?
    ) -> Int32 {
        guard let grader = grader as? any ExtractingGrader else { return EVALH_FAILED }
        do {
            let text = String(text)
            let found = try fields.map { try grader.extract(text, fieldsJSON: String($0)) } ?? grader.extract(text)
            guard let found else { return EVALH_FAILED }
            answer.set(found.answer)
            stage.set(found.stage)
            return EVALH_OK
        } catch {
            answer.set("\(error)")
            return EVALH_ERROR
        }
    }

    func expected(_ input: evalh_grade_input, answer: UnsafePointer<evalh_text_sink>?) -> Int32 {
        guard let grader = grader as? any ExtractingGrader else { return EVALH_FAILED }
        let input = GradeInput(answer: "", target: String(input.target), fieldsJSON: String(input.fields_json))
        guard let expected = try? grader.expected(input) else { return EVALH_FAILED }
        answer.set(expected)
        return EVALH_OK
    }

    func areSame(_ first: evalh_str, _ other: evalh_str) -> Bool {
        guard let grader = grader as? any ExtractingGrader else { return false }
        return grader.areSame(String(first), String(other))
    }
}

extension Optional where Wrapped == UnsafePointer<evalh_text_sink> {
    /// Puts a text where the host wants it, if it wants it.
    func set(_ text: String) {
        guard let sink = self, let set = sink.pointee.set else { return }
        var arena = Arena()
        set(sink, arena.text(text))
        withExtendedLifetime(arena) {}
    }
}

/// C functions for each grader of a library, see `StrategySlots`.
enum GraderSlots {
    static let capacity = 16

    private static let graders = Mutex<[AnyGrader]>([])

    static func table(for grader: AnyGrader) -> evalh_grader? {
        let slot = graders.withLock { graders -> Int? in
            guard graders.count < capacity else { return nil }
            graders.append(grader)
            return graders.count - 1
        }
        guard let slot else { return nil }
        var table = evalh_grader()
        table.struct_size = UInt32(MemoryLayout<evalh_grader>.size)
        table.create = creators[slot]
        table.destroy = { grader in
            if let grader { Unmanaged<GraderInstance>.fromOpaque(grader).release() }
        }
        table.grade = { grader, input, out in
            guard let grader, let input, let out,
                input.pointee.struct_size >= UInt32(MemoryLayout<evalh_grade_input>.size),
                out.pointee.struct_size >= UInt32(MemoryLayout<evalh_grade_output>.size)
            else { return EVALH_FAILED }
            return Unmanaged<GraderInstance>.fromOpaque(grader).takeUnretainedValue().grade(input.pointee, into: out)
        }
        if grader.canExtract {
            table.extract = { grader, text, answer, stage in
                guard let grader else { return EVALH_FAILED }
                return Unmanaged<GraderInstance>.fromOpaque(grader).takeUnretainedValue()
                    .extract(text, fields: nil, answer: answer, stage: stage)
            }
            table.extract_item = { grader, text, fields, answer, stage in
                guard let grader else { return EVALH_FAILED }
                return Unmanaged<GraderInstance>.fromOpaque(grader).takeUnretainedValue()
                    .extract(text, fields: fields, answer: answer, stage: stage)
            }
            table.expected = { grader, input, answer in
                guard let grader, let input,
                    input.pointee.struct_size >= UInt32(MemoryLayout<evalh_grade_input>.size)
                else { return EVALH_FAILED }
                return Unmanaged<GraderInstance>.fromOpaque(grader).takeUnretainedValue()
                    .expected(input.pointee, answer: answer)
            }
            table.same = { grader, first, other in
                guard let grader else { return 0 }
                return Unmanaged<GraderInstance>.fromOpaque(grader).takeUnretainedValue().areSame(first, other) ? 1 : 0
            }
        }
        return table
    }

    private static func create(_ slot: Int, _ parameters: evalh_str, _ error: UnsafePointer<evalh_text_sink>?)
        -> UnsafeMutableRawPointer?
    {
        guard let grader = graders.withLock({ $0.indices.contains(slot) ? $0[slot] : nil }) else { return nil }
        do {
            return Unmanaged.passRetained(try grader.make(String(parameters))).toOpaque()
        } catch let failure {
            error.set("\(failure)")
            return nil
        }
    }

    private typealias Creator = @convention(c) (evalh_str, UnsafePointer<evalh_text_sink>?) -> UnsafeMutableRawPointer?

    private static let creators: [Creator] = [
        { create(0, $0, $1) }, { create(1, $0, $1) }, { create(2, $0, $1) }, { create(3, $0, $1) },
        { create(4, $0, $1) }, { create(5, $0, $1) }, { create(6, $0, $1) }, { create(7, $0, $1) },
        { create(8, $0, $1) }, { create(9, $0, $1) }, { create(10, $0, $1) }, { create(11, $0, $1) },
        { create(12, $0, $1) }, { create(13, $0, $1) }, { create(14, $0, $1) }, { create(15, $0, $1) },
    ]
}
