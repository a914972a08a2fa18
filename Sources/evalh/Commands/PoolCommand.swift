internal import ArgumentParser
internal import Foundation
internal import Pools
internal import Runs
internal import SuiteModel

struct PoolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool", abstract: "Pools of recorded samples, to replay strategies on.",
        subcommands: [PoolImportCommand.self, PoolStatsCommand.self])
}

struct PoolImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a pool of recorded samples.",
        discussion: """
            Reads JSON lists, JSON Lines and CSV. A row is one of
              samples   a question with a list of samples: texts, parsed answers, or objects with text, answer, \
            tokens, finish, score
              models    a question with one answer of each of several models: an object for each, or columns \
            NAME_response (and NAME, its score)
              rows      one sample; rows of the same question belong together
            The shape and the fields' names are found where they are usual; else name them. Samples of several files \
            are joined by question.

            A run's folder becomes a pool of what its models answered to its prompts, at the temperature that most \
            were drawn at or at --temperature.

            EXAMPLES
              evalh pool import samples.jsonl --out pools/mine.pool
              evalh pool import reports/gsm/latest --out pools/gsm.pool
              evalh pool import date_np.json --out pools/date.pool --origin "lz1oceani/verify_cot @ b458aa02, CC-BY-4.0"
              evalh pool import small=a.jsonl large=b.jsonl --out pools/two.pool --temperature 0.8
              evalh pool import log.json --samples drafts --input task --target gold --out pools/log.pool
            """)

    @Argument(
        help: ArgumentHelp(
            "Files, or a run's folder; each file with the model's name before it if the rows do not say it.",
            valueName: "[model=]file"))
    var files: [String]

    @Option(help: "The pool's file.")
    var out: String

    @Option(help: ArgumentHelp("How rows are built; by the first row if absent.", valueName: "samples|models|rows"))
    var shape: String?

    @Option(help: "Where the samples are from: repository, commit, licence.")
    var origin = ""

    @Option(help: "The temperature all samples were drawn at: then requests at another one do not match.")
    var temperature: Double?

    @Option(help: "Field of the question.") var input: String?
    @Option(help: "Field of the expected answer.") var target: String?
    @Option(help: "Field of a label of the question.") var id: String?
    @Option(help: "Field of the list of samples.") var samples: String?
    @Option(help: "Field of the list of parsed answers.") var answers: String?
    @Option(help: "Field of the list of scores.") var scores: String?
    @Option(help: "Within a sample: field of its text.") var text: String?
    @Option(help: "Within a sample: field of its parsed answer.") var answer: String?
    @Option(help: "Within a sample: field of its score.") var score: String?
    @Option(help: "Within a sample: field of its number of tokens.") var tokens: String?
    @Option(help: "Within a sample: field of its seconds.") var seconds: String?
    @Option(help: ArgumentHelp("A parsed answer that means that none was found; may be repeated.", valueName: "text"))
    var noAnswer: [String] = []

    @Option(
        help: ArgumentHelp(
            "Fields that prompts and strategies may use beside the question, joined by commas.", valueName: "a,b"))
    var keep: String?

    @Flag(help: "Print what was imported as JSON.")
    var json = false

    func validate() throws {
        if let shape, RowShape(rawValue: shape) == nil {
            throw ValidationError("--shape takes samples, models or rows")
        }
    }

    func run() throws {
        let list = files.map { file -> (model: String?, path: String) in
            // A file whose own name has an equals sign is a file.
            guard !FileManager.default.fileExists(atPath: file), let place = file.firstIndex(of: "=") else {
                return (nil, file)
            }
            return (String(file[..<place]), String(file[file.index(after: place)...]))
        }
        for (_, path) in list where !FileManager.default.fileExists(atPath: path) {
            throw CommandFailure(.usage, "there is no file \(path)")
        }
        if let run = list.first, list.count == 1, isFolder(run.path) {
            return try PoolStatsCommand.show(
                try RunPool.write(run.path, to: out, temperature: temperature, Installation.host), json: json)
        }
        var names = FieldNames()
        func put(_ field: WritableKeyPath<FieldNames, [String]>, _ name: String?) {
            if let name { names[keyPath: field] = [name] }
        }
        put(\.input, input)
        put(\.target, target)
        put(\.id, id)
        put(\.samples, samples)
        put(\.answers, answers)
        put(\.scores, scores)
        put(\.text, text)
        put(\.answer, answer)
        put(\.score, score)
        put(\.tokens, tokens)
        put(\.seconds, seconds)
        names.noAnswer = noAnswer
        let name = URL(fileURLWithPath: out).deletingPathExtension().lastPathComponent
        let request = PoolImport(
            files: list, shape: shape.flatMap(RowShape.init), names: names, name: name, origin: origin,
            temperature: temperature,
            keep: keep?.split(separator: ",").map(String.init) ?? [], tool: "evalh \(Evalh.version)",
            importedAt: Date().ISO8601Format())
        do {
            let folder = URL(fileURLWithPath: out).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try PoolStatsCommand.show(try request.write(to: out), json: json)
        } catch let failure as DatasetFailure {
            Terminal.standard.write(failure.rendered + "\n")
            throw CommandFailure(.usage, "nothing was imported")
        } catch let error as PoolError {
            throw CommandFailure(.usage, "\(error)\nnothing was imported")
        }
    }
}

private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

struct PoolStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "What a pool holds, and where it is from.",
        discussion: """
            EXAMPLES
              evalh pool stats pools/date.pool
              evalh pool stats pools/date.pool --verify
            """)

    @Argument(help: ArgumentHelp("The pool's file.", valueName: "pool"))
    var path: String

    @Flag(help: "Compute the checksum anew.")
    var verify = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        do {
            let pool = try PoolFile(path: path)
            try Self.show(pool, json: json)
            guard verify else { return }
            guard try pool.isIntact() else {
                throw CommandFailure(.usage, "\(path): its content is not what was imported")
            }
            Terminal.standard.verdict("pass", "the content is what was imported")
        } catch let error as PoolError {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    private struct Stats: Encodable {
        var path: String
        var items: Int
        var samples: Int
        var models: [String]
        var sha256: String
        var provenance: PoolProvenance
    }

    static func show(_ pool: PoolFile, json: Bool) throws {
        let from = pool.provenance
        if json {
            return try JSONOutput.print(
                Stats(
                    path: pool.path, items: pool.itemCount, samples: pool.sampleCount, models: pool.models,
                    sha256: pool.digest,
                    provenance: from))
        }
        let terminal = Terminal.standard
        terminal.line(
            "\(pool.path): \(pool.itemCount) questions, \(pool.sampleCount) samples of "
                + "\(pool.models.joined(separator: ", "))"
        )
        terminal.line("sha256   \(pool.digest)")
        if !from.origin.isEmpty { terminal.line("origin   \(from.origin)") }
        for source in from.sources {
            terminal.line("from     \(source.name) (sha256 \(source.sha256.prefix(16))…), rows as \(from.shape)")
        }
        if let temperature = from.temperature { terminal.line("drawn at temperature \(temperature)") }
        terminal.line("imported \(from.importedAt) by \(from.tool)")
    }
}
