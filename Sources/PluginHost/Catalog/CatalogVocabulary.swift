internal import Completions

/// The ids a suite may use and the schemas of their parameters: what a suite is checked against.
package struct CatalogVocabulary: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var id: String
        package var version: String
        /// JSON Schema as text; `nil`: takes no parameters.
        package var parametersSchema: String?
        package var needs: PluginNeeds
        package var topLogprobs: Int
        /// Names of the values a metric or allocator may give.
        package var outputs: [String]

        package init(
            id: String, version: String, parametersSchema: String?, needs: PluginNeeds, topLogprobs: Int,
            outputs: [String] = []
        ) {
            self.id = id
            self.version = version
            self.parametersSchema = parametersSchema
            self.needs = needs
            self.topLogprobs = topLogprobs
            self.outputs = outputs
        }
    }

    private var entries: [PluginKind: [Entry]] = [:]

    package init(_ plugins: [PluginInfo]) {
        for info in plugins {
            let entry = Entry(
                id: info.id, version: info.version, parametersSchema: info.parametersSchema, needs: info.needs,
                topLogprobs: info.topLogprobs, outputs: info.outputs)
            entries[info.kind, default: []].append(entry)
        }
    }

    /// Ordered by id, of one id the newest version first.
    package func entries(of kind: PluginKind) -> [Entry] { entries[kind] ?? [] }

    /// Each once.
    package func ids(of kind: PluginKind) -> [String] {
        entries(of: kind).reduce(into: []) { ids, entry in
            if ids.last != entry.id { ids.append(entry.id) }
        }
    }

    package func entry(_ kind: PluginKind, _ id: String) -> Entry? { entries(of: kind).first { $0.id == id } }

    /// The id that was probably meant by `id`.
    package func nearest(_ kind: PluginKind, to id: String) -> String? {
        NearestName.find(id, in: entries(of: kind).map(\.id))
    }
}
