internal import Foundation
internal import Runs

/// The folders of files that new plugins are made of: `share/evalh/templates` of an installation, `authors/templates`
/// of a source tree.
struct PluginTemplates {
    let folder: URL

    /// What stands beside the templates: the Swift kit, the Rust crates.
    var share: URL { folder.deletingLastPathComponent() }

    /// - Throws: A failure that says where was looked, if there are none.
    static func find(host: RunHost) throws -> PluginTemplates {
        var candidates = (host.environment["EVALH_TEMPLATES"]).map { [URL(fileURLWithPath: $0)] } ?? []
        if candidates.isEmpty {
            candidates = host.shareFolders.map { URL(fileURLWithPath: $0 + "/templates") }
            // A build folder lies in its source tree.
            var parent = URL(fileURLWithPath: host.binary).deletingLastPathComponent()
            for _ in 0..<4 {
                parent = parent.deletingLastPathComponent()
                candidates.append(parent.appendingPathComponent("authors/templates"))
            }
        }
        let found = candidates.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("c/common/Makefile").path)
        }
        guard let found else {
            throw CommandFailure(
                .usage,
                "this evalh has no templates; looked in \(candidates.map(\.path).joined(separator: ", "))\n"
                    + "install evalh anew, or set EVALH_TEMPLATES to a source tree's authors/templates")
        }
        return PluginTemplates(folder: found.standardizedFileURL)
    }

    /// The files of a new plugin, by their paths in its folder.
    ///
    /// - Throws: A failure that names the kinds there are, if the language has no such template.
    func files(_ language: PluginLanguage, _ kind: String) throws -> [(path: String, text: String)] {
        let own = folder.appendingPathComponent("\(language.rawValue)/\(kind)")
        guard FileManager.default.fileExists(atPath: own.path) else {
            let all = own.deletingLastPathComponent().path
            let kinds = (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? []
            throw CommandFailure(
                .usage,
                "there is no template of a \(kind) in \(language.name); of these kinds there is one: "
                    + kinds.filter { $0 != "common" && !$0.hasPrefix(".") }.sorted().joined(separator: ", "))
        }
        var layers = [folder.appendingPathComponent("suite/\(kind)"), own]
        layers.append(folder.appendingPathComponent("\(language.rawValue)/common"))
        if language == .c || language == .cpp { layers.append(folder.appendingPathComponent("native")) }
        if language == .rust { layers.append(share.appendingPathComponent("rust")) }
        // Not every kind has a suite of its own.
        return try layers.filter { FileManager.default.fileExists(atPath: $0.path) }.flatMap(Self.texts)
    }

    private static func texts(below folder: URL) throws -> [(path: String, text: String)] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        return try paths.compactMap { path in
            let file = folder.appendingPathComponent(path)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue,
                !path.split(separator: "/").contains("target"), !path.hasSuffix("Cargo.lock")
            else { return nil }
            return (path, try String(contentsOf: file, encoding: .utf8))
        }
    }
}

/// A language that there are templates in.
enum PluginLanguage: String, CaseIterable {
    case c, cpp, rust, swift

    var name: String {
        switch self {
        case .c: "C"
        case .cpp: "C++"
        case .rust: "Rust"
        case .swift: "Swift"
        }
    }

    /// The library that a build leaves, in the plugin's folder.
    func library(_ name: PluginName) -> String {
        switch self {
        case .c, .cpp: "lib\(name.text).so"
        case .rust: "target/release/lib\(name.snake).so"
        case .swift: ".build/debug/lib\(name.text).so"
        }
    }

    /// Build, then test.
    var commands: [String] {
        switch self {
        case .c, .cpp: ["make", "make test"]
        case .rust: ["cargo build --release", "cargo test"]
        case .swift: ["swift build", "swift test"]
        }
    }

    /// Programs without which none of this works.
    var tools: [String] {
        switch self {
        case .c: ["make", "cc", "pkg-config"]
        case .cpp: ["make", "c++", "pkg-config"]
        case .rust: ["cargo"]
        case .swift: ["swift"]
        }
    }
}
