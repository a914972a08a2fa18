package import Completions
internal import Hashing
internal import JSON

/// Makes the messages of an item. Templates are parsed and examples rendered once.
package struct PromptRenderer: Sendable {
    private let system: PromptTemplate?
    private let user: PromptTemplate
    private let exampleUser: PromptTemplate
    private let exampleAssistant: PromptTemplate
    private let inputField: String
    private let targetField: String
    private let hiddenFields: [String]
    private let examples: [ChatMessage]
    /// The examples' inputs, to find test items among them.
    let exampleInputs: [(input: String, position: SourceSpan)]
    /// SHA-256 of templates and rendered examples, hexadecimal.
    package let fingerprint: String

    /// Parses templates and reads and renders few-shot examples.
    /// - Throws: `PromptFailure` with all mistakes and their places.
    package init(_ suite: Suite, cache: DatasetCache) throws(PromptFailure) {
        try self.init(suite.prompt, dataset: suite.dataset, cache: cache)
    }

    package init(_ spec: PromptSpec, dataset: DatasetSpec, cache: DatasetCache) throws(PromptFailure) {
        inputField = dataset.inputField
        targetField = dataset.targetField
        hiddenFields = dataset.hiddenFields
        system = try spec.system.map { source throws(PromptFailure) in try PromptTemplate(source) }
        user = try PromptTemplate(spec.user)
        exampleUser = try PromptTemplate(spec.fewShotUser ?? spec.user)
        exampleAssistant = try PromptTemplate(spec.assistant)
        var messages: [ChatMessage] = []
        var inputs: [(String, SourceSpan)] = []
        var mistakes: [Diagnostic] = []
        for row in try Self.rows(spec.fewShot, dataset: dataset, cache: cache) {
            let variables = Self.variables(row.fields, input: inputField, target: targetField)
            for template in [exampleUser, exampleAssistant] { mistakes += template.unknownNames(variables) }
            messages.append(ChatMessage(role: .user, content: exampleUser.render(variables)))
            messages.append(ChatMessage(role: .assistant, content: exampleAssistant.render(variables)))
            inputs.append((row.fields.value(at: inputField)?.plainText ?? "", row.position))
        }
        guard mistakes.isEmpty else { throw PromptFailure(diagnostics: mistakes.sorted(by: [])) }
        examples = messages
        exampleInputs = inputs
        var canonical = CanonicalBytes()
        canonical.append(spec.system?.text ?? "")
        canonical.append(spec.user.text)
        for message in messages { canonical.append(message.content) }
        fingerprint = Hexadecimal.text(of: canonical.sha256)
    }

    /// The messages for an item: system, examples, question.
    /// - Throws: `PromptFailure` with the places of variables that the item does not have: Mustache would leave a hole
    ///   in the prompt.
    package func render(_ item: DatasetItem) throws(PromptFailure) -> [ChatMessage] {
        let variables = questionVariables(item)
        let unknown = unknownNames(variables)
        guard unknown.isEmpty else { throw PromptFailure(diagnostics: unknown) }
        var messages: [ChatMessage] = []
        messages.reserveCapacity(examples.count + 2)
        if let system {
            let text = system.render(variables)
            if !text.isEmpty { messages.append(ChatMessage(role: .system, content: text)) }
        }
        messages += examples
        let question = user.render(variables)
        guard !question.isEmpty else {
            throw PromptFailure(diagnostics: [
                Diagnostic(at: user.source.origin.span, "the prompt for item \(item.id) is empty")
            ])
        }
        messages.append(ChatMessage(role: .user, content: question))
        return messages
    }

    /// Variables or sections of the templates that the item does not have.
    func unknownNames(for item: DatasetItem, sections: Bool) -> [Diagnostic] {
        unknownNames(questionVariables(item), sections: sections)
    }

    private func unknownNames(_ variables: [(name: String, value: JSONValue)], sections: Bool = false) -> [Diagnostic] {
        [system, user].compactMap(\.self).flatMap {
            $0.unknownNames(variables, hidden: Set(["target"] + hiddenFields), sections: sections)
        }
    }

    private func questionVariables(_ item: DatasetItem) -> [(name: String, value: JSONValue)] {
        // The expected answer stays out of the question, under both of its names.
        Self.variables(item.fields, input: inputField, target: nil).filter { !hiddenFields.contains($0.name) }
    }

    private static func variables(_ fields: JSONValue, input: String, target: String?) -> [(
        name: String, value: JSONValue
    )] {
        var variables = (fields.members ?? []).map { (name: $0.key, value: $0.value) }
        func alias(_ name: String, _ field: String) {
            variables.removeAll { $0.name == name && name != field }
            if name != field, let value = fields.value(at: field) { variables.append((name, .string(value.plainText))) }
        }
        alias("input", input)
        if let target { alias("target", target) } else { variables.removeAll { $0.name == "target" } }
        return variables
    }

    private static func rows(_ spec: FewShotSpec, dataset: DatasetSpec, cache: DatasetCache) throws(PromptFailure)
        -> [FewShotRow]
    {
        switch spec {
        case .rows(let rows): return rows
        case .file(let file):
            do throws(DatasetFailure) {
                let reader = try DatasetReader(file, cache: cache)
                var rows: [FewShotRow] = []
                while let item = try reader.next() {
                    rows.append(FewShotRow(fields: item.fields, position: file.position))
                }
                if let limit = file.limit, rows.count < limit {
                    throw DatasetFailure(diagnostics: [
                        Diagnostic(at: file.position, "the file has \(rows.count) examples, not \(limit)")
                    ])
                }
                return rows
            } catch {
                throw PromptFailure(diagnostics: error.diagnostics, sources: error.sources)
            }
        }
    }
}
