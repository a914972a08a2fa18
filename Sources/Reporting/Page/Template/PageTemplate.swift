internal import Mustache

/// The page's HTML, in files of their own (`Assets/*.mustache`). What stands in two braces is escaped; what stands in
/// three is HTML that another template or a plot made.
enum PageTemplate {
    /// Renders a template.
    /// - Parameters:
    ///   - name: the file's name without its ending.
    ///   - values: texts, truth values and lists of such.
    static func render(_ name: String, _ values: [String: Any] = [:]) -> String {
        // A template that is missing is a mistake of the build, which every test of the page meets.
        guard var html = library.render(values, withTemplate: name) else {
            preconditionFailure("there is no template \(name)")
        }
        if html.last == "\n" { html.removeLast() }
        return html
    }

    /// A paragraph of small print; `filter` adds a button that lists such sessions.
    static func note(_ text: String, filter: String? = nil, action: String = "") -> String {
        var values: [String: Any] = ["text": text, "action": action]
        if let filter { values["filter"] = filter }
        return render("note", values)
    }

    /// Blocks side by side where there is room; empty ones are left out.
    static func pair(_ blocks: [String]) -> String {
        let shown = blocks.filter { !$0.isEmpty }
        return shown.isEmpty ? "" : render("pair", ["blocks": shown])
    }

    /// Escapes characters one by one: the library's own way looks at whole graphemes.
    private struct Escaping: MustacheContentType {
        func escapeText(_ text: String) -> String { SafeText.html(text) }
    }

    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(Escaping(), named: "PAGE")
        var library = MustacheLibrary()
        for (name, text) in PageAssets.templates {
            do {
                try library.register("{{% CONTENT_TYPE:PAGE}}\n" + text, named: name)
            } catch {
                preconditionFailure("the template \(name) cannot be read: \(error)")
            }
        }
        return library
    }()
}
