import EvalhPluginKit

/// A way of answering.
enum Mode: String, CaseIterable {
    case instant
    case reasoning
    case agentic

    /// Words by which a classifier may call it.
    private var names: [Substring] {
        switch self {
        case .instant: ["instant"]
        case .reasoning: ["reasoning"]
        case .agentic: ["agentic", "toolcalling", "tool", "tools", "calculator"]
        }
    }

    /// The mode that a classifier's reply names: in its last `<mode>` or `<classification>` tag, closed or not, else
    /// anywhere. `nil` if none or several are named there.
    static func parse(_ reply: String) -> Mode? {
        let text = reply.lowercased()
        let tagged = ["<mode>", "<classification>"].compactMap { contents(of: $0, in: text) }.max {
            $0.startIndex < $1.startIndex
        }
        return tagged.flatMap { named(in: $0) } ?? named(in: text[...])
    }

    /// What follows the last such tag, to the next tag or the end.
    private static func contents(of tag: String, in text: String) -> Substring? {
        var found: Substring?
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[open...]
            if rest.hasPrefix(tag) {
                let inside = rest.dropFirst(tag.count)
                found = inside[..<(inside.firstIndex(of: "<") ?? inside.endIndex)]
            }
            rest = rest.dropFirst()
        }
        return found
    }

    private static func named(in text: Substring) -> Mode? {
        let words = text.split { !$0.isLetter }
        let modes = allCases.filter { mode in words.contains { mode.names.contains($0) } }
        return modes.count == 1 ? modes[0] : nil
    }
}

/// Which mode a session is in.
enum ModeChoice: String, CaseIterable, ParameterValue {
    case auto
    case instant
    case reasoning
    case agentic
}
