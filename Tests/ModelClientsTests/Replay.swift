import Completions

@testable import ModelClients

/// What came of playing bytes into a codec and an assembler.
struct Replay {
    var completions: [Int: Completion] = [:]
    var order: [Int] = []
    var deltas: [(choice: Int, text: String, tokens: Int)] = []
    var reasoning: [(choice: Int, text: String, tokens: Int)] = []
    /// What was shown, in order: texts, and thoughts in brackets.
    var shown: [String] = []
    var missing: [Int] = []
    var assembler: AnswerAssembler

    func deltaText(_ choice: Int) -> String { deltas.filter { $0.choice == choice }.map(\.text).joined() }

    /// Plays a whole answer.
    static func plain(
        _ body: [UInt8], _ format: WireFormat = .chat, count: Int = 1, prefix: String = ""
    ) throws -> Replay {
        let shape = AnswerShape(count: count, isStream: false, prefix: prefix, estimatedPrompt: 7, showsDeltas: false)
        var replay = Replay(assembler: AnswerAssembler(shape: shape))
        let answer = try format.read(body)
        var events: [ModelEvent] = []
        try replay.assembler.receive(answer, at: 1) { events.append($0) }
        replay.missing = try replay.assembler.finish(at: 1) { events.append($0) }
        replay.take(events)
        return replay
    }

    /// Plays a stream in pieces of `pieceSize` bytes, up to `limit` events.
    static func stream(
        _ body: [UInt8], _ format: WireFormat = .chat, count: Int = 1, pieceSize: Int = 1000, limit: Int = .max,
        isEnded: Bool = true
    ) throws -> Replay {
        let shape = AnswerShape(count: count, isStream: true, estimatedPrompt: 7, showsDeltas: true)
        var replay = Replay(assembler: AnswerAssembler(shape: shape))
        var parser = SSEParser()
        var events: [ModelEvent] = []
        var number = 0
        func take(_ event: SSEEvent) throws {
            number += 1
            guard number <= limit else { return }
            if event.isDone { return replay.assembler.done() }
            let answer = try format.read(event.storage, in: event.range)
            try replay.assembler.receive(answer, at: Double(number)) { events.append($0) }
        }
        var position = 0
        while position < body.count {
            let end = min(position + pieceSize, body.count)
            do { try parser.feed(Array(body[position..<end]), take) } catch .event(let error) {
                throw error
            } catch .stream(let fault) {
                throw fault
            }
            position = end
        }
        if isEnded { replay.missing = try replay.assembler.finish(at: Double(number)) { events.append($0) } }
        replay.take(events)
        return replay
    }

    private mutating func take(_ events: [ModelEvent]) {
        for event in events {
            switch event {
            case .delta(let choice, let text, let tokens, let count, _):
                deltas.append((choice, text, max(count, tokens.count)))
                shown.append(text)
            case .reasoning(let choice, let text, _, let count, _):
                reasoning.append((choice, text, count))
                shown.append("[\(text)]")
            case .completed(let choice, let completion):
                completions[choice] = completion
                order.append(choice)
            case .failed, .cancelled: break
            }
        }
    }
}
