/// Who a plugin is and what it does.
public struct Descriptor: Hashable, Sendable {
    /// What suites write after `strategy:` or `use:`. Reverse DNS ("org.example.vote"); ids without a dot belong to the
    /// plugins shipped with evalh.
    public var id: String
    /// Semantic versioning. A change of scores or decisions is a new version.
    public var version: String
    /// One line.
    public var title: String
    /// Markdown: the algorithm, what it costs, how ties and missing answers are treated.
    public var description: String
    /// Paper and equation, or where else it is from.
    public var source: String
    /// What every use of the plugin needs of the endpoint. What only some parameters need is asked of `Session.model`
    /// or comes back as `Rejected`.
    public var needs: Needs
    /// Alternatives a token it needs; 0: none.
    public var topLogprobs: Int
    /// Of metrics and allocators: names of the values it may give, for gates; empty: its id alone.
    public var outputs: [String]

    /// A plugin of an id, a version and a title; the rest has defaults.
    public init(
        id: String, version: String, title: String, description: String = "", source: String = "", needs: Needs = [],
        topLogprobs: Int = 0, outputs: [String] = []
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.description = description
        self.source = source
        self.needs = needs
        self.topLogprobs = topLogprobs
        self.outputs = outputs
    }
}
