internal import Foundation
internal import Glibc
internal import SuiteModel

/// Which plugins took evalh with them while a run went on. What crashed three times from the same file is set aside.
package struct CrashHistory: Sendable {
    package static let limit = 3
    private static let maximumBytes = 4 << 20

    private let path: String
    let crashes: [PluginCrash]

    private static func file(_ folder: String) -> String { folder + "/faults.jsonl" }

    init(_ folder: RunFolder) {
        path = Self.file(folder.path)
        // Damaged lines are left out: the file is there to help, not to stand in the way.
        let text =
            (try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: Self.maximumBytes)) ?? nil
        crashes = (text ?? Data()).split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(PluginCrash.self, from: Data($0))
        }
    }

    /// Adds a line and sees it to the disk.
    package static func add(_ crash: PluginCrash, folder: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(crash) else { return }
        let descriptor = open(file(folder), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = [UInt8](line) + [UInt8(ascii: "\n")]
        if write(descriptor, bytes, bytes.count) == bytes.count { fsync(descriptor) }
    }

    /// What a resumed run says of its last time.
    var lines: [String] {
        guard let last = crashes.last else { return [] }
        let count = count(of: last)
        guard last.isOfPresentLibrary else { return ["last time \(last.sentence); its library has changed since"] }
        return ["last time \(last.sentence) (\(count) of \(Self.limit) times until it is set aside)"]
    }

    private func count(of crash: PluginCrash) -> Int {
        crashes.count {
            $0.kind == crash.kind && $0.plugin == crash.plugin && $0.version == crash.version
                && $0.library == crash.library && $0.file == crash.file
        }
    }

    /// Plugins whose file is the one that crashed too often.
    private var setAside: [PluginCrash] {
        crashes.filter { $0.isOfPresentLibrary && count(of: $0) >= Self.limit }
    }

    /// Ends the command if a grader or an allocator is set aside: no session can do without.
    /// - Parameter plugins: ids that the run uses.
    func refuse(_ plugins: some Sequence<String>) throws {
        let used = Set(plugins)
        guard
            let crash = setAside.first(where: { ["grader", "allocator"].contains($0.kind) && used.contains($0.plugin) })
        else { return }
        throw CommandFailure(
            .pluginFault,
            "the \(crash.kind) \(crash.plugin) \(crash.version) is set aside: it took evalh with it "
                + "\(Self.limit) times, and no session can do without it\nlast: \(crash.sentence)\n"
                + "mend it; to try it as it is, remove \(path)")
    }

    /// Why a metric is not asked; `nil`: it may be.
    func reason(against metric: String) -> String? {
        setAside.last { $0.kind == "metric" && $0.plugin == metric }.map(reason)
    }

    /// Arms that a strategy's crashes set aside, with the reason.
    /// - Parameter library: the file of a strategy's library.
    func arms(of suite: Suite, library: (String) -> String?) -> [String: String] {
        var found: [String: String] = [:]
        for arm in suite.arms {
            let crash = setAside.last {
                $0.kind == "strategy"
                    ? $0.plugin == arm.strategy : $0.kind.isEmpty && library(arm.strategy) == $0.library
            }
            if let crash { found[arm.id] = reason(crash) }
        }
        return found
    }

    private func reason(_ crash: PluginCrash) -> String {
        "set aside: it took evalh with it \(count(of: crash)) times, last: \(crash.sentence); to try it as it is, "
            + "remove \(path)"
    }
}
