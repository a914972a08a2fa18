internal import JSON

extension PromptSpec {
    var resolved: JSONValue {
        let examples: JSONValue =
            switch fewShot {
            case .rows(let rows): .array(rows.map(\.fields))
            case .file(let file): file.resolved
            }
        return .object([
            .init("system", JSONValue(optional: system?.text)), .init("user", .string(user.text)),
            .init("few_shot", examples),
            .init("few_shot_template", JSONValue(optional: fewShotUser?.text)),
            .init("assistant", .string(assistant.text)),
        ])
    }
}
