/// The prompt of a request, taken apart.
struct Question {
    /// What is asked: the last user message, or the whole raw prompt.
    var text: [UInt8] = []
    /// What the assistant has already said: a last message with role `assistant`, or what follows the last assistant
    /// header of a raw ChatML prompt.
    var prefix: [UInt8] = []
    /// Of everything before the prefix.
    var hash: UInt64 = 0
    var words = 0

    init() {}

    init(messages value: inout JSONScanner) throws {
        var all: [(role: [UInt8], content: [UInt8])] = []
        try value.array { element in
            var role: [UInt8] = []
            var content: [UInt8] = []
            try element.object { key, value in
                switch key {
                case "role": role = try value.string()
                case "content": content = try Self.content(&value)
                default: try value.skip()
                }
            }
            all.append((role, content))
        }
        words = all.reduce(0) { $0 + Pieces.words(in: $1.content) }
        let assistant = Array("assistant".utf8)
        let user = Array("user".utf8)
        if let last = all.last, last.role == assistant {
            prefix = last.content
            all.removeLast()
            if all.last?.role == assistant {
                throw BadRequest(message: "Cannot have 2 or more assistant messages at the end of the list.")
            }
        }
        var hash = StableHash()
        for message in all {
            hash.combine(message.role)
            hash.combine(0)
            hash.combine(message.content)
            hash.combine(1)
        }
        self.hash = hash.value
        text = all.last { $0.role == user }?.content ?? all.last?.content ?? []
    }

    init(prompt value: inout JSONScanner) throws {
        let whole = Array(try GenerationRequest.strings(&value).joined())
        words = Pieces.words(in: whole)
        text = whole
        if let start = ChatTemplate.assistantStart(in: whole) {
            text = Array(whole[..<start])
            prefix = Array(whole[start...])
        }
        hash = StableHash.of(text)
    }

    /// `null`, a string, or a list of parts of which the text ones count.
    private static func content(_ value: inout JSONScanner) throws -> [UInt8] {
        if value.null() { return [] }
        guard value.peek() == UInt8(ascii: "[") else { return try value.string() }
        var text: [UInt8] = []
        try value.array { part in
            try part.object { key, value in
                if key == "text" { text += try value.string() } else { try value.skip() }
            }
        }
        return text
    }
}
