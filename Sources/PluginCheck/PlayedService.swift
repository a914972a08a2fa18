internal import Completions
internal import JSON
internal import PluginHost

/// Services that answer by a seed. One call in five says that it failed.
enum PlayedService {
    private static let kinds = ["score", "embed", "retrieve", "execute", "tool", "judge"]

    /// One of each kind under its kind's name, and one under each of the names that parameters may mean.
    static func all(named names: [String]) -> [SessionService] {
        kinds.map { SessionService(name: $0, kind: $0, descriptionJSON: "{\"kind\":\"\($0)\"}") }
            + names.filter { !kinds.contains($0) }.map {
                SessionService(name: $0, kind: "tool", descriptionJSON: "{\"kind\":\"tool\"}")
            }
    }

    static func result(of kind: String, _ payload: String, seed: UInt64) -> Completion {
        let number = (ScriptedModel.hash(payload) ^ seed) % 1000
        let isError = number % 5 == 4
        let share = Double(number) / 1000
        let value: JSONValue =
            if isError {
                .object([.init("error", .string("the script lets it fail"))])
            } else {
                switch kind {
                case "score":
                    .object([
                        .init("logprob", .double(-10 * share)), .init("token_count", .integer(4)),
                        .init(
                            "tokens",
                            .array(
                                (0..<4).map {
                                    .object([
                                        .init("token", .string("w\($0)")), .init("logprob", .double(-2.5 * share)),
                                    ])
                                })),
                    ])
                case "embed": .object([.init("vectors", .array([.array([.double(share), .double(1 - share)])]))])
                case "retrieve":
                    .object([
                        .init(
                            "passages",
                            .array([
                                .object([
                                    .init("id", .string("p\(number)")), .init("text", .string("A passage.")),
                                    .init("score", .double(share)),
                                ])
                            ]))
                    ])
                case "execute":
                    .object([.init("passed", .bool(number % 2 == 0)), .init("output", .string("\(number)\n"))])
                case "judge": .object([.init("score", .double(share)), .init("verdict", .string("right"))])
                default: .object([.init("result", .string("\(number)"))])
                }
            }
        return Completion(
            text: value.canonicalText, finish: isError ? .other : .stop, usage: TokenUsage(requests: 1),
            seconds: 0.1 + share)
    }
}
