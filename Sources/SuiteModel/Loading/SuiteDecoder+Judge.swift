internal import Completions

/// What the schema of the judge's parameters cannot say.
extension SuiteDecoder {
    mutating func checkJudge(_ view: ObjectView, _ judge: JudgeSpec, _ suite: Suite) {
        let with = view.written("grader")?["with"]
        func span(_ key: String) -> SourceSpan { with?[key]?.span ?? suite.grader.position }
        checkRoles(judge, suite, span)
        if case .own(let text) = judge.template { checkTemplate(text, with?["template"], judge, span("template")) }
        if judge.labelsAnswer != nil, judge.labels == nil {
            report(span("labels_answer"), "`labels_answer` of `judge` says nothing without `labels`")
        }
        if judge.repeats > 1, judge.temperature == 0 {
            diagnostics.append(
                Diagnostic(
                    .warning, at: span("repeats"), "at temperature 0 the judge says the same \(judge.repeats) times",
                    hint: "give it a `temperature`, or one repeat"))
        }
    }

    private mutating func checkRoles(_ judge: JudgeSpec, _ suite: Suite, _ span: (String) -> SourceSpan) {
        let roles = suite.models.map(\.role)
        for (key, role) in [("role", judge.role), ("second", judge.second ?? "")] where !role.isEmpty {
            guard roles.contains(role) else {
                report(
                    span(key), "there is no model with the role `\(role)` to judge",
                    hint: NearestName.hint(role, in: roles, kind: "roles"))
                continue
            }
            // `given` answers without a model.
            let judged = suite.arms.first { $0.role == role && $0.strategy != "given" }
            guard key == "role", let judged else { continue }
            diagnostics.append(
                Diagnostic(
                    .warning, at: span(key), "the model `\(role)` judges its own answers, of the arm `\(judged.id)`",
                    hint: "models tend to prefer what they wrote; let another model judge"))
        }
        if judge.second == judge.role, !judge.role.isEmpty {
            report(span("second"), "the second judge is the first: they always agree")
        }
    }

    private mutating func checkTemplate(_ text: String, _ node: YAMLNode?, _ judge: JudgeSpec, _ span: SourceSpan) {
        let origin = node.map { TextOrigin($0, in: source(of: $0)) } ?? TextOrigin(span: span)
        do throws(PromptFailure) {
            _ = try PromptTemplate(TemplateText(text: text, origin: origin))
        } catch {
            diagnostics += error.diagnostics
            return
        }
        let names = JudgeSpec.names(in: text)
        let wanted = judge.isPairwise ? ["first", "second"] : ["answer"]
        for name in wanted where !names.contains(name) {
            report(
                span, "the template of `judge` shows no `{{ \(name) }}`",
                hint: names.isEmpty
                    ? "templates that ship are `correctness` and `pairwise`"
                    : "write {{ answer }}, or {{ first }} and {{ second }} to compare two")
        }
    }
}
