import Completions
import Foundation
import Synchronization

@testable import ModelClients

/// A transport whose answers the test gives, in whatever order it likes.
final class FakeTransport: ExchangeTransport {
    struct Started: Sendable {
        var exchange: Exchange
        var isRestartable: @Sendable () -> Bool
        var events: @Sendable (ExchangeEvent) -> Void

        var body: String { String(decoding: exchange.body, as: UTF8.self) }
    }

    private let inside = Mutex<(started: [Started], cancelled: [Int])>(([], []))
    var load: EndpointLoad { EndpointLoad() }

    func start(
        _ exchange: Exchange, isRestartable: @escaping @Sendable () -> Bool,
        _ events: @escaping @Sendable (ExchangeEvent) -> Void
    ) -> ExchangeID {
        inside.withLock { inside in
            inside.started.append(Started(exchange: exchange, isRestartable: isRestartable, events: events))
            return ExchangeID(value: UInt64(inside.started.count - 1))
        }
    }

    func cancel(_ id: ExchangeID) {
        inside.withLock { $0.cancelled.append(Int(id.value)) }
    }

    var started: [Started] { inside.withLock { $0.started } }
    var cancelled: [Int] { inside.withLock { $0.cancelled } }

    func stream(_ number: Int, _ text: String, ends: Bool = false) {
        started[number].events(.piece(Array(text.utf8)))
        if ends { started[number].events(.ended) }
    }

    func answer(_ number: Int, _ json: String) {
        started[number].events(.head(contentType: "application/json"))
        started[number].events(.piece(Array(json.utf8)))
        started[number].events(.ended)
    }

    /// A whole chat answer with texts for choices 0...
    static func chat(_ texts: [String], tokens: Int = 3) -> String {
        let choices = texts.enumerated().map {
            #"{"index":\#($0),"message":{"content":"\#($1)"},"finish_reason":"stop"}"#
        }
        return
            #"{"choices":[\#(choices.joined(separator: ","))],"usage":{"prompt_tokens":9,"completion_tokens":\#(tokens)}}"#
    }

    static func delta(_ index: Int, _ text: String, finish: String? = nil) -> String {
        let reason = finish.map { #","finish_reason":"\#($0)""# } ?? ""
        return "data: {\"choices\":[{\"index\":\(index),\"delta\":{\"content\":\"\(text)\"}\(reason)}]}\n\n"
    }

    static func usage(_ tokens: Int) -> String {
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":\(tokens)}}\n\n"
    }
}

/// Takes the events of calls.
final class EventLog: Sendable {
    private let inside = Mutex<[(CallID, ModelEvent)]>([])

    func take(_ id: CallID, _ event: ModelEvent) { inside.withLock { $0.append((id, event)) } }

    var events: [ModelEvent] { inside.withLock { $0.map(\.1) } }
    var completions: [Int: Completion] {
        var found: [Int: Completion] = [:]
        for case .completed(let choice, let completion) in events { found[choice] = completion }
        return found
    }
    var deltas: [String] {
        events.compactMap { event in
            if case .delta(let choice, let text, _, _, _) = event { return "\(choice):\(text)" } else { return nil }
        }
    }
    var failures: [ModelFailure] {
        events.compactMap { event in if case .failed(let failure) = event { return failure } else { return nil } }
    }
    var cancels: [[Int: Completion]] {
        events.compactMap { event in if case .cancelled(let partial) = event { return partial } else { return nil } }
    }

    /// Waits until `condition` holds, at most twenty seconds.
    func wait(until condition: @Sendable (EventLog) -> Bool) async throws -> Bool {
        for _ in 0..<4000 {
            if condition(self) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

extension ModelCall {
    static func test(
        _ id: UInt64 = 1, n: Int = 1, stream: Bool = false, prefix: String = "",
        sampling: SamplingParameters = SamplingParameters(maxTokens: 5)
    ) -> ModelCall {
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: "hi")], prefix: prefix, sampling: sampling)
        return ModelCall(
            id: CallID(id), role: "main", request: request, seeds: (0..<n).map { UInt64($0) + 100 }, stream: stream)
    }
}
