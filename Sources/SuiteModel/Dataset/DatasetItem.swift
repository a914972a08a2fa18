package import JSON

/// One question with its target.
package struct DatasetItem: Hashable, Sendable {
    /// Place in the order of the run, from 0.
    package var ordinal: Int
    /// What the item is known by: 16 hexadecimal digits of the SHA-256 of the row's canonical JSON, `-2`, `-3` … behind
    /// it for rows with the same content, and `label:` before it where the data set has an id field.
    package var id: String
    package var input: String
    package var target: String
    /// All fields of the row as canonical JSON (sorted keys).
    package var fieldsJSON: String
    /// The row, parsed.
    package var fields: JSONValue
    /// Line of the file that the row begins in; for JSON lists the place in the list, from 1; 0: not known any more.
    package var line: Int

    package init(
        ordinal: Int, id: String, input: String, target: String, fieldsJSON: String, fields: JSONValue, line: Int = 0
    ) {
        self.ordinal = ordinal
        self.id = id
        self.input = input
        self.target = target
        self.fieldsJSON = fieldsJSON
        self.fields = fields
        self.line = line
    }

    /// An item as a journal keeps it.
    /// - Throws: where `fieldsJSON` is not JSON.
    package init(ordinal: Int, id: String, input: String, target: String, fieldsJSON: String) throws(JSONError) {
        let fields = try JSONValue(parsing: fieldsJSON)
        self.init(ordinal: ordinal, id: id, input: input, target: target, fieldsJSON: fieldsJSON, fields: fields)
    }
}

/// What identifies the rows a run was made on.
package struct DatasetDigest: Hashable, Sendable {
    /// SHA-256 over the ids in order, each followed by a line feed; hexadecimal.
    package var items: String
    /// SHA-256 of the file's bytes; hexadecimal.
    package var file: String
    package var count: Int

    package init(items: String, file: String, count: Int) {
        self.items = items
        self.file = file
        self.count = count
    }
}

/// A data set that cannot be used, with all mistakes found.
package struct DatasetFailure: Error, Hashable, Sendable {
    /// At least one, at most 20.
    package var diagnostics: [Diagnostic]
    /// Mistakes beyond those shown.
    package var suppressed: Int
    /// The lines the diagnostics point at, for the renderer.
    package var sources: [SourceText]

    package init(diagnostics: [Diagnostic], suppressed: Int = 0, sources: [SourceText] = []) {
        self.diagnostics = diagnostics
        self.suppressed = suppressed
        self.sources = sources
    }

    /// For people.
    package var rendered: String {
        let more = suppressed > 0 ? "… and \(suppressed) more mistakes\n" : ""
        return DiagnosticRenderer(sources: sources).render(diagnostics) + more
    }
}
