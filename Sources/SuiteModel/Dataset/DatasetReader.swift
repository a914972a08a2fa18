internal import Completions
internal import Hashing
internal import JSON

/// Gives the items of a data set one by one, in the run's order. To be used by one thread.
package final class DatasetReader {
    private let spec: DatasetSpec
    private let rows: any RowSource
    private let name: String
    private let limits: DatasetLimits
    private var seen: [UInt64: Int] = [:]
    private var delivered = 0
    private var skipped = 0
    private var isOver = false
    private var ids = SHA256()
    private var hasRows = false

    /// Opens the file (fetching it first where it comes from an address) and checks its SHA-256 if the suite names one.
    /// - Throws: `DatasetFailure` with the reason and its place.
    package init(_ spec: DatasetSpec, cache: DatasetCache, limits: DatasetLimits = DatasetLimits())
        throws(DatasetFailure)
    {
        self.spec = spec
        self.limits = limits
        do throws(Diagnostic) {
            let path = try cache.file(for: spec, limit: limits.downloadBytes)
            name = path
        } catch {
            throw DatasetFailure(diagnostics: [error])
        }
        do throws(RowFailure) {
            switch spec.format {
            case .json:
                rows = try ListedRows(path: name, name: name, list: spec.list, shuffle: spec.shuffle, limits: limits)
            case .jsonl, .csv:
                rows = try StreamedRows(
                    path: name, name: name, format: spec.format, shuffle: spec.shuffle, limits: limits)
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// The next item; `nil` at the end. After a failure the next call goes on with the next row, where that is
    /// possible.
    package func next() throws(DatasetFailure) -> DatasetItem? {
        guard !isOver, spec.limit.map({ delivered < $0 }) ?? true else { return nil }
        let row: Row?
        do throws(RowFailure) {
            while skipped < spec.skip, try rows.next() != nil { skipped += 1 }
            row = try rows.next()
        } catch {
            hasRows = true
            if !error.canGoOn { isOver = true }
            throw Self.failure(error)
        }
        guard let row else {
            isOver = true
            if !hasRows { throw DatasetFailure(diagnostics: [Diagnostic(at: .file(name), "the data set has no rows")]) }
            return nil
        }
        hasRows = true
        return try item(row)
    }

    /// All items. Goes on after mistakes and throws them together at the end, 20 at most; `body` is not called after
    /// the first.
    package func forEach(_ body: (DatasetItem) throws -> Void) throws {
        var failure = DatasetFailure(diagnostics: [])
        while true {
            let item: DatasetItem?
            do throws(DatasetFailure) {
                item = try next()
            } catch {
                let room = max(0, limits.shownMistakes - failure.diagnostics.count)
                failure.diagnostics += error.diagnostics.prefix(room)
                failure.suppressed += error.diagnostics.count - min(room, error.diagnostics.count)
                if room > 0 { failure.sources += error.sources }
                continue
            }
            guard let item else { break }
            if failure.diagnostics.isEmpty { try body(item) }
        }
        if !failure.diagnostics.isEmpty { throw failure }
    }

    /// What was delivered so far, with the file's digest; reads the rest of the file.
    package func digest() throws(DatasetFailure) -> DatasetDigest {
        do throws(Diagnostic) {
            return DatasetDigest(items: ids.finalize().hex, file: try rows.fileDigest(), count: delivered)
        } catch {
            throw DatasetFailure(diagnostics: [error])
        }
    }

    static func failure(_ error: RowFailure) -> DatasetFailure {
        let source = SourceText(name: error.diagnostic.file, bytes: error.line, firstLine: error.diagnostic.line)
        return DatasetFailure(diagnostics: [error.diagnostic], sources: error.line.isEmpty ? [] : [source])
    }

    private func item(_ row: Row) throws(DatasetFailure) -> DatasetItem {
        let place = SourceSpan(file: name, line: row.line, column: 1)
        guard let members = row.value.members else {
            throw DatasetFailure(diagnostics: [
                Diagnostic(at: place, "a row must be an object with named fields", hidesSource: true)
            ])
        }
        var mistakes: [Diagnostic] = []
        func text(_ field: String, _ key: String) -> String {
            switch row.value.value(at: field) {
            case nil:
                let names = members.map(\.key)
                let nearest = NearestName.find(field, in: names).map { "did you mean `\($0)`? " } ?? ""
                let shown = names.prefix(24).joined(separator: ", ")
                mistakes.append(
                    Diagnostic(
                        at: place, "this row lacks the field `\(field)`",
                        hint: "\(nearest)The row has: \(shown). Set it: `dataset: {fields: {\(key): …}}`",
                        hidesSource: true))
                return ""
            case .null:
                mistakes.append(Diagnostic(at: place, "the field `\(field)` of this row is null", hidesSource: true))
            case let value?: return value.plainText
            }
            return ""
        }
        let input = text(spec.inputField, "input")
        let hasTarget = spec.needsTarget || (row.value.value(at: spec.targetField) ?? .null) != .null
        let target = hasTarget ? text(spec.targetField, "target") : ""
        let label = spec.idField.map { text($0, "id") }
        guard mistakes.isEmpty else { throw DatasetFailure(diagnostics: mistakes) }
        let canonical = row.value.canonicalBytes
        let hash = SHA256.hash(canonical).bytes.prefix(8)
        let key = hash.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let copies = seen[key, default: 0] + 1
        seen[key] = copies
        var id = Hexadecimal.text(of: hash)
        if let label { id = Self.label(label) + ":" + id }
        if copies > 1 { id += "-\(copies)" }
        ids.update((id + "\n").utf8)
        defer { delivered += 1 }
        return DatasetItem(
            ordinal: delivered, id: id, input: input, target: target,
            fieldsJSON: String(decoding: canonical, as: UTF8.self),
            fields: row.value, line: row.line)
    }

    /// At most 64 harmless characters of an id field.
    private static func label(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(64).map { scalar in
                scalar.value > 0x20 && scalar.value < 0x7F && scalar != ":" ? Character(scalar) : "_"
            })
    }
}
