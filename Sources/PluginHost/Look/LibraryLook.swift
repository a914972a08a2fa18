/// What a library offers, as it said when it was asked.
package struct LibraryDescription: Codable, Hashable, Sendable {
    package var plugins: [PluginInfo]
    /// Kinds that this host does not know.
    package var unknownKinds: [String]

    enum CodingKeys: String, CodingKey {
        case plugins
        case unknownKinds = "unknown_kinds"
    }
}

/// How a library is asked what it offers that nothing is known of.
package struct LibraryLook: Sendable {
    /// By the path of a file that is there. Called from any thread.
    package let describe: @Sendable (_ file: String) throws(PluginLoadError) -> LibraryDescription

    package init(_ describe: @escaping @Sendable (_ file: String) throws(PluginLoadError) -> LibraryDescription) {
        self.describe = describe
    }

    /// Here and now: a library that crashes takes this process with it.
    package static let inProcess = LibraryLook { (file) throws(PluginLoadError) in
        let library = try PluginLibrary(opening: file)
        return LibraryDescription(plugins: library.plugins, unknownKinds: library.unknownKinds)
    }

    /// In a child process with limits, which nothing in the library gets out of. Files that are no libraries with our
    /// entry function are told apart without one.
    ///
    /// - Parameters:
    ///   - program: absolute path of a program that calls `LibraryAnswer.give` when it is started with `arguments` and
    ///     the library's path.
    ///   - environment: of it the child gets only what loading a library may depend on, and no secrets.
    package static func inChild(
        program: String, arguments: [String], environment: [String: String], limits: LookLimits = LookLimits()
    ) -> LibraryLook {
        var kept = environment.filter { LookLimits.isPassedOn($0.key) }
        // A crash is told by its signal; Swift's own account of it takes long and tells of evalh.
        kept["SWIFT_BACKTRACE"] = "enable=no"
        let passed = kept
        return LibraryLook { (file) throws(PluginLoadError) in
            try PluginLibrary.examine(file)
            let process = LookingProcess(
                program: program, arguments: arguments + [file], environment: passed, limits: limits)
            return try LibraryAnswer.read(process.run(), of: file, limits)
        }
    }
}

/// What a library may use while it is asked what it offers.
package struct LookLimits: Sendable {
    /// Wall time, less what it waited for a processor that others had.
    package var seconds = 5.0
    /// Wall time, however busy the machine is.
    package var mostSeconds = 60.0
    /// Of the processor.
    package var cpuSeconds = 4
    /// Address space.
    package var memoryBytes = 2 << 30
    /// What it may say.
    package var answerBytes = 8 << 20

    package init() {}

    /// Whether a variable of the environment may matter to loading a library.
    static func isPassedOn(_ name: String) -> Bool {
        ["HOME", "LANG", "PATH", "TMPDIR", "TZ"].contains(name) || name.hasPrefix("LC_") || name.hasPrefix("LD_")
            || name.hasSuffix("SAN_OPTIONS")
    }
}
