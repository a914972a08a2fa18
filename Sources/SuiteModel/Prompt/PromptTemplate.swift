internal import Completions
package import JSON
internal import Mustache

/// A parsed template that renders plain text.
package struct PromptTemplate: Sendable {
    let source: TemplateText
    let tags: [TemplateScanner.Tag]
    private let template: MustacheTemplate
    /// The names that have to be looked up, so that rendering converts no field in vain.
    private let names: Set<String>

    package init(_ source: TemplateText) throws(PromptFailure) {
        self.source = source
        let scanned = TemplateScanner.scan(source.text)
        let mistakes = scanned.mistakes.map { mistake in
            Diagnostic(
                at: source.origin.span(of: mistake.offset, length: mistake.length, in: source.text), mistake.message,
                hint: mistake.hint)
        }
        guard mistakes.isEmpty else { throw PromptFailure(diagnostics: mistakes) }
        tags = scanned.tags
        names = Set(scanned.tags.map { Self.root($0.name) })
        do {
            // Mustache escapes for HTML unless told that this is text; the pragma stands on a line of its own, which
            // disappears.
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + source.text)
        } catch {
            throw PromptFailure(diagnostics: [
                Diagnostic(at: source.origin.span, "this template cannot be read: \(error)")
            ])
        }
    }

    /// The part of a name before its first dot.
    static func root(_ name: String) -> String {
        String(name.prefix { $0 != "." })
    }

    /// Rendered with variables as the values of a data set's row. Values are data: tags inside of them stay literal.
    package func render(_ variables: [(name: String, value: JSONValue)]) -> String {
        var context: [String: Any] = [:]
        for variable in variables where names.contains(variable.name) || hasSections {
            context[variable.name] = Self.native(variable.value)
        }
        return template.render(context)
    }

    /// Inside of sections, names may be keys of the section's value or of the row.
    private var hasSections: Bool { tags.contains { !$0.sections.isEmpty } }

    private static func native(_ value: JSONValue) -> Any? {
        switch value {
        case .null: nil
        case .bool(let truth): truth
        case .number(let number): number.text
        case .string(let text): text
        case .array(let elements): elements.compactMap { native($0) }
        case .object(let members):
            Dictionary(
                members.compactMap { member in native(member.value).map { (member.key, $0) } }, uniquingKeysWith: { $1 }
            )
        }
    }

    /// Unknown variables (or, if asked for, unknown sections), given the variables of an item. Sections that single
    /// rows lack are how Mustache says "if there is one", so they are not mistakes of a row.
    /// - Parameter hidden: names of the expected answer, where it must not be shown.
    func unknownNames(
        _ known: [(name: String, value: JSONValue)], hidden: Set<String> = [], sections: Bool = false
    ) -> [Diagnostic] {
        let names = known.map(\.name)
        let unknown = tags.lazy.filter { $0.isSection == sections }.compactMap { tag -> Diagnostic? in
            let name = Self.root(tag.name)
            // `.` is the section's own value; names inside of a section may be keys of that value.
            if name.isEmpty || names.contains(name) || tag.sections.contains(where: { holds(name, section: $0, known) })
            {
                return nil
            }
            let place = source.origin.span(of: tag.offset, length: tag.length, in: source.text)
            if hidden.contains(name) {
                return Diagnostic(
                    at: place, "`\(name)`, the expected answer, is known in few-shot examples only",
                    hint: "a question must not contain its answer")
            }
            return Diagnostic(
                at: place, "unknown variable `\(tag.name)`", hint: NearestName.hint(name, in: names, kind: "variables"))
        }
        return Array(unknown.prefix(20))
    }

    private func holds(_ name: String, section: String, _ known: [(name: String, value: JSONValue)]) -> Bool {
        var value = known.first { $0.name == Self.root(section) }?.value
        for part in section.split(separator: ".").dropFirst() { value = value?[String(part)] }
        // The keys of a nested section's value are not followed further: what may be known is not called unknown.
        guard let value else { return true }
        return value[name] != nil || value.elements?.contains { $0[name] != nil } ?? false
    }
}
