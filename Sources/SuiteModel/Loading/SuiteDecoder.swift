internal import Completions
internal import Foundation

/// Makes the typed suite from the checked tree, and checks what the table of keys cannot say: names that must exist or
/// be unique, keys that need or exclude each other. Works on through mistakes, so that all of them are found; its
/// result then is not used.
struct SuiteDecoder {
    let root: YAMLNode
    let sources: [SourceText]
    let paths: PathResolver
    let checkGate: SuiteLoader.GateChecker
    let vocabulary: SuiteLoader.VocabularyProvider
    var diagnostics: [Diagnostic] = []
    /// What parameters may name.
    var names = ParameterNames()

    init(
        root: YAMLNode, sources: [SourceText], paths: PathResolver, checkGate: @escaping SuiteLoader.GateChecker,
        vocabulary: @escaping SuiteLoader.VocabularyProvider
    ) {
        self.root = root
        self.sources = sources
        self.paths = paths
        self.checkGate = checkGate
        self.vocabulary = vocabulary
    }

    mutating func report(_ span: SourceSpan, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: span, message, hint: hint))
    }

    mutating func suite(file: String) -> Suite {
        let view = ObjectView(node: root, spec: SuiteKeys.suite)
        let paths = paths
        names = ParameterNames(
            roles: view.written("models")?.entries?.map(\.key) ?? [],
            services: view.written("services")?.entries?.map(\.key) ?? [],
            file: { text in
                let path = paths.absolute(text)
                return (path, FileManager.default.fileExists(atPath: path))
            })
        let plugins = plugins(view)
        let words = vocabulary(plugins)
        let grader =
            use("grader", view, known: words.graderIDs, words) { words.grader($0) }
            ?? UseSpec(use: "", position: view.written("grader")?.span ?? root.span)
        var dataset = dataset(view)
        let judge = grader.use == JudgeSpec.id ? JudgeSpec(parametersJSON: grader.parametersJSON) : nil
        dataset.needsTarget = judge?.needsTarget ?? words.grader(grader.use)?.readsTarget ?? true
        let models = models(view, words)
        let sampling = Self.sampling(view.object("sampling", SuiteKeys.sampling))
        let roles = models.map(\.role)
        let arms = arms(view, words, roles: roles, sampling: sampling)
        let metrics = metrics(view, words, arms: arms)
        let allocator = use("allocator", view, known: words.allocatorIDs, words) { words.allocator($0) }
        let outputs =
            metrics.flatMap { words.names(of: $0)?.shown ?? [] }
            + (allocator.flatMap { words.allocator($0.use) }?.outputs ?? [])
            + (words.grader(grader.use)?.outputs ?? [])
        let suite = Suite(
            file: file, directory: paths.directory, name: view.text("name") ?? PathResolver.identifier(file),
            description: view.text("description"), dataset: dataset, prompt: prompt(view, dataset: dataset),
            models: models, services: services(view, models: models, words),
            sampling: sampling, arms: arms, repeats: view.integer("repeats") ?? 1,
            seed: UInt64(max(0, view.integer("seed") ?? 0)),
            grader: grader, metrics: metrics, allocator: allocator, budget: budget(view),
            gates: gates(view, arms: arms, models: models, metrics: outputs),
            reportFields: view.object("report", SuiteKeys.report).texts("by"), log: log(view), plugins: plugins,
            isolation: Self.isolation(view))
        if let judge { checkJudge(view, judge, suite) }
        checkPrices(view, suite)
        checkMetricPrices(suite)
        return suite
    }

    /// A metric of money needs the prices of the models that it is about.
    private mutating func checkMetricPrices(_ suite: Suite) {
        for metric in suite.metrics where metric.parametersJSON.contains("\"usd\"") {
            for arm in suite.arms where metric.over == nil || metric.over == arm.id {
                guard let model = suite.model(arm.role), model.price == nil, !model.isLocal else { continue }
                report(
                    metric.position,
                    "`\(metric.use)` asks for dollars, but the price of the model `\(model.role)` of the arm "
                        + "`\(arm.id)` is unknown",
                    hint:
                        "add `price: {prompt: …, completion: …}` to models.\(model.role), US dollars for a million "
                        + "tokens; 0 if it is free"
                )
                break
            }
        }
    }

    /// A ceiling in dollars means nothing for a paid endpoint whose price is unknown. What runs on this machine is
    /// free.
    private mutating func checkPrices(_ view: ObjectView, _ suite: Suite) {
        guard suite.budget.usd != nil || suite.budget.session.usd != nil else { return }
        for model in suite.models where model.price == nil && !model.isLocal {
            report(
                model.position,
                "`budget` has a ceiling in dollars, but the price of the model `\(model.role)` is unknown",
                hint: "add `price: {prompt: …, completion: …}`, US dollars for a million tokens; 0 if it is free")
        }
    }

    private mutating func plugins(_ view: ObjectView) -> [String] {
        (view.written("plugins")?.elements ?? []).compactMap { node in
            guard let text = node.string, !text.isEmpty else { return nil }
            let path = paths.absolute(text)
            if !FileManager.default.fileExists(atPath: path) {
                report(node.span, "there is no plugin file or folder `\(path)`")
            }
            return path
        }
    }

    static func isolation(_ view: ObjectView) -> Isolation? {
        view.text("isolation").flatMap(Isolation.init(rawValue:))
    }

    private func budget(_ view: ObjectView) -> BudgetSpec {
        let budget = view.object("budget", SuiteKeys.budget)
        let session = budget.object("session", SuiteKeys.sessionBudget)
        return BudgetSpec(
            tokens: budget.integer("tokens"), usd: budget.number("usd"), wallSeconds: budget.seconds("wall"),
            session: SessionBudgetSpec(
                tokens: session.integer("tokens"), usd: session.number("usd"), wallSeconds: session.seconds("wall")))
    }

    private func log(_ view: ObjectView) -> LogSpec {
        let log = view.object("log", SuiteKeys.log)
        return LogSpec(noteBytes: log.integer("note_bytes") ?? 16_384, keepsDebug: log.truth("sessions") ?? false)
    }

    private mutating func gates(_ view: ObjectView, arms: [ArmSpec], models: [ModelSpec], metrics: [String])
        -> [GateSpec]
    {
        let ids = arms.map(\.id)
        return (view.written("gates")?.elements ?? []).compactMap { node in
            guard let text = node.string else { return nil }
            let origin = TextOrigin(node, in: source(of: node))
            for mistake in checkGate(text, ids, metrics) {
                report(
                    origin.span(of: mistake.offset, length: mistake.length, in: text), mistake.message,
                    hint: mistake.hint)
            }
            for arm in arms where Self.asksMoney(text, of: arm.id) {
                guard let model = models.first(where: { $0.role == arm.role }), model.price == nil, !model.isLocal
                else { continue }
                report(
                    node.span,
                    "the gate asks what the arm `\(arm.id)` costs in dollars, but the price of the model "
                        + "`\(model.role)` is unknown",
                    hint:
                        "add `price: {prompt: …, completion: …}` to models.\(model.role), US dollars for a million "
                        + "tokens; 0 if it is free"
                )
            }
            return GateSpec(text: text, position: node.span)
        }
    }

    private static func asksMoney(_ gate: String, of arm: String) -> Bool {
        let text = gate.filter { $0 != " " }
        return ["usd(", "usd_per_session("].contains { name in
            text.contains(name + arm + ")") || text.contains(name + arm + "@")
        }
    }

    /// The source a node stands in.
    func source(of node: YAMLNode) -> SourceText? {
        sources.first { $0.name == node.span.file }
    }

    /// All values, defaults of the table where absent.
    static func sampling(_ view: ObjectView) -> SamplingParameters {
        SamplingParameters(
            temperature: view.number("temperature") ?? 1, topP: view.number("top_p") ?? 1,
            topK: view.integer("top_k") ?? 0,
            minP: view.number("min_p") ?? 0, maxTokens: view.integer("max_tokens") ?? 512, stop: view.texts("stop"),
            topLogprobs: view.integer("top_logprobs"))
    }

    /// `base` with the values that are written under `view`.
    static func sampling(_ view: ObjectView, over base: SamplingParameters) -> SamplingParameters {
        let own = sampling(view)
        var result = base
        if view.written("temperature") != nil { result.temperature = own.temperature }
        if view.written("top_p") != nil { result.topP = own.topP }
        if view.written("top_k") != nil { result.topK = own.topK }
        if view.written("min_p") != nil { result.minP = own.minP }
        if view.written("max_tokens") != nil { result.maxTokens = own.maxTokens }
        if view.written("stop") != nil { result.stop = own.stop }
        if view.written("top_logprobs") != nil { result.topLogprobs = own.topLogprobs }
        return result
    }
}
