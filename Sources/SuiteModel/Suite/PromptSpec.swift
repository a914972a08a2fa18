package import JSON

/// Templates and examples.
package struct PromptSpec: Hashable, Sendable {
    /// `nil`: no system message.
    package var system: TemplateText?
    package var user: TemplateText
    package var fewShot: FewShotSpec
    /// Of an example's user message; `nil`: as `user`.
    package var fewShotUser: TemplateText?
    /// Of an example's answer.
    package var assistant: TemplateText

    package init(
        system: TemplateText? = nil, user: TemplateText = TemplateText("{{ input }}"), fewShot: FewShotSpec = .rows([]),
        fewShotUser: TemplateText? = nil, assistant: TemplateText = TemplateText("{{ target }}")
    ) {
        self.system = system
        self.user = user
        self.fewShot = fewShot
        self.fewShotUser = fewShotUser
        self.assistant = assistant
    }
}

/// Where examples come from.
package enum FewShotSpec: Hashable, Sendable {
    /// Rows as JSON objects, with their places.
    case rows([FewShotRow])
    /// The first `limit` rows of a file.
    case file(DatasetSpec)
}

/// An example written in the suite.
package struct FewShotRow: Hashable, Sendable {
    package var fields: JSONValue
    package var position: SourceSpan

    package init(fields: JSONValue, position: SourceSpan) {
        self.fields = fields
        self.position = position
    }
}

/// A template with what is needed to find a place of its text in the suite again.
package struct TemplateText: Hashable, Sendable {
    package var text: String
    package var origin: TextOrigin

    package init(text: String, origin: TextOrigin) {
        self.text = text
        self.origin = origin
    }

    /// A template that stands in no file.
    package init(_ text: String) {
        self.init(text: text, origin: TextOrigin(span: .file("")))
    }
}
