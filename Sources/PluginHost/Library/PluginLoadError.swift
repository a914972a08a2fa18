/// Why a file is not used as a plugin library. The description names the file, what is wrong with it and what to do.
package struct PluginLoadError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Reason: String, Codable, Sendable {
        /// Missing, unreadable or not a regular file.
        case unreadable
        /// Not a 64-bit ELF shared library at all.
        case notALibrary = "not_a_library"
        /// A library for another processor.
        case wrongArchitecture = "wrong_architecture"
        /// A library without the entry function.
        case noEntry = "no_entry"
        /// The dynamic linker refuses it.
        case linker
        /// Built for another ABI version, or in need of what this host lacks.
        case incompatible
        /// It declines this host.
        case refused
        /// It ended, held up or harmed the process that looked into it.
        case crashed
        /// Its tables break the rules of the ABI.
        case malformed
        /// A suite asks for what no library offers, or for what two libraries offer.
        case notFound = "not_found"
        case duplicate
    }

    package var reason: Reason
    /// Path of the library; empty if it is about none.
    package var file: String
    /// What is wrong, and what to do.
    package var message: String

    package init(_ reason: Reason, file: String, _ message: String) {
        self.reason = reason
        self.file = file
        self.message = message
    }

    package var description: String { file.isEmpty ? message : "\(file): \(message)" }
}
