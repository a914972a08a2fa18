internal import CEvalhPlugin
internal import Completions

extension ActionDecoder {
    /// `nil` for NULL, which stands for the item's prompt.
    mutating func copyMessages(
        _ messages: UnsafePointer<UnsafePointer<evalh_message>?>?, count: UInt64
    ) throws(Invalid) -> [ChatMessage]? {
        guard let messages else {
            guard count == 0 else { throw Invalid("messages is NULL, but message_count is \(count)") }
            return nil
        }
        guard (1...1024).contains(count) else { throw Invalid("\(count) messages; there must be 1 to 1,024") }
        var copies: [ChatMessage] = []
        copies.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            guard let message = messages[index], Int(message.pointee.struct_size) >= MemoryLayout<evalh_message>.size
            else {
                throw Invalid("message \(index) is NULL or its struct_size is too small")
            }
            copies.append(ChatMessage(role: try role(message.pointee.role), content: try text(message.pointee.content)))
        }
        return copies
    }

    private func role(_ role: UInt32) throws(Invalid) -> ChatRole {
        switch Int64(role) {
        case Int64(EVALH_ROLE_SYSTEM): return .system
        case Int64(EVALH_ROLE_USER): return .user
        case Int64(EVALH_ROLE_ASSISTANT): return .assistant
        default: throw Invalid("role \(role) is none of EVALH_ROLE_*")
        }
    }

    /// `nil` for NULL. A value beyond `struct_size` is absent.
    mutating func sampling(_ pointer: UnsafePointer<evalh_sampling>?) throws(Invalid) -> SamplingOverrides? {
        guard let pointer else { return nil }
        let size = Int(pointer.pointee.struct_size)
        guard size >= 8 else { throw Invalid("evalh_sampling.struct_size is \(size), too small") }
        var absent = evalh_sampling()
        absent.max_tokens = -1
        (absent.temperature, absent.top_p, absent.min_p) = (.nan, .nan, .nan)
        (absent.top_k, absent.top_logprobs, absent.seed) = (-1, -1, -1)
        let value = Self.load(UnsafeRawPointer(pointer), size: size, absent)
        var overrides = SamplingOverrides()
        overrides.maxTokens = try integer(value.max_tokens, "max_tokens", 1...Int32.max)
        overrides.temperature = try number(value.temperature, "temperature", "at least 0") { $0 >= 0 && $0.isFinite }
        overrides.topP = try number(value.top_p, "top_p", "in (0, 1]") { $0 > 0 && $0 <= 1 }
        overrides.minP = try number(value.min_p, "min_p", "in [0, 1]") { $0 >= 0 && $0 <= 1 }
        overrides.topK = try integer(value.top_k, "top_k", 0...Int32.max)
        overrides.topLogprobs = try integer(value.top_logprobs, "top_logprobs", 0...1024)
        overrides.stop = try stops(value)
        overrides.seed = value.seed < 0 ? nil : Int(value.seed)
        let schema = try text(value.json_schema)
        overrides.jsonSchema = schema.isEmpty ? nil : schema
        return overrides
    }

    private mutating func stops(_ value: evalh_sampling) throws(Invalid) -> [String] {
        guard value.stop_count > 0 else { return [] }
        guard value.stop_count <= 64, let stop = value.stop else {
            throw Invalid("stop_count is \(value.stop_count); there may be up to 64 stop texts")
        }
        var copies: [String] = []
        for index in 0..<Int(value.stop_count) {
            let copy = try text(stop[index])
            guard !copy.isEmpty else { throw Invalid("stop text \(index) is empty") }
            copies.append(copy)
        }
        return copies
    }

    private func integer(_ value: Int32, _ name: String, _ range: ClosedRange<Int32>) throws(Invalid) -> Int? {
        guard value != -1 else { return nil }
        guard range.contains(value) else {
            throw Invalid("\(name) is \(value); it must be \(range.lowerBound) or more, or -1 for the suite's")
        }
        return Int(value)
    }

    private func number(
        _ value: Double, _ name: String, _ range: String, _ isWithin: (Double) -> Bool
    ) throws(Invalid) -> Double? {
        guard !value.isNaN else { return nil }
        guard isWithin(value) else { throw Invalid("\(name) is \(value); it must be \(range), or NaN for the suite's") }
        return value
    }
}
