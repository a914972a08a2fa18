internal import Foundation
internal import Glibc
internal import JSON

/// What the child says of a library, and what the parent makes of it. The child runs foreign code, so its answer is
/// foreign, too.
package enum LibraryAnswer {
    private struct Wire: Codable {
        var description: LibraryDescription?
        var error: PluginLoadError?
    }

    /// Where the answer goes, out of the way of what libraries write to standard output.
    private static let descriptor: Int32 = 100
    private static let fileBytes = 1 << 20

    /// The child's part: opens the library, answers on what was standard output, and ends the process.
    package static func give(of file: String) -> Never {
        let answer = fcntl(1, F_DUPFD_CLOEXEC, descriptor)
        // What the library prints goes where it harms nobody.
        dup2(2, 1)
        var bounds = rlimit(rlim_cur: rlim_t(fileBytes), rlim_max: rlim_t(fileBytes))
        setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &bounds)
        var wire = Wire()
        do throws(PluginLoadError) {
            wire.description = try LibraryLook.inProcess.describe(file)
        } catch {
            wire.error = error
        }
        var bytes = (try? JSONEncoder().encode(wire)) ?? Data()
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(answer, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { break }
            bytes = bytes.dropFirst(max(0, count))
        }
        // Not `exit`: the library may have left something to be done at the end.
        _exit(0)
    }

    /// The parent's part: the description, or why there is none.
    static func read(
        _ outcome: LookingProcess.Outcome, of file: String, _ limits: LookLimits
    ) throws(PluginLoadError) -> LibraryDescription {
        func failure(_ message: String) -> PluginLoadError {
            let words = lastLine(outcome.words)
            return PluginLoadError(
                .crashed, file: file,
                message + (words.isEmpty ? "" : "; it wrote: \(words)")
                    + "; the file is left out (`evalh plugin list --again` looks anew, `evalh plugin check \(file)` "
                    + "tries it out)")
        }
        switch outcome.end {
        case .outOfTime:
            throw failure("did not say what it offers within \(Int(limits.seconds)) s")
        case .saidTooMuch:
            throw failure("says more of itself than \(limits.answerBytes >> 20) MiB")
        case .signal(SIGKILL):
            throw failure(
                "was ended (signal 9) while it was asked what it offers: it used more than \(limits.cpuSeconds) s of "
                    + "processor time, or too much memory")
        case .signal(let number):
            throw failure("crashed while it was asked what it offers (signal \(number), \(name(ofSignal: number)))")
        case .notStarted(let error):
            throw PluginLoadError(
                .unreadable, file: file,
                "cannot be looked into: no process for it: \(String(cString: strerror(error)))")
        case .exited(let status):
            guard let wire = try? JSONDecoder().decode(Wire.self, from: outcome.answer) else {
                throw failure(
                    outcome.answer.isEmpty
                        ? "ended the process (exit status \(status)) when it was asked what it offers"
                        : "gave no sense when it was asked what it offers (exit status \(status))")
            }
            if var error = wire.error {
                error.file = file
                error.message = String(error.message.prefix(8192))
                throw error
            }
            guard let description = wire.description, isSound(description) else {
                throw failure("gave no sense when it was asked what it offers")
            }
            return LibraryDescription(
                plugins: description.plugins.map { info in
                    var info = info
                    info.file = file
                    info.sha256 = nil
                    return info
                }, unknownKinds: description.unknownKinds)
        }
    }

    /// Whether it is what a reader of descriptors can have given.
    private static func isSound(_ description: LibraryDescription) -> Bool {
        let names = Set(description.plugins.map { "\($0.kind.rawValue) \($0.id)" })
        return !description.plugins.isEmpty && names.count == description.plugins.count
            && description.plugins.count <= 1024 && description.unknownKinds.count <= 1024
            && description.plugins.allSatisfy { info in
                PluginID.isValid(info.id) && PluginID.isVersion(info.version)
                    && info.outputs.allSatisfy(PluginID.isOutput)
                    && info.parametersSchema.map { (try? JSONValue(parsing: $0))?.members != nil } != false
            }
    }

    private static func lastLine(_ words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        return String((lines.last { !$0.isEmpty } ?? "").prefix(300))
    }

    private static func name(ofSignal number: Int32) -> String { strsignal(number).map { String(cString: $0) } ?? "?" }
}
