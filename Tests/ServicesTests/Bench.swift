import Completions
import Foundation
import JSON
import ModelClients
import Synchronization

@testable import Services

/// A folder for one test, with programs in it.
final class Bench {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-services-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }

    func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

    /// A Python program of this text as a service's.
    func python(
        _ source: String, timeout: Double = 60, output: Int = 1 << 20, connections: Int = 1,
        environment: [String: String] = [:], secrets: [String: Secret] = [:]
    ) throws -> ProgramSettings {
        try write(source, to: "program.py")
        return ProgramSettings(
            name: "served", command: ["python3", "program.py"], folder: folder, environment: environment,
            secrets: secrets, timeout: timeout, startTimeout: timeout, outputBytes: output, connections: connections)
    }
}

extension HostService {
    /// Calls and waits.
    func ask(_ payload: JSONValue, seed: UInt64 = 0, _ stop: CallStop = CallStop()) throws -> ServiceResult {
        try PendingAnswer(self, payload, seed: seed).wait(stop).get()
    }

    func ask(_ payload: String, seed: UInt64 = 0) throws -> ServiceResult {
        try ask(JSONValue(parsing: payload), seed: seed)
    }

    /// The failure of a call.
    func failure(_ payload: String) throws -> ModelFailure? {
        do {
            _ = try ask(payload)
            return nil
        } catch let failure as ModelFailure {
            return failure
        }
    }
}

/// Waits until something is so, some seconds at most.
func eventually(_ isSo: () -> Bool) async throws -> Bool {
    for _ in 0..<2000 {
        if isSo() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return isSo()
}

/// What was told, in order.
final class Told: Sendable {
    private let inside = Mutex<[String]>([])

    var lines: [String] { inside.withLock { $0 } }

    func add(_ line: String) { inside.withLock { $0.append(line) } }
}

/// The value of a JSON text.
func json(_ text: String) -> JSONValue {
    do { return try JSONValue(parsing: text) } catch { preconditionFailure("\(text): \(error)") }
}
