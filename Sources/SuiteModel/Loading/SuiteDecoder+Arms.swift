internal import Completions
internal import JSON

extension SuiteDecoder {
    mutating func arms(_ view: ObjectView, _ words: any SuiteVocabulary, roles: [String], sampling: SamplingParameters)
        -> [ArmSpec]
    {
        var lines: [String: Int] = [:]
        var result: [ArmSpec] = []
        let defaultRole = roles.contains("main") ? "main" : roles.first ?? "main"
        for node in view.written("arms")?.elements ?? [] {
            // A bare name is the strategy of an arm without anything else.
            let arm = ObjectView(node: node.entries == nil ? nil : node, spec: SuiteKeys.arm)
            let named = node.string == nil ? arm.written("strategy") : node
            guard let strategy = named?.string, !strategy.isEmpty else { continue }
            // The version of a strategy is no part of an arm's name: `arm@…` is a level.
            let id = arm.text("id") ?? String(strategy.prefix { $0 != "@" })
            let idSpan = arm.written("id")?.span ?? named?.span ?? node.span
            if let line = lines[id] {
                let hint = arm.written("id") == nil ? "give it another name: {id: …, strategy: \(strategy)}" : nil
                report(idSpan, "the arm `\(id)` is here twice; first in line \(line)", hint: hint)
            }
            lines[id] = lines[id] ?? idSpan.line
            if let role = arm.text("model"), !roles.contains(role) {
                report(
                    arm.span("model"), "there is no model with the role `\(role)`",
                    hint: NearestName.hint(role, in: roles, kind: "roles"))
            }
            let parameters = strategyParameters(strategy, arm, at: named?.span ?? node.span, words)
            result.append(
                ArmSpec(
                    id: id, strategy: strategy, role: arm.text("model") ?? defaultRole, parametersJSON: parameters.base,
                    sampling: Self.sampling(arm.object("sampling", SuiteKeys.sampling), over: sampling),
                    levels: parameters.levels, isolation: Self.isolation(arm),
                    position: node.span, strategyPosition: named?.span ?? node.span))
        }
        return result
    }

    private mutating func strategyParameters(
        _ strategy: String, _ arm: ObjectView, at span: SourceSpan, _ words: any SuiteVocabulary
    ) -> (base: String, levels: [LevelSpec]) {
        guard let plugin = words.strategy(strategy) else {
            unknown("strategy", strategy, at: span, legal: words.strategyIDs, words)
            return ("{}", [])
        }
        guard var schema = schema(of: plugin, at: span) else { return ("{}", []) }
        let with = arm.written("with").flatMap { $0.entries == nil ? nil : $0 }
        let levels = arm.written("levels")?.entries ?? []
        let base = schema.parameters(with, at: span, elsewhere: Set(levels.map(\.key)))
        let count = levels.map { $0.value.elements?.count ?? 0 }.min() ?? 0
        var settings = Array(repeating: [JSONValue.Member](), count: count)
        for entry in levels where schema.knows(entry.key, at: entry.keySpan) {
            if with?[entry.key] != nil {
                report(entry.keySpan, "`\(entry.key)` is in `with` and in `levels`", hint: "keep it in one of them")
            }
            for (index, value) in (entry.value.elements ?? []).enumerated() {
                let checked = schema.value(value, parameter: entry.key)
                if index < count { settings[index].append(JSONValue.Member(entry.key, checked)) }
            }
        }
        diagnostics += schema.diagnostics
        let isWhole = schema.diagnostics.isEmpty
        let specs = settings.enumerated().map { index, own in
            LevelSpec(
                index: index, parametersJSON: JSONValue.object(base + own).canonicalText,
                levelJSON: JSONValue.object(own).canonicalText,
                label: own.map { "\($0.key)=\($0.value.plainText)" }.joined(separator: ","))
        }
        for (index, spec) in specs.enumerated()
        where specs[..<index].contains(where: { $0.levelJSON == spec.levelJSON }) {
            report(arm.span("levels"), "the level \(spec.label) is here twice")
        }
        let all = specs.isEmpty ? [JSONValue.object(base).canonicalText] : specs.map(\.parametersJSON)
        if isWhole, let problem = all.lazy.compactMap({ words.problem(ofStrategy: strategy, parametersJSON: $0) }).first
        {
            report(
                with?.span ?? span, "`\(strategy)` refuses its parameters: \(problem)",
                hint: "`evalh plugin info \(strategy)` shows what they mean")
        }
        return (JSONValue.object(base).canonicalText, specs)
    }

    /// Parameters of a grader or a metric.
    mutating func parameters(_ plugin: PluginVocabulary, _ view: ObjectView, at span: SourceSpan) -> String {
        guard var schema = schema(of: plugin, at: span) else { return "{}" }
        let with = view.written("with").flatMap { $0.entries == nil ? nil : $0 }
        let members = schema.parameters(with, at: span)
        diagnostics += schema.diagnostics
        return JSONValue.object(members).canonicalText
    }

    private mutating func schema(of plugin: PluginVocabulary, at span: SourceSpan) -> ParameterSchema? {
        do throws(JSONError) {
            return try ParameterSchema(plugin, names)
        } catch {
            report(
                span, "the plugin `\(plugin.id)` has a broken parameter schema: \(error.message), byte \(error.offset)")
            return nil
        }
    }

    /// Files that could not be used, as many as are named where something is not known.
    private static let shownUnopened = 8

    /// What no vocabulary has, with the reason where there is one.
    mutating func unknown(
        _ kind: String, _ name: String, at span: SourceSpan, legal: [String], _ words: any SuiteVocabulary
    ) {
        if let complaint = words.complaint(kind, name) {
            let lines = complaint.split(separator: "\n").map(String.init)
            return report(
                span, "the \(kind) `\(name)` cannot be used: \(lines.first ?? "")",
                hint: (lines.dropFirst() + ["`evalh plugin list` shows what there is"]).joined(separator: "\n"))
        }
        var hint = NearestName.find(name, in: legal).map { "did you mean `\($0)`?\n" } ?? ""
        hint += "`evalh plugin list` shows what there is"
        if !words.searchedPaths.isEmpty {
            hint += "; plugins were looked for in:\n" + words.searchedPaths.joined(separator: "\n")
        }
        if !words.unopened.isEmpty {
            let shown = words.unopened.prefix(Self.shownUnopened)
            hint += "\nthese files could not be used:\n" + shown.joined(separator: "\n")
            if words.unopened.count > shown.count { hint += "\n… and \(words.unopened.count - shown.count) more" }
        }
        report(span, "unknown \(kind) `\(name)`", hint: hint)
    }

    /// The grader or the allocator; `nil`: none is named.
    mutating func use(
        _ kind: String, _ view: ObjectView, known: [String], _ words: any SuiteVocabulary,
        find: (String) -> PluginVocabulary?
    ) -> UseSpec? {
        let node = view.written(kind)
        let use = ObjectView(node: node?.entries == nil ? nil : node, spec: SuiteKeys.use(kind.capitalized, kind))
        let named = node?.string == nil ? use.written("use") : node
        guard let name = named?.string, let span = named?.span, !name.isEmpty else { return nil }
        guard let plugin = find(name) else {
            unknown(kind, name, at: span, legal: known, words)
            return UseSpec(use: name, parametersJSON: "{}", position: span)
        }
        return UseSpec(
            use: name, parametersJSON: parameters(plugin, use, at: span), isolation: Self.isolation(use),
            position: span)
    }
}
