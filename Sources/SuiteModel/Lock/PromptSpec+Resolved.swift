internal import JSON

extension PromptSpec {
    var resolved: JSONValue { json(withPaths: true) }

    /// Without places of files, which differ from machine to machine.
    var fingerprinted: JSONValue { json(withPaths: false) }

    private func json(withPaths: Bool) -> JSONValue {
        let examples: JSONValue
        switch fewShot {
        case .rows(let rows): examples = .array(rows.map(\.fields))
        case .file(let file) where withPaths: examples = file.resolved
        case .file(let file):
            examples = .object([
                .init("sha256", JSONValue(optional: file.sha256)), .init("count", JSONValue(optional: file.limit)),
                .init("shuffle", file.shuffle.map { .number(JSONNumber($0)) } ?? .null),
            ])
        }
        return .object([
            .init("system", JSONValue(optional: system?.text)), .init("user", .string(user.text)),
            .init("few_shot", examples),
            .init("few_shot_template", JSONValue(optional: fewShotUser?.text)),
            .init("assistant", .string(assistant.text)),
        ])
    }
}
