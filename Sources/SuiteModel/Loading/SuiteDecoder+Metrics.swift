internal import Completions

extension SuiteDecoder {
    mutating func metrics(_ view: ObjectView, _ words: any SuiteVocabulary, arms: [ArmSpec]) -> [MetricSpec] {
        let accuracy = MetricSpec(use: MetricSpec.builtIn, position: root.span)
        // It is always among the metrics.
        guard let written = view.written("metrics")?.elements else { return [accuracy] }
        var result: [MetricSpec] = []
        for node in written {
            let use = ObjectView(node: node.entries == nil ? nil : node, spec: SuiteKeys.metric)
            let named = node.string == nil ? use.written("use") : node
            guard let name = named?.string, let span = named?.span, !name.isEmpty else { continue }
            var parametersJSON = "{}"
            let plugin = words.metric(name)
            if let plugin {
                parametersJSON = parameters(plugin, use, at: span)
            } else {
                unknown("metric", name, at: span, legal: words.metricIDs, words)
            }
            let over = use.text("over")
            if let over { checkArm(over, at: use.span("over"), plugin, arms) }
            let spec = MetricSpec(
                use: name, label: use.text("name"), over: over, parametersJSON: parametersJSON,
                isolation: Self.isolation(use), position: span)
            checkNames(of: spec, at: use.written("name")?.span ?? span, after: result, words)
            result.append(spec)
        }
        return result.contains { $0.use == MetricSpec.builtIn } ? result : [accuracy] + result
    }

    private mutating func checkArm(_ over: String, at span: SourceSpan, _ plugin: PluginVocabulary?, _ arms: [ArmSpec])
    {
        guard let arm = arms.first(where: { $0.id == over }) else {
            return report(
                span, "the suite has no arm `\(over)`",
                hint: NearestName.hint(over, in: arms.map(\.id), kind: "arms"))
        }
        if arm.levels.isEmpty, plugin?.needsLevels == true {
            report(
                span, "the arm `\(over)` has no levels", hint: "give it `levels:`, for example {samples: [1, 2, 4]}")
        }
    }

    /// Two numbers of one arm under one name would hide one of them, and gates would judge it or the other.
    private mutating func checkNames(
        of spec: MetricSpec, at span: SourceSpan, after earlier: [MetricSpec], _ words: any SuiteVocabulary
    ) {
        if spec.use == MetricSpec.builtIn {
            if spec.label != nil { report(span, "`\(spec.use)` is evalh's own number and has no other name") }
            if earlier.contains(where: { $0.use == spec.use }) {
                report(span, "the metric `\(spec.use)` is here twice")
            }
            return
        }
        guard let names = words.names(of: spec) else { return }
        if let name = names.taken.first {
            report(
                span, "the metric `\(spec.use)` gives `\(name)`, which is a number of evalh's own",
                hint: spec.label == nil
                    ? "give it a name of your own: {use: \(spec.use), name: …}" : "choose another name")
        }
        // Of different arms are different numbers.
        let rivals = earlier.filter { $0.over == nil || spec.over == nil || $0.over == spec.over }
        for rival in rivals {
            guard let name = words.names(of: rival)?.shared(with: names).first else { continue }
            let isSame = rival.use == spec.use && rival.label == nil && spec.label == nil
            return report(
                span,
                isSame
                    ? "the metric `\(spec.use)` is here twice; first in line \(rival.position.line)"
                    : "`\(name)` is given by `\(rival.use)` of line \(rival.position.line), too",
                hint: "give each a name of its own: {use: \(spec.use), name: …}")
        }
    }
}

extension SuiteVocabulary {
    /// Under which names a metric's numbers stand; `nil`: there is no such metric.
    func names(of spec: MetricSpec) -> MetricNames? {
        guard spec.use != MetricSpec.builtIn else { return nil }
        return metric(spec.use).map { MetricNames(id: $0.id, outputs: $0.outputs, label: spec.label) }
    }
}
