import Glibc

/// The log and the count file. Writes are gathered and made a few milliseconds later, so that logging does not
/// slow what is measured; `flush` makes them at once.
final class RecordFiles {
    private let log: Int32?
    private let countPath: String?
    private var pending: [UInt8] = []
    private var dirty = false

    init(logPath: String?, countPath: String?) throws {
        self.countPath = countPath
        log = try logPath.map { path in
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw Options.Mistake(text: "--log: cannot open \(path)") }
            return descriptor
        }
    }

    var isUsed: Bool { log != nil || countPath != nil }

    func append(_ record: RequestRecord, milliseconds: Double) {
        dirty = true
        if log != nil { pending.append(contentsOf: record.line(milliseconds: milliseconds).utf8) }
    }

    func markDirty() {
        dirty = true
    }

    func flush(counts: @autoclosure () -> String) {
        guard dirty else { return }
        dirty = false
        if let log { Self.write(pending, to: log) }
        pending.removeAll(keepingCapacity: true)
        if let countPath { Self.replace(countPath, with: counts() + "\n") }
    }

    /// By renaming, so that a reader never meets half a file.
    private static func replace(_ path: String, with text: String) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        write(Array(text.utf8), to: descriptor)
        close(descriptor)
        rename(temporary, path)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}
