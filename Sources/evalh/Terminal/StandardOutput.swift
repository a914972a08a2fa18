internal import Foundation
internal import PluginHost

/// What was asked for, on standard output. Its descriptor is evalh's alone: plugins that print write to standard error,
/// and `--json` stays whole.
enum StandardOutput {
    private static let handle = FileHandle(fileDescriptor: WatchedProcess.takeOutput(), closeOnDealloc: false)

    /// Before any plugin is loaded.
    static func take() { _ = handle }

    static func write(_ text: String) { handle.write(Data(text.utf8)) }
}

/// In place of Swift's, which would print where plugins do.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    StandardOutput.write(items.map { "\($0)" }.joined(separator: separator) + terminator)
}
