internal import Foundation
internal import Glibc
package import PluginHost

/// A plugin that took evalh's process with it: crashed, ended it, or did not come back. A line of `faults.jsonl` in the
/// run's folder, written by the parent process, for the journal's writer is gone by then.
package struct PluginCrash: Codable, Hashable, Sendable {
    package enum Manner: String, Codable, Sendable {
        case crashed
        /// It ended the process, by `exit` or another way.
        case ended
        /// It did not return within its limit.
        case hung
    }

    /// What a library's file was like: another size or time of change is another library.
    package struct File: Codable, Hashable, Sendable {
        var size: Int64
        var modifiedNanoseconds: Int64

        enum CodingKeys: String, CodingKey {
            case size
            case modifiedNanoseconds = "mtime_ns"
        }

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            size = Int64(status.st_size)
            modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        }
    }

    /// ISO 8601.
    package var time: String
    package var manner: Manner
    /// The signal's name, the exit code, or the seconds.
    package var how: String
    /// "strategy", …; empty: a library as a whole.
    package var kind: String
    package var plugin: String
    package var version: String
    package var library: String
    package var file: File?
    package var function: String
    /// The last event that it was given; empty: none.
    package var event: String
    package var arm: String
    package var item: String
    /// The function that crashed, "parse+0x1f"; empty: not known.
    package var place: String

    package init(_ call: PluginCall, _ manner: Manner, how: String, place: String = "") {
        time = ISO8601DateFormatter().string(from: Date())
        self.manner = manner
        self.how = how
        kind = call.kind
        plugin = call.plugin
        version = call.version
        library = call.library
        file = File(call.library)
        function = call.function.name
        event = call.event
        arm = call.subject.arm
        item = call.subject.item
        self.place = place
    }

    /// Whether its library is still the one that is there now.
    var isOfPresentLibrary: Bool { file != nil && File(library) == file }
}

extension PluginCrash {
    /// One line: who, where, on what.
    package var sentence: String {
        let name = kind.isEmpty ? library : "\(kind) \(plugin) \(version) (\((library as NSString).lastPathComponent))"
        let deed =
            switch manner {
            case .crashed: "crashed in \(function): \(how)" + (place.isEmpty ? "" : " in \(place)")
            case .ended: "ended the process in \(function): \(how)"
            case .hung: "has not come back from \(function) for \(how)"
            }
        let parts = [
            event.isEmpty ? "" : "at \(event)", item.isEmpty ? "" : "item \(item)", arm.isEmpty ? "" : "arm \(arm)",
        ]
        return Self.line(([name + " " + deed] + parts.filter { !$0.isEmpty }).joined(separator: ", "))
    }

    /// The same with what to do.
    /// - Parameter run: the run's folder as it is shown; `nil`: there is no run.
    package func message(run: String?) -> String {
        guard let run else {
            return "\(sentence); nothing was sent; mend the plugin, or leave it out"
        }
        let goOn = Self.line("evalh resume \(run)")
        guard kind == "strategy", !arm.isEmpty else {
            return "\(sentence); the journal is whole; mend the plugin, then: \(goOn)"
        }
        return "\(sentence); the journal is whole; go on without it: \(goOn) --without \(Self.line(arm)); "
            + "or mend it, then: \(goOn)"
    }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
