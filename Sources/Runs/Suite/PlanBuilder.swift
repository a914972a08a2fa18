internal import Completions
internal import Engine
internal import JSON
internal import PluginHost
internal import Reporting
internal import SuiteModel

/// From a suite to the engine's plan.
enum PlanBuilder {
    /// - Parameters:
    ///   - capabilities: what each role's endpoint can do.
    ///   - fingerprints: what keeps the samples of different models and services apart, by role.
    ///   - services: as they were opened; `nil`: they are not.
    ///   - leftOut: ids of arms that nothing more is asked for; their plugins are not opened.
    static func build(
        _ opened: OpenedSuite, itemCount: Int, capabilities: [String: EndpointCapabilities],
        fingerprints: [String: String], services: [RunService]? = nil,
        concurrency: Int, shard: (index: Int, count: Int) = (0, 1), leftOut: Set<String> = []
    ) throws -> RunPlan {
        let suite = opened.suite
        if let judge = suite.judge { try check(judge, capabilities) }
        var arms: [RunArm] = []
        for spec in suite.arms {
            let factory = try strategy(of: spec, opened, capabilities, isLeftOut: leftOut.contains(spec.id))
            let own = suite.models.filter { $0.role == spec.role } + suite.models.filter { $0.role != spec.role }
            arms.append(
                RunArm(
                    id: spec.id, strategy: factory,
                    models: own.map { model in
                        SessionModel(
                            role: model.role, name: model.model,
                            capabilities: capabilities[model.role] ?? EndpointCapabilities(),
                            sampling: model.role == spec.role ? spec.sampling : suite.sampling)
                    },
                    levels: spec.levels.isEmpty
                        ? [RunLevel(parametersJSON: spec.parametersJSON)]
                        : spec.levels.map {
                            RunLevel(
                                index: $0.index, parametersJSON: $0.parametersJSON, levelJSON: $0.levelJSON,
                                label: JSONValue(parsingOrNull: $0.levelJSON).label)
                        }))
        }
        var models: [String: RunModel] = [:]
        for model in suite.models {
            models[model.role] = RunModel(
                role: model.role, fingerprint: fingerprints[model.role] ?? "\(model.provider.rawValue)/\(model.model)",
                price: model.price,
                shape: model.shape, reasoning: model.reasoning,
                continuedBy: suite.arms.first {
                    $0.role == model.role && continuesTexts($0, opened.catalog)
                }?.id, returnsChoices: capabilities[model.role]?.multipleChoices == true,
                mustStream: suite.arms.contains {
                    $0.role == model.role
                        && opened.catalog.info(.strategy, $0.strategy)?.needs.contains(.stream) == true
                })
        }
        var plan = RunPlan(
            itemCount: itemCount, arms: arms, models: models, repeats: suite.repeats, seed: suite.seed,
            budget: BudgetLimits(tokens: suite.budget.tokens, usd: suite.budget.usd, seconds: suite.budget.wallSeconds),
            sessionBudget: BudgetLimits(
                tokens: suite.budget.session.tokens, usd: suite.budget.session.usd,
                seconds: suite.budget.session.wallSeconds),
            concurrency: concurrency, shard: shard, hiddenFields: opened.hiddenFields)
        for service in services ?? suite.services.map({ RunService($0) }) {
            let role = suite.services.first { $0.name == service.name }?.role
            plan.add(
                service, fingerprint: fingerprints[service.role] ?? "unopened/\(service.name)",
                price: role.flatMap { suite.model($0)?.price })
        }
        plan.log = SessionLogLimits(noteBytes: suite.log.noteBytes, keepsDebug: suite.log.keepsDebug)
        plan.leftOut = Set(arms.indices.filter { leftOut.contains(arms[$0].id) })
        if let spec = suite.allocator { try allocate(&plan, by: spec, opened) }
        return plan
    }

