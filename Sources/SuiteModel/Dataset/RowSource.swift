internal import Foundation
internal import JSON

/// A row as it came from its file.
struct Row {
    var value: JSONValue
    var line: Int
}

/// A row that cannot be used, with the text of its line.
struct RowFailure: Error {
    var diagnostic: Diagnostic
    /// Whether rows behind it can still be read.
    var canGoOn: Bool
    var line: [UInt8]
}

/// Rows of a data set, one after another. With a shuffle, a first pass notes where the rows are, so that no row is read
/// twice and none is kept.
protocol RowSource: AnyObject {
    /// `nil` at the end.
    func next() throws(RowFailure) -> Row?
    /// SHA-256 of the file; reads what was not read yet.
    func fileDigest() throws(Diagnostic) -> String
}

/// JSON Lines and CSV.
final class StreamedRows: RowSource {
    private let file: FileBytes
    private let name: String
    private let format: DatasetSpec.Format
    private let limits: DatasetLimits
    private var splitter: RecordSplitter
    private var header: [String]?
    /// With a shuffle: where the rows are, in the order they are asked for, last first.
    private var shuffled: [Location]?
    private var digest: String?

    private struct Location {
        var offset: Int
        var count: Int
        var line: Int
    }

    init(path: String, name: String, format: DatasetSpec.Format, shuffle: UInt64?, limits: DatasetLimits)
        throws(RowFailure)
    {
        self.name = name
        self.format = format
        self.limits = limits
        do throws(Diagnostic) {
            file = try FileBytes(path: path)
        } catch {
            var failure = error
            failure.file = name
            throw RowFailure(diagnostic: failure, canGoOn: false, line: [])
        }
        splitter = RecordSplitter(hasQuotes: format == .csv, maximumBytes: limits.rowBytes, file: name)
        if format == .csv { try readHeader() }
        if let shuffle {
            var locations: [Location] = []
            while let record = try record() {
                locations.append(Location(offset: record.offset, count: record.bytes.count, line: record.line))
            }
            digest = file.sha256()
            shuffled = SeededShuffle.order(count: locations.count, seed: shuffle).reversed().map { locations[$0] }
        }
    }

    private func record() throws(RowFailure) -> Record? {
        do throws(Diagnostic) {
            while !splitter.isDone {
                if let record = try splitter.next() { return record }
                if splitter.isDone { break }
                splitter.append(try file.next())
            }
            return nil
        } catch {
            throw RowFailure(diagnostic: error, canGoOn: false, line: [])
        }
    }

    private func readHeader() throws(RowFailure) {
        guard let record = try record() else { return }
        let names: [String]
        do throws(CSVRecord.Failure) {
            names = try CSVRecord.fields(record.bytes)
        } catch {
            throw failure(error.message, record, at: error.offset, canGoOn: false)
        }
        var seen: Set<String> = []
        for (index, column) in names.enumerated() {
            let message = column.isEmpty ? "column \(index + 1) has no name" : "two columns are named `\(column)`"
            guard !column.isEmpty, seen.insert(column).inserted else {
                throw failure(message, record, at: 0, canGoOn: false)
            }
        }
        header = names
    }

    func next() throws(RowFailure) -> Row? {
        guard shuffled != nil else { return try record().map { record throws(RowFailure) in try row(record) } }
        guard let location = shuffled?.popLast() else { return nil }
        let bytes: [UInt8]
        do throws(Diagnostic) {
            bytes = try file.read(at: location.offset, count: location.count)
        } catch {
            throw RowFailure(diagnostic: error, canGoOn: false, line: [])
        }
        return try row(Record(bytes: bytes[...], line: location.line, offset: location.offset))
    }

    private func row(_ record: Record) throws(RowFailure) -> Row {
        if let header {
            do throws(CSVRecord.Failure) {
                let fields = try CSVRecord.fields(record.bytes)
                guard fields.count == header.count else {
                    throw CSVRecord.Failure(
                        offset: 0, message: "\(fields.count) fields, but the header has \(header.count)")
                }
                return Row(
                    value: .object(zip(header, fields).map { JSONValue.Member($0, .string($1)) }), line: record.line)
            } catch {
                throw failure(error.message, record, at: error.offset)
            }
        }
        do throws(JSONError) {
            let rules = JSONRules(maximumBytes: limits.rowBytes)
            return Row(value: try JSONValue(parsing: Array(record.bytes), rules), line: record.line)
        } catch {
            throw failure("not JSON: \(error.message)", record, at: error.offset)
        }
    }

    private func failure(_ message: String, _ record: Record, at offset: Int, canGoOn: Bool = true) -> RowFailure {
        let line = Array(record.bytes.prefix(1 << 16))
        var place = SourceText(name: name, bytes: line).span(ofByte: offset)
        place.line += record.line - 1
        place.endLine = place.line
        return RowFailure(diagnostic: Diagnostic(at: place, message), canGoOn: canGoOn, line: line)
    }

    func fileDigest() throws(Diagnostic) -> String {
        if let digest { return digest }
        while try !file.next().isEmpty {}
        let result = file.sha256()
        digest = result
        return result
    }
}
