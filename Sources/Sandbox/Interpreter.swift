internal import Foundation

/// A command that runs programs, with what of the file system it needs.
package struct Interpreter: Hashable, Sendable {
    /// What is run, its absolute path first; the program's path comes last.
    package let command: [String]
    /// Files and folders that it sees, read-only: the system's libraries and its own.
    package let visible: [String]

    package var path: String { command[0] }

    /// What every system keeps programs and libraries in.
    private static let system = [
        "/bin", "/etc/alternatives", "/etc/ld.so.cache", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr",
    ]

    /// Finds a command's program and what it needs. A Python is asked where its libraries are; of another program the
    /// folder that it lies in is shown.
    /// - Parameter more: other files and folders that it sees, absolute.
    package init(command: [String], more: [String], environment: [String: String]) throws(SandboxRefusal) {
        guard let name = command.first, let found = Self.find(name, environment) else {
            throw SandboxRefusal("there is no program \(command.first ?? "") to run programs with")
        }
        var path = found
        var own: [String]
        if found.split(separator: "/").last?.hasPrefix("python") == true {
            let lines = try Self.ask(found, environment)
            path = lines[0]
            own = Array(lines.dropFirst())
        } else {
            own = [String(found[..<(found.lastIndex(of: "/") ?? found.startIndex)])]
        }
        own = try Self.real(own + more, environment)
        self.command = [Self.real(folderOf: path)] + command.dropFirst()
        visible = Self.outermost(Self.system + own)
    }

    private static func find(_ name: String, _ environment: [String: String]) -> String? {
        let folders =
            name.contains("/") ? [""] : (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { $0 + "/" }
        return folders.map { $0 + name }.first { $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The interpreter's own file, which a wrapper may hide, and the folders of its libraries.
    private static func ask(_ path: String, _ environment: [String: String]) throws(SandboxRefusal) -> [String] {
        let question =
            "import sys, sysconfig; print(sys.executable, sys.base_prefix, sys.base_exec_prefix, sys.prefix, "
            + "sysconfig.get_path('stdlib'), sysconfig.get_path('platstdlib'), sep='\\n')"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-I", "-S", "-c", question]
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { throw SandboxRefusal("\(path) cannot be run: \(error)") }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n").map(String.init)
        guard process.terminationStatus == 0, lines.count == 6, lines.allSatisfy({ $0.hasPrefix("/") }) else {
            throw SandboxRefusal("\(path) does not say where its libraries are: is it a Python 3?")
        }
        return lines
    }

    /// Paths without links in them. One that shows the user's home folder as a whole is refused.
    private static func real(_ paths: [String], _ environment: [String: String]) throws(SandboxRefusal) -> [String] {
        let home = environment["HOME"].map { real($0) }
        var found: [String] = []
        for path in paths {
            let path = real(path)
            guard path.hasPrefix("/") else { throw SandboxRefusal("\(path) is not an absolute path") }
            guard path != "/", home.map({ !($0 + "/").hasPrefix(path + "/") }) ?? true else {
                throw SandboxRefusal(
                    "\(path) would show the user's files to programs of models; use an interpreter that lies elsewhere")
            }
            found.append(path)
        }
        return found
    }

    private static func real(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// The path with links resolved but for its last part: programs look at the name that they are called by.
    private static func real(folderOf path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return path }
        return real(String(path[..<slash])) + path[slash...]
    }

    /// Sorted, without what lies within another.
    private static func outermost(_ paths: [String]) -> [String] {
        var kept: [String] = []
        for path in Set(paths).sorted() where !kept.contains(where: { path.hasPrefix($0 + "/") }) { kept.append(path) }
        return kept
    }
}
