package import Foundation

extension PluginInfo {
    /// The JSON of `evalh plugin list --json`: an array of objects in the given order, keys sorted, schemas as JSON and
    /// not as text.
    package static func json(_ infos: [PluginInfo]) -> Data {
        let objects = infos.map(\.jsonObject)
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? JSONSerialization.data(withJSONObject: objects, options: options)) ?? Data("[]".utf8)
    }

    private var jsonObject: [String: Any] {
        [
            "kind": kind.rawValue, "id": id, "version": version, "title": title, "description": description,
            "source": source,
            "parameters": parametersSchema.flatMap(Self.parse) ?? NSNull(), "needs": needs.words,
            "top_logprobs": topLogprobs,
            "outputs": outputs,
            "library": ["name": libraryName, "version": libraryVersion, "file": file, "sha256": sha256 ?? NSNull()]
                as [String: Any],
            "abi": ["major": Int(abi.major), "minor": Int(abi.minor)],
        ]
    }

    private static func parse(_ schema: String) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(schema.utf8))
    }
}
