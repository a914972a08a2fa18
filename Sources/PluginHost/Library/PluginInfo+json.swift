package import Foundation
internal import JSON

extension PluginInfo {
    /// The JSON of `evalh plugin list --json`: an array of objects in the given order, keys sorted, schemas as JSON and
    /// not as text.
    ///
    /// - Parameter use: what suites write for a plugin.
    package static func json(_ infos: [PluginInfo], use: (PluginInfo) -> String = \.id) -> Data {
        Data(JSONValue.array(infos.map { $0.value(use($0)) }).sorted.indentedText(colon: " : ").utf8)
    }

    private func value(_ use: String) -> JSONValue {
        .object([
            .init("use", .string(use)), .init("kind", .string(kind.rawValue)), .init("id", .string(id)),
            .init("version", .string(version)),
            .init("title", .string(title)), .init("description", .string(description)),
            .init("source", .string(source)),
            .init("parameters", parametersSchema.map { JSONValue(parsingOrNull: $0) } ?? .null),
            .init("needs", .strings(needs.words)), .init("top_logprobs", .integer(topLogprobs)),
            .init("outputs", .strings(outputs)),
            .init(
                "library",
                .object([
                    .init("name", .string(libraryName)), .init("version", .string(libraryVersion)),
                    .init("file", .string(file)), .init("sha256", sha256.map(JSONValue.string) ?? .null),
                ])),
            .init(
                "abi", .object([.init("major", .integer(Int(abi.major))), .init("minor", .integer(Int(abi.minor)))])),
        ])
    }
}
