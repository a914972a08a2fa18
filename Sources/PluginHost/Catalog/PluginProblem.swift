/// Something worth telling about a search for plugins.
package struct PluginProblem: Codable, Hashable, Sendable, CustomStringConvertible {
    package enum Severity: String, Codable, Sendable {
        /// Nothing is wrong, but a file is not used.
        case note
        /// A library in a folder cannot be used.
        case warning
        /// A file that was asked for by name cannot be used, or two plugins have one id and version.
        case error
    }

    package var severity: Severity
    package var error: PluginLoadError

    package init(_ severity: Severity, _ error: PluginLoadError) {
        self.severity = severity
        self.error = error
    }

    package var description: String { "\(severity.rawValue): \(error)" }
}
