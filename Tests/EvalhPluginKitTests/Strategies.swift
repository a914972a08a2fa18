import EvalhPluginKit

/// A strategy made of a closure's body, for one test each: the type's id is its name.
protocol TestStrategy: Strategy where Parameters == NoParameters {
    static func run(_ item: Item, _ session: Session) async throws -> Answer
    init()
}

extension TestStrategy {
    static var descriptor: Descriptor { Descriptor(id: "\(Self.self)", version: "1.0.0", title: "test") }
    init(parameters: NoParameters) { self.init() }
    func solve(_ item: Item, in session: Session) async throws -> Answer { try await Self.run(item, session) }
}

/// Uses everything at once: groups, async let, streams, forks, timers, random numbers.
struct Everything: TestStrategy {
    static func run(_ item: Item, _ session: Session) async throws -> Answer {
        async let first = session.generate(n: 3, sampling: Sampling(temperature: 0.5, stop: ["END"]))
        async let second = session.complete(
            messages: [Message(.system, "be brief"), Message(.user, item.input)], model: "grader")
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<4 {
                group.addTask {
                    try await session.sleep(untilLogical: Int64(4 - index) * 1_000_000_000)
                    return try await session.complete(prefix: "p\(index)").text.utf8.count
                }
            }
            var sum = 0
            for try await value in group {
                sum += value
                session.note("partial", "\(sum)")
            }
            return sum
        }
        let stream = try session.stream(sampling: Sampling(topLogprobs: 1))
        var pieces: [String] = []
        for try await chunk in stream {
            pieces.append(chunk.text)
            if pieces.count == 2 {
                let fork = try await stream.fork(at: pieces[0].utf8.count, append: "!", n: 2)
                session.emit(fork[1].text, weight: Double(session.random() % 1000) / 1000)
            }
        }
        let choices = try await first
        let other = try await second
        var order = [1, 2, 3, 4, 5, 6, 7, 8]
        order.shuffle(using: &session.generator)
        let text = (choices.map(\.text) + [other.text] + pieces + order.map(String.init)).joined(separator: ",")
        return Answer("\(sum):\(text)", confidence: 0.5, reason: "done")
    }
}
