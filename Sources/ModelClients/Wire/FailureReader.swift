internal import Completions
internal import Foundation
internal import JSON

/// Turns error answers into failures: what kind, and a message that is safe to show.
enum FailureReader {
    /// A response with an error status. `body` may be JSON, HTML, text, or nothing.
    static func failure(status: Int, contentType: String?, body: [UInt8], attempts: Int = 1) -> ModelFailure {
        var error = WireError()
        if let read = try? read(body) {
            error = read
        } else if !body.isEmpty {
            error.message = summary(ofText: body, contentType: contentType)
        }
        var failure = failure(of: error, status: status, spent: TokenUsage())
        failure.attempts = attempts
        return failure
    }

    /// An error object, with the HTTP status it came with or, within a stream, the one it names.
    static func failure(of error: WireError, status: Int?, spent: TokenUsage) -> ModelFailure {
        let status = status ?? error.code.flatMap { Int($0) }.flatMap { (400..<600).contains($0) ? $0 : nil }
        let kind = kind(of: error, status: status)
        var text = error.message.map(CleanText.clean) ?? ""
        if text.isEmpty { text = "no message" }
        let label = status.map { "HTTP \($0)" } ?? "error in the stream"
        return ModelFailure(
            kind: kind, message: CleanText.bounded("\(label): \(text)\(hint(kind, status))"), httpStatus: status,
            isRetryable: kind == .rateLimited || kind == .server, spent: spent)
    }

    private static func kind(of error: WireError, status: Int?) -> ModelFailure.Kind {
        let names = [error.type, error.code].compactMap { $0?.lowercased() }
        func named(_ parts: String...) -> Bool { names.contains { name in parts.contains { name.contains($0) } } }
        if named("insufficient_quota", "billing", "quota_exceeded", "credit") || status == 402 { return .quota }
        if named("context_length_exceeded", "exceed_context_size", "context_window") { return .contextExceeded }
        if named("authentication", "invalid_api_key", "permission") || status == 401 || status == 403 {
            return .authentication
        }
        if named("rate_limit") || status == 429 { return .rateLimited }
        if named("not_supported", "unsupported") || status == 501 { return .unsupported }
        if let status, status >= 500 { return status == 504 ? .timeout : .server }
        if status == 408 { return .timeout }
        if named("overloaded", "server_error", "unavailable", "internal") { return .server }
        if let message = error.message?.lowercased(), isAboutContext(message) { return .contextExceeded }
        return .badRequest
    }

    /// Servers that name no code say it in words.
    private static func isAboutContext(_ message: String) -> Bool {
        message.contains("maximum context length") || message.contains("exceeds the available context size")
            || (message.contains("context") && message.contains("too long")) || message.contains("prompt is too long")
    }

    private static func hint(_ kind: ModelFailure.Kind, _ status: Int?) -> String {
        switch kind {
        case .badRequest where status == 404: " (check base_url and model)"
        case .authentication: " (check the model's api_key_env)"
        case .quota: " (asking again cannot help before the quota is renewed)"
        case .contextExceeded: " (shorten the prompt, or give the server a larger context)"
        default: ""
        }
    }

    /// `{"error": {...}}`, `{"error": "..."}`, `{"message": ...}` or `{"detail": ...}`.
    private static func read(_ body: [UInt8]) throws(JSONError) -> WireError {
        var reader = JSONReader(body, .lenient)
        guard try reader.peek() == .object else { throw reader.error("no object") }
        var inner: WireError?
        var outer = WireError()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "error": inner = try WireFields.error(&reader)
            case "message", "detail": outer.message = try reader.string() ?? outer.message
            case "type": outer.type = try reader.string()
            case "code": outer.code = try reader.peek() == .number ? reader.int().map(String.init) : reader.string()
            default: try reader.skip()
            }
        }
        return inner ?? outer
    }

    /// The beginning of a text; of an HTML page its title.
    private static func summary(ofText body: [UInt8], contentType: String?) -> String {
        let text = String(decoding: body.prefix(8192), as: UTF8.self)
        func find(_ part: String, after start: String.Index? = nil) -> Range<String.Index>? {
            text.range(of: part, options: .caseInsensitive, range: (start ?? text.startIndex)..<text.endIndex)
        }
        let isPage =
            contentType?.lowercased().contains("html") == true || find("<html") != nil || find("<!doctype html") != nil
        guard isPage else { return text }
        guard let open = find("<title"), let start = find(">", after: open.upperBound)?.upperBound,
            let close = find("</title", after: start)
        else { return "an HTML page" }
        return "an HTML page: " + text[start..<close.lowerBound]
    }
}
