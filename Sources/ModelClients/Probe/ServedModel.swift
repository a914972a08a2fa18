package import Completions
internal import Foundation
internal import JSON

/// What a server tells of the model it serves, by `/v1/models` and, llama.cpp, `/props`. Anything may be missing.
package struct ServedModel: Codable, Hashable, Sendable {
    package var id: String?
    package var parameters: Int?
    /// Bytes of the weights.
    package var size: Int?
    /// Kind of quantisation.
    package var fileType: String?
    /// Tokens of context a request has.
    package var contextLength: Int?
    /// Build of the server.
    package var build: String?
    /// SHA-256 of the weights, where the server tells.
    package var checksum: String?

    package init() {}

    /// Reads an answer of `/v1/models`: the entry of `model`, or the only one.
    mutating func readModels(_ body: [UInt8], model: String) {
        var entries: [ServedModel] = []
        var reader = JSONReader(body, .lenient)
        _ = try? reader.object { (reader, key) throws(JSONError) in
            guard key == "data" else { return try reader.skip() }
            try reader.array { (reader) throws(JSONError) in
                let entry = try ServedModel.entry(&reader)
                if entries.count < 10_000 { entries.append(entry) }
            }
        }
        guard let entry = entries.first(where: { $0.id == model }) ?? (entries.count == 1 ? entries.first : nil) else {
            return
        }
        let build = build
        let context = contextLength
        self = entry
        self.build = build
        contextLength = contextLength ?? context
    }

    private static func entry(_ reader: inout JSONReader) throws(JSONError) -> ServedModel {
        var entry = ServedModel()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "id": entry.id = try reader.string().map(CleanText.clean)
            case "max_model_len", "context_length", "context_window":
                entry.contextLength = try WireFields.count(&reader)
            case "sha256": entry.checksum = try reader.string().map(CleanText.clean)
            case "meta":
                try reader.object { (reader, key) throws(JSONError) in
                    switch key {
                    case "n_params": entry.parameters = try reader.int()
                    case "size": entry.size = try reader.int()
                    case "ftype": entry.fileType = try reader.string().map(CleanText.clean)
                    case "n_ctx": entry.contextLength = try WireFields.count(&reader)
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        return entry
    }

    /// Reads an answer of llama.cpp's `/props`.
    mutating func readProperties(_ body: [UInt8]) {
        var build: String?
        var fileType: String?
        var context: Int?
        var reader = JSONReader(body, .lenient)
        _ = try? reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "build_info": build = try reader.string().map(CleanText.clean)
            case "model_ftype": fileType = try reader.string().map(CleanText.clean)
            case "default_generation_settings":
                try reader.object { (reader, key) throws(JSONError) in
                    if key == "n_ctx" { context = try WireFields.count(&reader) } else { try reader.skip() }
                }
            default: try reader.skip()
            }
        }
        self.build = build ?? self.build
        self.fileType = self.fileType ?? fileType
        contextLength = context ?? contextLength
    }
}

extension ModelEndpoint {
    /// Asks the server what it serves. Servers that do not tell leave fields empty; only a refused key is an error.
    package func servedModel() async throws(ModelFailure) -> ServedModel {
        var served = ServedModel()
        switch await fetch(exchange(.get, address.url("/models", addsVersion: configuration.provider.isLlama))) {
        case .success(let body): served.readModels(body, model: configuration.model)
        case .failure(let failure): if failure.kind.isFatalForProvider || failure.kind == .connection { throw failure }
        }
        if configuration.provider.isLlama,
            case .success(let body) = await fetch(exchange(.get, address.serviceURL("/props")))
        {
            served.readProperties(body)
        }
        return served
    }
}
