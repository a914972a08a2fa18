/// The template of `/apply-template`: ChatML. A last assistant message is left open, to be continued.
enum ChatTemplate {
    private static let start = Array("<|im_start|>".utf8)
    private static let end = Array("<|im_end|>\n".utf8)
    private static let assistantHeader = Array("<|im_start|>assistant\n".utf8)

    static func rendered(body: [UInt8]) throws -> [UInt8] {
        var scanner = JSONScanner(body)
        var text: [UInt8] = []
        var last: [UInt8] = []
        try scanner.object { key, value in
            guard key == "messages" else { return try value.skip() }
            try value.array { element in
                var role: [UInt8] = []
                var content: [UInt8] = []
                try element.object { key, value in
                    switch key {
                    case "role": role = try value.string()
                    case "content": content = try value.string()
                    default: try value.skip()
                    }
                }
                text += start + role + [0x0a] + content + end
                last = role
            }
        }
        if last.elementsEqual("assistant".utf8) {
            text.removeLast(end.count)
        } else {
            text += assistantHeader
        }
        return text
    }

    /// Where the open assistant turn of a rendered prompt begins.
    static func assistantStart(in prompt: [UInt8]) -> Int? {
        var index = prompt.count - assistantHeader.count
        while index >= 0 {
            if prompt[index] == assistantHeader[0], prompt[index...].starts(with: assistantHeader) {
                return index + assistantHeader.count
            }
            index -= 1
        }
        return nil
    }
}
