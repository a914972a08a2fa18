package import JSON

/// Reads the rows of a JSON, JSON Lines or CSV file one by one, whatever they hold.
package final class RowReader {
    private let rows: any RowSource

    /// - Throws: `DatasetFailure` with the reason and its place.
    package init(path: String, limits: DatasetLimits = DatasetLimits()) throws(DatasetFailure) {
        do throws(RowFailure) {
            let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
            switch DatasetSpec.Format(rawValue: ending) ?? .jsonl {
            case .json: rows = try ListedRows(path: path, name: path, list: nil, shuffle: nil, limits: limits)
            case .csv: rows = try StreamedRows(path: path, name: path, format: .csv, shuffle: nil, limits: limits)
            case .jsonl: rows = try StreamedRows(path: path, name: path, format: .jsonl, shuffle: nil, limits: limits)
            }
        } catch {
            throw DatasetReader.failure(error)
        }
    }

    /// The next row with its line; `nil` at the end.
    package func next() throws(DatasetFailure) -> (value: JSONValue, line: Int)? {
        do throws(RowFailure) {
            return try rows.next().map { ($0.value, $0.line) }
        } catch {
            throw DatasetReader.failure(error)
        }
    }

    /// SHA-256 of the file; reads what was not read yet.
    package func digest() throws(DatasetFailure) -> String {
        do throws(Diagnostic) {
            return try rows.fileDigest()
        } catch {
            throw DatasetFailure(diagnostics: [error])
        }
    }
}
