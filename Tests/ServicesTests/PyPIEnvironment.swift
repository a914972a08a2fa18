import Foundation

/// Pinned packages from PyPI, in a virtual environment that lies in the user's cache.
enum PyPIEnvironment {
    /// The environment's Python; `nil`: PyPI cannot be reached from here, and tests that need it are skipped.
    static let python: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/tmp"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", root.appendingPathComponent("scripts/service_packages.py").path,
            "\(home)/.cache/evalh-tests/services",
        ]
        let output = Pipe()
        process.standardOutput = output
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text.split(separator: "\n").last.map(String.init) : nil
    }()
}
