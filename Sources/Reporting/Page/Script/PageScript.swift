/// The page's one script: plain JavaScript, in parts by subject that share a scope. It makes elements and sets their
/// texts; nothing it reads is ever taken for markup or code.
enum PageScript {
    static let source =
        "(() => {\n'use strict';\n"
        + [elements, theme, tables, data, sessions, list, filters, search, timeline, view, flips, live, start].joined(
            separator: "\n")
        + "\n})();\n"
}
