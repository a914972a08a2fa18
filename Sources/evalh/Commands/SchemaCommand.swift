internal import ArgumentParser
internal import Reporting
internal import SuiteModel

struct SchemaCommand: ParsableCommand {
    enum Subject: String, ExpressibleByArgument, CaseIterable {
        case suite, summary
    }

    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "The JSON Schema of suites or of summary.json.",
        discussion: """
            EXAMPLES
              evalh schema suite > suite.schema.json     for an editor: # yaml-language-server: \
            $schema=suite.schema.json
              evalh schema suite --markdown              the same as a page to read
            """)

    @Argument(help: "suite or summary.")
    var subject: Subject

    @Flag(help: "A page to read in place of the schema (suite only).")
    var markdown = false

    func run() throws {
        switch subject {
        case .suite: print(markdown ? SuiteSchema.markdown : SuiteSchema.json)
        case .summary: print(SummarySchema.json)
        }
    }
}
