/// Something worth telling about a search for plugins.
package struct PluginProblem: Codable, Hashable, Sendable, CustomStringConvertible {
    package enum Severity: String, Codable, Sendable {
        /// Nothing is wrong, but a file is not used.
        case note
        /// A library in a folder that is always searched cannot be used.
        case warning
        /// Something that was asked for cannot be used, or two plugins have one id.
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
