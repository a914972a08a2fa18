internal import JSON
internal import Journal

/// An item's tests, and how a program is joined with them.
struct CodeTests {
    private let fields: JSONValue
    private let input: String
    private let settings: CodeSettings

    init(_ item: JournalItem, _ settings: CodeSettings) throws {
        fields = try JSONValue(parsing: item.fieldsJSON)
        input = item.input
        self.settings = settings
    }

    /// What a completion goes on from: where an item names a function, it is the question if no field holds it.
    var prompt: String? { text(settings.promptField) ?? text(settings.entryField).map { _ in input } }

    /// What the tests call: the function that the item names, else whatever its assertions call.
    var names: Set<Substring> {
        guard settings.isPython else { return [] }
        if let entry = text(settings.entryField) { return [entry[...]] }
        var names: Set<Substring> = []
        for assertion in fields["test_list"]?.elements?.compactMap(\.string) ?? [] {
            var start: String.Index?
            for place in assertion.indices {
                let character = assertion[place]
                if character.isLetter || character == "_" || (start != nil && character.isNumber) {
                    start = start ?? place
                } else {
                    if character == "(", let start { names.insert(Substring(String(assertion[start..<place]))) }
                    start = nil
                }
            }
        }
        return names
    }

    /// The whole program; `{{mark}}` is still in it.
    func joined(with program: String) throws -> String {
        if let template = settings.template { return try fill(template, program) }
        if fields["test"] != nil {
            return try fill("{{program}}\n\n{{test}}\n\ncheck({{\(settings.entryField)}})\n", program) + Self.ending
        }
        guard let tests = text("test_list") else {
            throw GraderMistake(
                "the item has neither `test` nor `test_list`: say by `template` how its tests are run")
        }
        // The setup may use what the program defines.
        return [text("test_imports"), program, text("test_setup_code"), tests].compactMap(\.self)
            .joined(separator: "\n\n") + "\n" + Self.ending
    }

    /// Only a program that gets this far has passed.
    private static let ending = "import os as __evalh_os\n__evalh_os.write(3, b'{{mark}}')\n"

    private func fill(_ template: String, _ program: String) throws -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
            let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
            text += rest[..<open.lowerBound]
            rest = rest[close.upperBound...]
            switch name {
            case "program": text += program
            case "mark": text += "{{mark}}"
            default:
                guard let value = self.text(name) else {
                    throw GraderMistake("the item has no field `\(name)`, which the template names")
                }
                text += value
            }
        }
        return text + rest
    }

    /// A field as text, a list line by line.
    private func text(_ name: String) -> String? {
        guard let value = fields[name] else { return nil }
        let text = value.elements?.map(\.plainText).joined(separator: "\n") ?? value.plainText
        return text.replacing("\r\n", with: "\n")
    }
}
