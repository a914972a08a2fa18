internal import Completions
internal import Foundation
internal import JSON

/// What a program is asked: the instance, and how much it may spend on it.
struct CommandQuestion: Equatable {
    /// As the program is told it.
    var budget: String
    var instance: String

    /// A request's only user message is `{"budget": …, "instance": "…"}`, or else the instance itself, with
    /// `max_tokens` as budget.
    init(_ request: CompletionRequest) throws(ModelFailure) {
        guard request.messages.count == 1, request.messages[0].role == .user, request.prefix.isEmpty else {
            throw Self.refusal(
                "a command takes one user message: remove `system` and `few_shot` from the suite's prompt")
        }
        let content = request.messages[0].content
        self = Self.envelope(content) ?? CommandQuestion(budget: String(request.sampling.maxTokens), instance: content)
        guard instance.utf8.count <= CommandLimits.instance else {
            throw Self.refusal(
                "the instance has \(instance.utf8.count) bytes, at most \(CommandLimits.instance) fit: "
                    + "keep it in a file and let the data set name the file")
        }
        guard !instance.utf8.contains(0) else {
            throw Self.refusal("the instance has a zero byte, which no argument can hold")
        }
    }

    private init(budget: String, instance: String) {
        self.budget = budget
        self.instance = instance
    }

    /// Reads an object with exactly these two members; `nil`: it is none.
    private static func envelope(_ content: String) -> CommandQuestion? {
        guard content.utf8.first == UInt8(ascii: "{") else { return nil }
        var reader = JSONReader(Array(content.utf8), .lenient)
        var budget: Double?
        var instance: String?
        var members = 0
        do {
            try reader.object { (reader, key) throws(JSONError) in
                members += 1
                switch key {
                case "budget": budget = try reader.double()
                case "instance": instance = try reader.string()
                default: try reader.skip()
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard members == 2, let budget, budget.isFinite, let instance else { return nil }
        var writer = JSONWriter(capacity: 24)
        writer.add(budget)
        return CommandQuestion(budget: String(decoding: writer.bytes, as: UTF8.self), instance: instance)
    }

    /// The arguments that follow the suite's own. Seeds are reduced to 63 bits, so that a signed integer can hold them.
    func arguments(seed: UInt64) -> [String] {
        ["--budget", budget, "--seed", String(seed & UInt64(Int64.max)), "--instance", instance]
    }

    private static func refusal(_ message: String) -> ModelFailure { ModelFailure(kind: .badRequest, message: message) }
}
