internal import Foundation

/// An error in the shape of OpenAI's interface.
struct APIError: Error {
    var status: Int
    var message: String
    var type = "invalid_request_error"
    var parameter: String?
    var code: String?

    static func bad(_ parameter: String?, _ message: String, code: String? = nil) -> APIError {
        APIError(status: 400, message: message, parameter: parameter, code: code)
    }

    var body: Data {
        struct Body: Encodable {
            struct Inner: Encodable {
                var message, type: String
                var param, code: String?

                // Clients expect both keys, null where there is nothing.
                func encode(to encoder: any Encoder) throws {
                    var container = encoder.container(keyedBy: Key.self)
                    try container.encode(message, forKey: .message)
                    try container.encode(type, forKey: .type)
                    try container.encode(param, forKey: .param)
                    try container.encode(code, forKey: .code)
                }
                enum Key: String, CodingKey { case message, type, param, code }
            }
            var error: Inner
        }
        return
            (try? JSONEncoder().encode(Body(error: .init(message: message, type: type, param: parameter, code: code))))
            ?? Data()
    }
}

extension APIError {
    /// Where in the body a value is not what it should be.
    init(_ error: DecodingError) {
        /// As the client wrote it.
        func snake(_ key: String) -> String {
            key.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
        }
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String? {
            let keys = context.codingPath + (last.map { [$0] } ?? [])
            let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(snake(key.stringValue))" }.joined()
            return text.isEmpty ? nil : String(text.drop { $0 == "." })
        }
        switch error {
        case .keyNotFound(let key, let context):
            let parameter = path(context, key)
            self = .bad(parameter, "`\(parameter ?? "")` is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let parameter = path(context)
            self = .bad(parameter, parameter.map { "`\($0)` has the wrong type" } ?? "the body must be a JSON object")
        case .dataCorrupted(let context):
            let parameter = path(context)
            self = .bad(
                parameter, parameter.map { "`\($0)`: \(context.debugDescription)" } ?? "the body is no JSON object")
        @unknown default: self = .bad(nil, "the body cannot be read")
        }
    }
}
