internal import Foundation
internal import Sandbox
internal import Synchronization

/// Verdicts by what was run, and where: a program that many samples share runs once. Kept in a run's folder, a line
/// each, so that a resumed run knows them; a line that was cut off is no verdict.
final class VerdictStore: Sendable {
    static let fileName = "verdicts.jsonl"

    private struct Line: Codable {
        var key: String
        var verdict: CodeVerdict
    }

    private struct State {
        var verdicts: [String: CodeVerdict] = [:]
        var file: FileHandle?
    }

    private let state = Mutex(State())

    subscript(key: String) -> CodeVerdict? { state.withLock { $0.verdicts[key] } }

    /// Verdicts are kept in the folder's file from now on. One that cannot be written only costs its run again.
    func keep(in folder: String) {
        let path = folder + "/" + Self.fileName
        state.withLock { state in
            let decoder = JSONDecoder()
            let old = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
            for text in old.split(separator: UInt8(ascii: "\n")) {
                guard let line = try? decoder.decode(Line.self, from: text) else { continue }
                state.verdicts[line.key] = line.verdict
            }
            if old.isEmpty { _ = FileManager.default.createFile(atPath: path, contents: nil) }
            state.file = FileHandle(forWritingAtPath: path)
            _ = try? state.file?.seekToEnd()
            // Behind a line that was cut off a new one begins.
            if let last = old.last, last != UInt8(ascii: "\n") { try? state.file?.write(contentsOf: Data("\n".utf8)) }
        }
    }

    func add(_ verdict: CodeVerdict, for key: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = (try? encoder.encode(Line(key: key, verdict: verdict))) ?? Data()
        state.withLock { state in
            state.verdicts[key] = verdict
            try? state.file?.write(contentsOf: line + Data("\n".utf8))
        }
    }
}
