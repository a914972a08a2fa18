internal import ArgumentParser
internal import Foundation
internal import Runs

@main
struct Evalh: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "evalh",
        abstract: "The harness for test-time compute: which strategy pays, at what cost, with which certainty.",
        discussion: """
            EXAMPLES
              evalh run suites/gsm.yaml                 run a suite and write its report
              evalh plan suites/gsm8k.yaml              what it would ask and cost; no network
              evalh validate suites/*.yaml              every mistake at once
              evalh resume reports/gsm/latest           go on after an interruption
              evalh replay pools/x.pool suites/s.yaml   other strategies on recorded samples; no model
              evalh plugin info adaptive-consistency    what a strategy does and needs

            EXIT CODES
              0 all gates pass            4 incomplete, can be resumed
              1 a gate failed             5 budget reached
              2 usage or suite error      6 provider or quota failure
              3 inconclusive              7 plugin fault          130 interrupted (resumable)
            """,
        version: version,
        subcommands: [
            RunCommand.self, ResumeCommand.self, ReplayCommand.self, PlanCommand.self, ValidateCommand.self,
            ReportCommand.self,
            ScoreCommand.self, CompareCommand.self, GateCommand.self,
            PluginCommand.self, LockCommand.self, PoolCommand.self, ModelsCommand.self, ServicesCommand.self,
            ViewCommand.self, SchemaCommand.self, DoctorCommand.self, InternalCommand.self,
        ])

    static func main() { Supervisor.enter { Evalh.work() } }

    fileprivate static func work() {
        do {
            var command = try parseAsRoot()
            try command.run()
            Leave.with(.pass)
        } catch let failure as CommandFailure {
            Terminal.standard.error(failure.message)
            Leave.with(failure.code)
        } catch {
            // Wrong usage is 2, as the contract says, whatever the parser's own code is; asking for help is not an
            // error.
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code == .success {
                print(text)
                Leave.with(.pass)
            }
            FileHandle.standardError.write(Data((text + "\n").utf8))
            Leave.with(.usage)
        }
    }
}
