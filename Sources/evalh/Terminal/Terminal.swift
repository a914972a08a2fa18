internal import Foundation
internal import Reporting

/// Output for people: standard error, colour only on a terminal and without `NO_COLOR`, and nothing of other people's
/// text unescaped.
struct Terminal {
    static let standard = Terminal()

    let isInteractive: Bool
    let hasColour: Bool

    init() {
        let environment = ProcessInfo.processInfo.environment
        isInteractive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        hasColour = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
    }

    func line(_ text: String = "") { write(SafeText.terminal(text) + "\n") }

    func error(_ text: String) {
        guard !text.isEmpty else { return }
        write(paint("error: ", "31;1") + SafeText.terminal(text) + "\n")
    }

    func warning(_ text: String) { write(paint("warning: ", "33;1") + SafeText.terminal(text) + "\n") }

    /// A line whose first word carries a verdict.
    func verdict(_ verdict: String, _ text: String) {
        let colour = ["pass": "32;1", "fail": "31;1"][verdict] ?? "33;1"
        write(paint(verdict, colour) + " " + SafeText.terminal(text) + "\n")
    }

    func paint(_ text: String, _ code: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Columns of the terminal, 100 where that cannot be known.
    var width: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 100
    }
}
