import Foundation
import Testing

private enum InstallationTools {
    static let areThere = ["patchelf", "strip", "pkg-config"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
    }
}

/// `make install` and `make uninstall`, whose work two scripts do.
@Suite(.enabled(if: InstallationTools.areThere, "no patchelf, strip or pkg-config"))
struct InstallTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func run(_ program: String, _ arguments: String..., environment: [String: String] = [:]) throws
        -> Workplace.Result
    {
        let own = BuiltBinary.root.appendingPathComponent(program)
        let url = program.hasPrefix("/") ? URL(fileURLWithPath: program) : own
        return try RunningTool(url, arguments, folder: place.url, environment: environment).result()
    }

    private func files() throws -> [String] {
        let all = FileManager.default.enumerator(atPath: place.url.appendingPathComponent("usr").path)
        return (all?.allObjects as? [String] ?? []).sorted()
    }

    @Test func `what is taken away is what was put there`() throws {
        defer { place.remove() }
        let prefix = place.url.appendingPathComponent("usr").path
        let others = ["bin/theirs", "lib/evalh/plugins/theirs.so", "share/man/man1/theirs.1"]
        for file in others.map({ URL(fileURLWithPath: prefix + "/" + $0) }) {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("theirs".utf8).write(to: file)
        }
        let before = try files()
        let installed = try run("scripts/install-tree", BuiltBinary.folder.path, prefix)
        #expect(installed.status == 0, "\(installed.errors)")
        let paths = try files()
        #expect(paths.contains("bin/evalh") && paths.contains("lib/evalh/plugins/libEvalhPlugins.so"))
        // An older evalh put a file there that this one does not have.
        let record = URL(fileURLWithPath: prefix + "/share/evalh/installed.txt")
        try Data((String(contentsOf: record, encoding: .utf8) + "f share/evalh/old.txt\n").utf8).write(to: record)
        try Data().write(to: URL(fileURLWithPath: prefix + "/share/evalh/old.txt"))
        #expect(try run("scripts/install-tree", BuiltBinary.folder.path, prefix).status == 0)
        #expect(try files() == paths)
        // Authors build against it wherever it is moved to.
        let moved = place.url.appendingPathComponent("elsewhere").path
        try FileManager.default.moveItem(atPath: prefix, toPath: moved)
        let told = try run(
            "/usr/bin/pkg-config", "--cflags", "evalh-plugin",
            environment: ["PKG_CONFIG_PATH": moved + "/lib/pkgconfig"])
        let include = told.output.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst(2)
        #expect(FileManager.default.fileExists(atPath: include + "/evalh_plugin.h"), "\(told.output)")
        try FileManager.default.moveItem(atPath: moved, toPath: prefix)

        let removed = try run("scripts/uninstall-tree", prefix)
        #expect(removed.status == 0, "\(removed.errors)")
        #expect(try files() == before)
        let again = try run("scripts/uninstall-tree", prefix)
        #expect(again.status == 1 && again.errors.contains("nothing below \(prefix) is known to be evalh's"))
    }
}
