import NIOCore
import NIOHTTP1

/// Answers that do not depend on what the model says.
enum Fixed {
    static let health = ByteBuffer(staticString: "{\"status\":\"ok\"}")

    static let models = ByteBuffer(
        staticString: """
            {"object":"list","data":[{"id":"mock","aliases":["mock"],"object":"model",\
            "created":0,"owned_by":"llamacpp",\
            "meta":{"vocab_type":2,"n_vocab":150000,"n_ctx":32768,"n_ctx_train":32768,\
            "n_embd":1,"n_params":1,"size":1}}]}
            """)

    static let props = ByteBuffer(
        staticString: """
            {"default_generation_settings":{"n_ctx":32768,"params":{"temperature":0.8,\
            "top_k":40,"top_p":0.95,"min_p":0.05}},\
            "total_slots":128,"model_alias":"mock","model_path":"mock.gguf",\
            "modalities":{"vision":false,"audio":false},\
            "chat_template":"{% for m in messages %}<|im_start|>{{ m.role }}\\n{{ m.content }}<|im_end|>\\n{% endfor \
            %}",\
            "bos_token":"","eos_token":"<|im_end|>","build_info":"mock","is_sleeping":false}
            """)

    static func error(_ status: HTTPResponseStatus, type: StaticString, message: String) -> ByteBuffer {
        var out = ByteBuffer()
        out.writeStaticString("{\"error\":{\"code\":")
        out.writeNumber(Int(status.code))
        out.writeStaticString(",\"message\":")
        out.writeQuoted(Array(message.utf8))
        out.writeStaticString(",\"type\":\"")
        out.writeStaticString(type)
        out.writeStaticString("\"}}")
        return out
    }

    /// `/tokenize`: ids, or with `with_pieces` objects of id and piece.
    static func tokenize(body: [UInt8]) throws -> ByteBuffer {
        var scanner = JSONScanner(body)
        var content: [UInt8] = []
        var withPieces = false
        try scanner.object { key, value in
            switch key {
            case "content": content = try value.string()
            case "with_pieces": withPieces = try value.bool()
            default: try value.skip()
            }
        }
        var out = ByteBuffer()
        out.writeStaticString("{\"tokens\":[")
        var start = 0
        for end in Pieces.ends(of: content) {
            if start > 0 { out.writeStaticString(",") }
            let piece = content[start..<end]
            if withPieces { out.writeStaticString("{\"id\":") }
            out.writeNumber(Pieces.id(of: piece))
            if withPieces {
                out.writeStaticString(",\"piece\":")
                out.writeQuoted(piece)
                out.writeStaticString("}")
            }
            start = end
        }
        out.writeStaticString("]}")
        return out
    }

    static func applyTemplate(body: [UInt8]) throws -> ByteBuffer {
        var out = ByteBuffer()
        out.writeStaticString("{\"prompt\":")
        out.writeQuoted(try ChatTemplate.rendered(body: body))
        out.writeStaticString("}")
        return out
    }
}
