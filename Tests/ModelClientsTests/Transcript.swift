import Foundation

@testable import ModelClients

/// Recorded answers of a real server. They live beside the repository (`EVALH_SHARED`, default `../shared`), so tests
/// on them are skipped where they are not.
enum Transcript {
    static let folder: URL = {
        let shared =
            ProcessInfo.processInfo.environment["EVALH_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared")
        return shared.standardizedFileURL.appendingPathComponent("wire")
    }()

    static var areAvailable: Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("INDEX.md").path)
    }
    static let comment = "recorded transcripts are not here: set EVALH_SHARED"

    static func body(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).body")))
    }

    /// The status in the recorded head.
    static func status(_ name: String) throws -> Int {
        let head = String(
            decoding: try Data(contentsOf: folder.appendingPathComponent("\(name).resp")).prefix(15), as: UTF8.self)
        return Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    /// Every transcript that is a stream.
    static func streams() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".body") }.sorted()
            .map { String($0.dropLast(5)) }
            .filter { try String(decoding: body($0).prefix(6), as: UTF8.self).hasPrefix("data:") || $0 == "sse_ping" }
    }
}
