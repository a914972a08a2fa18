/// The page's script, style and templates: the files of `Assets`, which SwiftPM puts into the program.
enum PageAssets {
    /// Plain JavaScript, in parts by subject that share a scope. It makes elements and sets their texts; nothing it
    /// reads is ever taken for markup or code.
    static let script: String =
        "(() => {\n'use strict';\n" + text(scripts) + "})();\n"

    /// The style sheet, its later parts over its earlier ones.
    static let style: String = text(styles)

    /// By name.
    static let templates: [(name: String, text: String)] = [
        ("arise", text([PackageResources.arise_mustache])),
        ("beginning", text([PackageResources.beginning_mustache])),
        ("body", text([PackageResources.body_mustache])),
        ("code", text([PackageResources.code_mustache])),
        ("figure", text([PackageResources.figure_mustache])),
        ("flips", text([PackageResources.flips_mustache])),
        ("folded", text([PackageResources.folded_mustache])),
        ("frontier", text([PackageResources.frontier_mustache])),
        ("gates", text([PackageResources.gates_mustache])),
        ("header", text([PackageResources.header_mustache])),
        ("heat", text([PackageResources.heat_mustache])),
        ("item", text([PackageResources.item_mustache])),
        ("legend", text([PackageResources.legend_mustache])),
        ("note", text([PackageResources.note_mustache])),
        ("pair", text([PackageResources.pair_mustache])),
        ("plain", text([PackageResources.plain_mustache])),
        ("sessions", text([PackageResources.sessions_mustache])),
        ("table", text([PackageResources.table_mustache])),
    ]

    private static let scripts = [
        PackageResources.elements_js,
        PackageResources.theme_js,
        PackageResources.tables_js,
        PackageResources.data_js,
        PackageResources.sessions_js,
        PackageResources.list_js,
        PackageResources.filters_js,
        PackageResources.search_js,
        PackageResources.timeline_js,
        PackageResources.view_js,
        PackageResources.flips_js,
        PackageResources.live_js,
        PackageResources.start_js,
    ]

    private static let styles = [
        PackageResources.colours_css,
        PackageResources.layout_css,
        PackageResources.tables_css,
        PackageResources.plots_css,
        PackageResources.frontier_css,
        PackageResources.list_css,
        PackageResources.dialog_css,
        PackageResources.print_css,
    ]

    private static func text(_ parts: [[UInt8]]) -> String {
        parts.map { String(decoding: $0, as: UTF8.self) }.joined()
    }
}
