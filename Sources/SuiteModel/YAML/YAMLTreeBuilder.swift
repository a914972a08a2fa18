internal import Completions

/// Builds the tree from events. Aliases share the anchored node's storage; only the count of nodes grows.
struct YAMLTreeBuilder {
    private struct Anchored {
        var node: YAMLNode
        var size: Int
        var height: Int
    }

    private let events: YAMLEvents
    private let file: String
    private let limits: YAMLReader.Limits
    private var anchors: [String: Anchored] = [:]
    private var openAnchors: Set<String> = []
    private var nodeCount = 0
    private(set) var diagnostics: [Diagnostic] = []

    init(events: YAMLEvents, file: String, limits: YAMLReader.Limits) {
        self.events = events
        self.file = file
        self.limits = limits
    }

    /// The only document of the stream; an empty one is null.
    mutating func document() throws(Diagnostic) -> YAMLNode {
        var root: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return root ?? YAMLNode(.null, span: SourceSpan(file: file, line: 1, column: 1))
            case .streamStart, .documentEnd: continue
            case .documentStart:
                if root != nil {
                    throw Diagnostic(
                        at: event.span, "a second document begins here",
                        hint: "one file holds one document: remove the `---`")
                }
                root = try node(events.next(), depth: 1).node
            default: throw Diagnostic(at: event.span, "unexpected content")
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(Diagnostic) -> (node: YAMLNode, height: Int) {
        guard depth <= limits.depth else {
            throw Diagnostic(at: event.span, "nested deeper than \(limits.depth) levels")
        }
        if case .alias(let name) = event.kind { return try alias(name, at: event.span, depth: depth) }
        let before = nodeCount
        try count(1, at: event.span)
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        var result: (node: YAMLNode, height: Int)
        switch event.kind {
        case .scalar(let text, let style): result = (scalar(text, style: style, event: event), 1)
        case .sequenceStart: result = try sequence(event, depth: depth)
        case .mappingStart: result = try mapping(event, depth: depth)
        default: throw Diagnostic(at: event.span, "unexpected end")
        }
        if let anchor = event.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = Anchored(node: result.node, size: nodeCount - before, height: result.height)
        }
        return result
    }

    private mutating func alias(_ name: String, at span: SourceSpan, depth: Int) throws(Diagnostic) -> (
        node: YAMLNode, height: Int
    ) {
        guard !openAnchors.contains(name) else {
            throw Diagnostic(at: span, "`*\(name)` stands inside of what it names")
        }
        guard let target = anchors[name] else {
            diagnostics.append(
                Diagnostic(
                    at: span, "there is no anchor `&\(name)` before this",
                    hint: NearestName.hint(name, in: anchors.keys.sorted(), kind: "anchors")))
            return (YAMLNode(.null, span: span), 1)
        }
        try count(target.size, at: span)
        guard depth + target.height - 1 <= limits.depth else {
            throw Diagnostic(at: span, "nested deeper than \(limits.depth) levels once `*\(name)` is expanded")
        }
        return (target.node, target.height)
    }

    private mutating func count(_ more: Int, at span: SourceSpan) throws(Diagnostic) {
        nodeCount += more
        guard nodeCount <= limits.nodes else {
            throw Diagnostic(at: span, "more than \(limits.nodes) values once aliases are expanded")
        }
    }

    private mutating func scalar(_ text: String, style: YAMLNode.Style, event: YAMLEvent) -> YAMLNode {
        var content: YAMLNode.Content
        switch event.tag {
        case nil: content = style == .plain ? YAMLScalar.resolve(text) : .string(text)
        case "!", "tag:yaml.org,2002:str": content = .string(text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            content = YAMLScalar.resolve(text)
            let name = event.tag?.split(separator: ":").last.map(String.init) ?? ""
            if case .integer(let value) = content, name == "float" { content = .number(Double(value)) }
            let matches: Bool =
                switch content {
                case .integer: name == "int"
                case .number: name == "float"
                case .bool: name == "bool"
                case .null: name == "null"
                default: false
                }
            if !matches { diagnostics.append(Diagnostic(at: event.span, "`\(text)` is not of type !!\(name)")) }
        case let tag?:
            content = .string(text)
            reportTag(tag, at: event.span)
        }
        return YAMLNode(content, span: event.span, style: style, text: text)
    }

    private mutating func reportTag(_ tag: String, at span: SourceSpan) {
        diagnostics.append(
            Diagnostic(
                at: span, "unknown tag `\(tag)`",
                hint: "legal tags: !!str, !!int, !!float, !!bool, !!null, !!seq, !!map"))
    }

    private mutating func sequence(_ start: YAMLEvent, depth: Int) throws(Diagnostic) -> (node: YAMLNode, height: Int) {
        if let tag = start.tag, tag != "tag:yaml.org,2002:seq", tag != "!" { reportTag(tag, at: start.span) }
        var elements: [YAMLNode] = []
        var height = 1
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind {
                return (YAMLNode(.sequence(elements), span: span(from: start, to: event), style: .collection), height)
            }
            let child = try node(event, depth: depth + 1)
            elements.append(child.node)
            height = max(height, child.height + 1)
        }
    }

    private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(Diagnostic) -> (node: YAMLNode, height: Int) {
        if let tag = start.tag, tag != "tag:yaml.org,2002:map", tag != "!" { reportTag(tag, at: start.span) }
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        var merges: [YAMLNode] = []
        var height = 1
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind {
                try merge(merges, into: &entries, keys: lines, at: start.span)
                return (YAMLNode(.mapping(entries), span: span(from: start, to: event), style: .collection), height)
            }
            let key = try node(event, depth: depth + 1).node
            let value = try node(events.next(), depth: depth + 1)
            height = max(height, value.height + 1)
            if key.style == .collection {
                diagnostics.append(
                    Diagnostic(at: key.span, "a key must be text", hint: "quote templates: \"{{ input }}\""))
            } else if key.text == "<<", key.style == .plain {
                merges.append(value.node)
            } else if let line = lines[key.text] {
                diagnostics.append(
                    Diagnostic(at: key.span, "the key `\(key.text)` is here twice; first in line \(line)"))
            } else {
                lines[key.text] = key.span.line
                entries.append(YAMLNode.Entry(key: key.text, keySpan: key.span, value: value.node))
            }
        }
    }

    /// Adds the keys of merged mappings; what stands in the mapping itself, or in an earlier merge, wins.
    private mutating func merge(
        _ merges: [YAMLNode], into entries: inout [YAMLNode.Entry], keys: [String: Int], at span: SourceSpan
    ) throws(Diagnostic) {
        var known = Set(keys.keys)
        for merged in merges {
            for mapping in merged.elements ?? [merged] {
                guard let more = mapping.entries else {
                    diagnostics.append(Diagnostic(at: mapping.span, "`<<` takes a mapping or a list of mappings"))
                    continue
                }
                try count(more.count, at: span)
                for entry in more where known.insert(entry.key).inserted { entries.append(entry) }
            }
        }
    }

    private func span(from start: YAMLEvent, to end: YAMLEvent) -> SourceSpan {
        var span = start.span
        span.endLine = end.span.endLine
        span.endColumn = end.span.endColumn
        return span
    }
}
