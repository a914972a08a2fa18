internal import Completions
internal import Foundation
internal import JSON
internal import SuiteModel

/// What is to be imported, and as what.
package struct PoolImport: Sendable {
    /// Files with the name of the model that all their samples are of; `nil`: as the rows say, else "main".
    package var files: [(model: String?, path: String)]
    /// `nil`: as the first row looks.
    package var shape: RowShape?
    package var names: FieldNames
    package var name: String
    package var origin: String
    package var temperature: Double?
    /// Fields of rows that strategies and prompts may see beside the question.
    package var keep: [String]
    package var tool: String
    package var importedAt: String

    package init(
        files: [(model: String?, path: String)], shape: RowShape? = nil, names: FieldNames = FieldNames(), name: String,
        origin: String = "",
        temperature: Double? = nil, keep: [String] = [], tool: String, importedAt: String
    ) {
        self.files = files
        self.shape = shape
        self.names = names
        self.name = name
        self.origin = origin
        self.temperature = temperature
        self.keep = keep
        self.tool = tool
        self.importedAt = importedAt
    }

    /// Reads all files and writes the pool.
    /// - Throws: `DatasetFailure` or `PoolError` with the row's place.
    package func write(to path: String) throws -> PoolFile {
        var collector = PoolCollector()
        var sources: [PoolSource] = []
        var shapes: Set<RowShape> = []
        for file in files {
            let reader = try RowReader(path: file.path)
            while let (row, line) = try reader.next() {
                do throws(PoolRowError) {
                    shapes.insert(try collect(row, file.model, &collector))
                } catch {
                    throw PoolError(path: "\(file.path):\(line)", message: error.message)
                }
            }
            sources.append(PoolSource(name: (file.path as NSString).lastPathComponent, sha256: try reader.digest()))
        }
        guard !collector.questions.isEmpty else {
            throw PoolError(path: files.map(\.path).joined(separator: ", "), message: "no rows")
        }
        let provenance = PoolProvenance(
            name: name, origin: origin, shape: shapes.map(\.rawValue).sorted().joined(separator: "+"), sources: sources,
            importedAt: importedAt, tool: tool, temperature: temperature)
        var next = 0
        return try PoolFile.write(provenance, to: path) {
            guard next < collector.questions.count else { return nil }
            defer { next += 1 }
            return collector.record(next)
        }
    }

    private func collect(_ row: JSONValue, _ model: String?, _ collector: inout PoolCollector) throws(PoolRowError)
        -> RowShape
    {
        guard row.members != nil else { throw PoolRowError("a row must be an object with named fields") }
        guard let shape = shape ?? RowShape.of(row, names) else {
            let fields = (row.members ?? []).map(\.key).prefix(20).joined(separator: ", ")
            throw PoolRowError(
                "no list of samples is found in this row; it has: \(fields)\nsay where they are: --samples FIELD, "
                    + "--shape, --input FIELD …"
            )
        }
        let reader = SampleReader(names)
        let question = try question(of: row)
        switch shape {
        case .samples:
            guard let samples = try reader.samples(in: row) else {
                throw PoolRowError("this row has no list of samples")
            }
            collector.add(samples, of: model ?? "main", to: question)
        case .models:
            for name in ModelColumns.names(in: row, names) {
                guard let sample = ModelColumns.sample(of: name, in: row, names) else { continue }
                collector.add([sample], of: name, to: question)
            }
        case .rows: collector.add([reader.sample(row)], of: model ?? row["model"]?.string ?? "main", to: question)
        }
        return shape
    }

    private func question(of row: JSONValue) throws(PoolRowError) -> PoolCollector.Question {
        let label = RowFields.text(names.id, in: row)
        // A row that is a sample has the sample's text beside the question.
        let input = RowFields.text(names.input, in: row) ?? label.map { "item \($0)" }
        guard let input else {
            throw PoolRowError("no question is found in this row; say which field it is: --input FIELD")
        }
        let target = names.target.first { name in
            switch row[name] {
            case .string, .number, .bool: true
            default: false
            }
        }
        // Only what was asked for: other fields may tell what is right.
        var fields: [JSONValue.Member] = [JSONValue.Member("input", .string(input))]
        for name in keep where name != "input" {
            guard let value = row[name] else {
                throw PoolRowError("this row lacks the field `\(name)` that is to be kept")
            }
            fields.append(JSONValue.Member(name, value))
        }
        return PoolCollector.Question(
            label: label, input: input, target: target.flatMap { row[$0]?.plainText } ?? "",
            fieldsJSON: JSONValue.object(fields).canonicalText)
    }
}

/// Gathers samples by question.
struct PoolCollector {
    struct Question {
        var label: String?
        var input: String
        var target: String
        var fieldsJSON: String
    }

    private struct Identity: Hashable {
        var label: String?
        var input: String
    }

    private(set) var questions: [Question] = []
    private var samples: [[(model: String, samples: [PoolSample])]] = []
    private var places: [Identity: Int] = [:]

    mutating func add(_ new: [PoolSample], of model: String, to question: Question) {
        let identity = Identity(label: question.label, input: question.input)
        let place = places[identity] ?? questions.count
        if place == questions.count {
            places[identity] = place
            questions.append(question)
            samples.append([])
        }
        if let group = samples[place].firstIndex(where: { $0.model == model }) {
            samples[place][group].samples += new
        } else {
            samples[place].append((model, new))
        }
    }

    /// Ids are by content, so that the same question is the same item in every pool.
    func record(_ place: Int) -> (PoolItem, [(model: String, samples: [PoolSample])]) {
        let question = questions[place]
        var bytes = CanonicalBytes()
        bytes.append(question.label ?? "")
        bytes.append(question.input)
        let hash = RequestKey(bytes: Array(bytes.sha256)).short
        let label = question.label.map { label in
            String(
                label.unicodeScalars.prefix(64).map {
                    $0.value > 0x20 && $0.value < 0x7F && $0 != ":" ? Character($0) : "_"
                }) + ":"
        }
        return (
            PoolItem(
                ordinal: place, id: (label ?? "") + hash, input: question.input, target: question.target,
                fieldsJSON: question.fieldsJSON),
            samples[place]
        )
    }
}