    private static func strategy(
        of spec: ArmSpec, _ opened: OpenedSuite, _ capabilities: [String: EndpointCapabilities], isLeftOut: Bool
    ) throws -> any StrategyFactory {
        if isLeftOut { return AbsentStrategy(spec.strategy, opened.catalog) }
        let factory: any StrategyFactory
        do {
            factory = try opened.plugins.strategy(spec.strategy, spec.isolation)
        } catch {
            throw CommandFailure(.pluginFault, "arm \(spec.id): \(error)")
        }
        try check(spec, opened.catalog, capabilities)
        return factory
    }

    private static func allocate(_ plan: inout RunPlan, by spec: UseSpec, _ opened: OpenedSuite) throws {
        if let peer = plan.arms.first(where: { $0.pass == .overPeers }) {
            throw CommandFailure(
                .usage,
                "arm \(peer.id) looks at other arms' results, which an allocator does not wait for\n"
                    + "leave out `allocator` or that arm")
        }
        let (plugins, seed) = (opened.plugins, opened.suite.seed)
        plan.allocator = {
            try plugins.allocator(
                spec.use, parametersJSON: spec.parametersJSON, setup: $0, seed: seed, spec.isolation)
        }
    }

    /// The strategy of an arm that the run goes on without: its library stays closed.
    private final class AbsentStrategy: StrategyFactory {
        let id: String
        let version: String
        let needs: PluginNeeds

        init(_ id: String, _ catalog: PluginCatalog) {
            let info = catalog.info(.strategy, id)
            self.id = id
            version = info?.version ?? ""
            needs = info?.needs ?? []
        }

        func makeSession(_ services: any SessionServices) throws(PluginFault) -> any SessionStrategy {
            throw PluginFault(plugin: id, message: "the run goes on without it")
        }

        func estimate(parametersJSON: String) -> StrategyEstimate? { nil }
    }

    /// Whether an arm's strategy cannot do without continuing what its model wrote.
    private static func continuesTexts(_ spec: ArmSpec, _ catalog: PluginCatalog) -> Bool {
        guard let needs = catalog.info(.strategy, spec.strategy)?.needs else { return false }
        return needs.contains(.prefix) && !needs.contains(.prefixOrReasoning)
    }

    /// A judge without log-probabilities would fail in every session: said now.
    private static func check(_ judge: JudgeSpec, _ capabilities: [String: EndpointCapabilities]) throws {
        guard judge.form == .probability else { return }
        for role in [judge.role, judge.second].compactMap(\.self) {
            guard let can = capabilities[role] else { continue }
            let most = can.topLogprobs ?? 0
            guard most < judge.topLogprobs else { continue }
            throw CommandFailure(
                .usage,
                "the judge reads \(judge.topLogprobs) alternatives a token, and the endpoint of model '\(role)' gives "
                    + (most > 0 ? "\(most)\nset grader.with.top_logprobs" : "none\nset grader.with.verdict=word"))
        }
    }

    /// An arm whose strategy needs what its endpoint lacks would fail in every session: said now.
    private static func check(_ spec: ArmSpec, _ catalog: PluginCatalog, _ capabilities: [String: EndpointCapabilities])
        throws
    {
        guard let info = catalog.info(.strategy, spec.strategy), let can = capabilities[spec.role] else { return }
        var lacks: [String] = []
        if info.needs.contains(.stream), !can.stream { lacks.append("streaming") }
        if info.needs.contains(.prefix), !can.prefix { lacks.append("prefix continuation") }
        if info.needs.contains(.logprobs) {
            if let most = can.topLogprobs {
                if most < info.topLogprobs {
                    lacks.append("\(info.topLogprobs) alternatives a token (it gives \(most))")
                }
            } else {
                lacks.append("log-probabilities")
            }
        }
        if can.sendsReasoningApart == true, continuesTexts(spec, catalog) {
            throw CommandFailure(.usage, ReasoningApart.message(arm: spec.id, role: spec.role))
        }
        guard lacks.isEmpty else {
            throw CommandFailure(
                .usage,
                "arm \(spec.id): strategy \(spec.strategy) needs \(lacks.joined(separator: ", ")) of the endpoint of "
                    + "model '\(spec.role)'\n"
                    + "see `evalh models probe`, or declare `capabilities:` under models.\(spec.role)")
        }
    }
}
