internal import ArgumentParser
internal import Foundation
internal import JSON
internal import PluginCheck
internal import Reporting
internal import Runs

struct PluginCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Test a plugin library: its rules, its worst moments, its cost.",
        discussion: """
            Each test runs in a process of its own, with limits of time, memory and output; a crash or a hang costs \
            one test. docs/plugins/checking.md says what each of them finds.

            The exit code is 0 if no test failed or crashed, else 7.

            EXAMPLES
              evalh plugin check build/libvote.so
              evalh plugin check build/libvote.so --only strategy.stop --seed 7
              evalh plugin check build/libvote.so --with 'max_samples: 5' --json
              evalh plugin check --list
            """)

    @Argument(help: ArgumentHelp("The library.", valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp(
            "Only tests with this in their name, id:test; * stands for any text.", valueName: "pattern"))
    var only: [String] = []

    @Option(help: "Seed of all that is random in the tests.")
    var seed: UInt64 = 1

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "Parameters in the place of defaults: JSON, or 'key: value, key: value'.", valueName: "with"))
    var parameters: String?

    @Option(help: "Seconds that a test may take; some take a multiple of it.")
    var timeout = 60.0

    @Option(help: "Sessions that the tests for leaks run.")
    var sessions = 10_000

    @Option(help: "Tests at once; as many as there are cores by default.")
    var jobs: Int?

    @Flag(help: "Print as JSON.")
    var json = false

    @Flag(help: "Print the tests and what they find, and run none.")
    var list = false

    func validate() throws {
        guard list || file != nil else { throw ValidationError("name the library to check") }
        guard timeout > 0, timeout <= 86_400 else { throw ValidationError("--timeout takes seconds, 0 to 86400") }
        guard (1...10_000_000).contains(sessions) else { throw ValidationError("--sessions takes 1 to 10000000") }
        guard jobs.map({ (1...1024).contains($0) }) ?? true else { throw ValidationError("--jobs takes 1 to 1024") }
        if let parameters, Self.read(parameters) == nil {
            throw ValidationError("--with takes a JSON object, or 'key: value' pairs with commas between")
        }
    }

    func run() throws {
        guard !list, let file else {
            let width = CheckTest.all.map(\.id.count).max() ?? 0
            for test in CheckTest.all {
                print("\(test.id.padding(toLength: width, withPad: " ", startingAt: 0))  \(test.finds)")
            }
            return
        }
        var runner = CheckRunner(
            file: URL(fileURLWithPath: file).path, program: Installation.host.binary,
            arguments: ["plugin", PluginCheckProcessCommand.name], environment: Installation.environment)
        runner.only = only
        runner.seed = seed
        runner.with = parameters.flatMap(Self.read)
        runner.timeout = timeout
        runner.sessions = sessions
        if let jobs { runner.jobs = jobs }
        let isQuiet = json
        let report: CheckReport
        do {
            report = try runner.run { result in
                guard !isQuiet else { return }
                Self.say(result.lines)
            }
        } catch let fault as CheckFault {
            throw CommandFailure(.usage, fault.description)
        }
        if json {
            FileHandle.standardOutput.write(Data((report.json.indentedText() + "\n").utf8))
        } else {
            for kind in report.unknownKinds {
                Self.say(["not checked: plugins of the kind \"\(kind)\", which this evalh does not know"])
            }
            let counts = CheckStatus.allCases.map { "\(report.count($0)) \($0.rawValue)" }.joined(separator: ", ")
            Self.say(["\(report.results.count) tests of \(report.plugins.count) plugins: \(counts)"])
        }
        if !report.isGood { throw CommandFailure(.pluginFault) }
    }

    /// At once: a check takes its time, and its results are read as they come.
    private static func say(_ lines: [String]) {
        let text = lines.map { SafeText.terminal($0) + "\n" }.joined()
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// JSON, or `key: value` pairs whose values are JSON or plain words.
    static func read(_ text: String) -> JSONValue? {
        if let value = try? JSONValue(parsing: text) { return value.members == nil ? nil : value }
        var members: [JSONValue.Member] = []
        for pair in text.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
            let parts = pair.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            members.append(.init(parts[0], (try? JSONValue(parsing: parts[1])) ?? .string(parts[1])))
        }
        return members.isEmpty ? nil : .object(members)
    }
}

/// The process of one test; started by `plugin check` alone.
struct PluginCheckProcessCommand: ParsableCommand {
    static let name = "check-process"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var order: String

    func run() throws {
        do { try CheckProcess.carryOut(orderAt: order) } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }
}
