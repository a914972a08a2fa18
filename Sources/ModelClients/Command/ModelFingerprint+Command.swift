internal import Completions
internal import Foundation

extension ModelFingerprint {
    /// Of a program: `provider=command`, the command as shown (`model`), and hashes of everything that is known to
    /// decide its answers: arguments, environment of the suite and cost per token (`command`), and the contents of the
    /// files that the arguments name (`files`). What those files load in turn is not part of it.
    package init(_ configuration: CommandConfiguration) {
        var command = CanonicalBytes()
        for argument in configuration.arguments { command.append(argument) }
        for (name, value) in configuration.environment.sorted(by: { $0.key < $1.key }) {
            command.append(name + "=" + value)
        }
        command.append(configuration.costPerToken)
        var files = CanonicalBytes()
        for (index, argument) in configuration.arguments.enumerated() where index > 0 || argument.contains("/") {
            guard let content = Self.content(of: argument, in: configuration.folder) else { continue }
            files.append(index)
            files.append(content)
        }
        self.init(fields: [
            ("provider", "command"), ("model", configuration.shown), ("command", Self.short(command)),
            ("files", files.bytes.isEmpty ? nil : Self.short(files)),
        ])
    }

    /// A regular file's bytes, the first 64 MiB of them; `nil`: there is none.
    private static func content(of argument: String, in folder: URL) -> Data? {
        let url = URL(fileURLWithPath: argument, relativeTo: folder.appendingPathComponent("", isDirectory: true))
            .resolvingSymlinksInPath()
        guard
            (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType == .typeRegular,
            let file = try? FileHandle(forReadingFrom: url)
        else { return nil }
        defer { try? file.close() }
        return try? file.read(upToCount: 64 << 20) ?? Data()
    }
}
