package import Foundation

/// Finds programs the way a shell does, without a shell.
package enum ProgramPath {
    /// The file behind a program's name: with a slash, relative to `folder`; without, the first in `PATH`.
    /// - Throws: `ServerFault` with what to do if there is none that can be run.
    package static func find(_ name: String, from folder: URL) throws(ServerFault) -> String {
        guard !name.isEmpty else { throw ServerFault("the command is empty") }
        if name.contains("/") {
            let path = URL(fileURLWithPath: name, relativeTo: folder.appendingPathComponent("", isDirectory: true))
                .standardizedFileURL.path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw ServerFault("the program '\(path)' is not there or cannot be run")
            }
            return path
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(
            separator: ":")
        for folder in folders {
            let path = "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            if FileManager.default.isExecutableFile(atPath: path),
                FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return path
            }
        }
        throw ServerFault("the program '\(name)' is in no folder of PATH; give its path, or install it")
    }
}
