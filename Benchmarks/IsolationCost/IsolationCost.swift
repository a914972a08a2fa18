import Completions
import Foundation
import PluginHost
import PluginIsolation

/// Plays sessions of a strategy as evalh's engine does, one event at a time, in evalh's own process and in others, in
/// turns; prints a line of JSON with microseconds of wall time and of this process a completion, for each round.
///
///     evalh-isolation-cost LIBRARY STRATEGY SESSIONS COMPLETIONS BYTES ROUNDS
@main
enum IsolationCost {
    static func main() throws {
        let arguments = CommandLine.arguments
        // As evalh does: workers are this very program.
        if arguments.count == 5, arguments[1] == "internal" {
            PluginWorker.run(library: arguments[3], isolation: Isolation(rawValue: arguments[4]) ?? .process)
        }
        guard arguments.count == 7, let sessions = Int(arguments[3]), let completions = Int(arguments[4]),
            let bytes = Int(arguments[5]), let rounds = Int(arguments[6])
        else {
            print("usage: evalh-isolation-cost LIBRARY STRATEGY SESSIONS COMPLETIONS BYTES ROUNDS")
            exit(2)
        }
        let catalog = PluginCatalog(locations: [PluginLocation(path: arguments[1], origin: .environment)])
        let info = try catalog.found(.strategy, arguments[2])
        let plugins = IsolatedPlugins(
            WorkerProgram(
                binary: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
                environment: ProcessInfo.processInfo.environment,
                processes: ProcessInfo.processInfo.activeProcessorCount)
        ) { print($0) }
        let kinds: [(String, any StrategyFactory)] = [
            ("none", try catalog.strategy(info.id)), ("process", plugins.strategy(info, .process)),
            ("sandbox", plugins.strategy(info, .sandbox)),
        ]
        let text = String(repeating: "Thinking of it further. ", count: max(1, bytes / 24)) + "The answer is 42"
        for (_, factory) in kinds { try play(factory, 20, completions, text) }
        for _ in 0..<rounds {
            var cells: [String] = []
            for (name, factory) in kinds {
                let (wall, cpu) = (ContinuousClock.now, processorSeconds())
                try play(factory, sessions, completions, text)
                let count = Double(sessions * completions)
                let seconds = (ContinuousClock.now - wall) / .seconds(1)
                cells.append("\"\(name)\":[\(seconds * 1e6 / count),\((processorSeconds() - cpu) * 1e6 / count)]")
            }
            print("{\(cells.joined(separator: ","))}")
        }
    }

    private static func play(_ factory: any StrategyFactory, _ sessions: Int, _ completions: Int, _ text: String) throws
    {
        let start = SessionStart(
            itemID: "i", input: "?", fieldsJSON: "{}", messages: [ChatMessage(role: .user, content: "?")],
            parametersJSON: "{\"samples\":\(completions)}", seed: 1,
            models: [
                SessionModel(
                    role: "main", name: "m", capabilities: EndpointCapabilities(), sampling: SamplingParameters())
            ], repeatIndex: 0)
        let usage = TokenUsage(promptTokens: 50, completionTokens: text.utf8.count / 4)
        for _ in 0..<sessions {
            let session = try factory.makeSession(Answers())
            _ = try session.step([SessionEvent(seq: 1, timeNanoseconds: 0, body: .start(start))])
            for number in 0..<completions {
                let completion = Completion(text: text, finish: .stop, usage: usage, seconds: 1)
                let body = SessionEvent.Body.done(
                    request: 1, choice: number, completion: completion, isLast: number == completions - 1)
                let actions = try session.step([
                    SessionEvent(seq: UInt64(number + 2), timeNanoseconds: Int64(number), body: body)
                ])
                guard number == completions - 1 else { continue }
                guard case .finish(let finish)? = actions.last?.body, finish.answer == "42" else {
                    print("the strategy did not finish with the answer")
                    exit(1)
                }
            }
        }
    }

    /// Of this process and its threads, not of workers.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// The last word of a text.
private final class Answers: SessionServices {
    func random() -> UInt64 { 4 }
    var randomSeed: UInt64? { 1 }

    func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        let word = text.utf8.suffix(while: { $0 != UInt8(ascii: " ") })
        return (String(Substring(word)), "last")
    }

    func foresee(_ text: String, isUnfinished: Bool) -> ForeseenExtraction? {
        extract(text, isUnfinished: isUnfinished).map { ForeseenExtraction(answer: $0.answer, stage: $0.stage) }
    }

    func remainingBudget() -> RemainingBudget { RemainingBudget() }
}

extension String.UTF8View {
    fileprivate func suffix(while test: (UInt8) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, test(self[index(before: start)]) { formIndex(before: &start) }
        return self[start...]
    }
}
