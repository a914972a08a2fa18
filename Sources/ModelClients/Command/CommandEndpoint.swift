package import Completions
internal import Foundation
internal import Synchronization

/// A program as an endpoint: each sample is one run of it, several at once, under limits.
///
/// A run's answer is the line of JSON that it prints last; its cost counts as completion tokens. Runs that fail are
/// failures, whatever they printed: they never count as a score.
package final class CommandEndpoint: CallEndpoint {
    private struct Job {
        var call: CommandCall
        var choice: Int
    }

    private struct Inside {
        var calls: [CallID: CommandCall] = [:]
        /// By priority, then in the order they came.
        var waiting: [Job] = []
        /// Threads that run programs, each one at a time.
        var workers = 0
    }

    package let configuration: CommandConfiguration
    private let path: String
    private let inside = Mutex(Inside())

    /// - Throws: `badRequest` for a program that is not there.
    package init(_ configuration: CommandConfiguration) throws(ModelFailure) {
        self.configuration = configuration
        do {
            path = try ProgramPath.find(configuration.arguments.first ?? "", from: configuration.folder)
        } catch {
            throw ModelFailure(kind: .badRequest, message: "model '\(configuration.role)': \(error)")
        }
    }

    package var role: String { configuration.role }

    package var capabilities: EndpointCapabilities {
        EndpointCapabilities(
            stream: false, topLogprobs: nil, prefix: false, multipleChoices: false, seed: true, cancel: true)
    }

    package var load: EndpointLoad {
        inside.withLock {
            EndpointLoad(inFlight: $0.workers, waiting: $0.waiting.count, limit: configuration.maxConnections)
        }
    }

    package func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        let outbox = EventOutbox(call.id, messageLimit: CommandLimits.message, events)
        let running: CommandCall
        do throws(ModelFailure) {
            guard !call.seeds.isEmpty else { throw ModelFailure(kind: .badRequest, message: "a call needs a seed") }
            guard call.request.sampling.topLogprobs == nil else {
                throw ModelFailure(kind: .unsupported, message: "a command gives no log-probabilities")
            }
            guard call.request.sampling.jsonSchema == nil else {
                throw ModelFailure(kind: .unsupported, message: "a command holds no text to a JSON Schema")
            }
            running = CommandCall(call, try CommandQuestion(call.request), outbox: outbox)
        } catch {
            outbox.put(.failed(error))
            return outbox.deliver()
        }
        let newWorkers = inside.withLock { inside in
            inside.calls[call.id] = running
            let place = inside.waiting.firstIndex { $0.call.call.priority < call.priority } ?? inside.waiting.count
            inside.waiting.insert(contentsOf: call.seeds.indices.map { Job(call: running, choice: $0) }, at: place)
            let count = min(configuration.maxConnections - inside.workers, inside.waiting.count)
            inside.workers += count
            return count
        }
        for _ in 0..<newWorkers { Thread.detachNewThread { [self] in work() } }
    }

    package func cancel(_ id: CallID) {
        let call = inside.withLock { inside in
            inside.waiting.removeAll { $0.call.call.id == id }
            return inside.calls.removeValue(forKey: id)
        }
        call?.cancel()
    }

    /// Runs what waits until nothing does.
    private func work() {
        while let job = next() {
            guard let run = job.call.begin(job.choice) else { continue }
            let seed = job.call.call.seeds[job.choice]
            let question = job.call.question
            let outcome = run.run(configuration, path: path, arguments: question.arguments(seed: seed))
            let result = Result { () throws(ModelFailure) in
                try configuration.completion(of: outcome, question, seed: seed)
            }
            job.call.finish(job.choice, result)
            if job.call.isOver { _ = inside.withLock { $0.calls.removeValue(forKey: job.call.call.id) } }
        }
    }

    private func next() -> Job? {
        inside.withLock { inside in
            guard !inside.waiting.isEmpty else {
                inside.workers -= 1
                return nil
            }
            return inside.waiting.removeFirst()
        }
    }
}
