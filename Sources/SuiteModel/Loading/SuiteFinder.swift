internal import Completions
internal import Foundation

/// Finds a suite's file: as named, or else below the share folders of the installation.
enum SuiteFinder {
    /// The path to open; `nil` with the places looked at.
    static func find(_ path: String, searchFolders: [String]) -> (path: String?, looked: [String]) {
        var looked = [path]
        if isFile(path) { return (path, looked) }
        if !path.hasPrefix("/") {
            for folder in searchFolders {
                let candidate = folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
                looked.append(candidate)
                if isFile(candidate) { return (candidate, looked) }
            }
        }
        return (nil, looked)
    }

    /// The suite of the same folder that was most likely meant.
    static func nearest(to path: String) -> String? {
        let folder = (path as NSString).deletingLastPathComponent
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let suites = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().prefix(1000)
        let name = NearestName.find((path as NSString).lastPathComponent, in: suites)
        return name.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
    }

    /// Whether it is no file but something that gives its bytes once, such as `<(generate)` of a shell: it is in no
    /// folder that paths could start from.
    static func isPipe(_ path: String) -> Bool {
        let type = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
        return type as? FileAttributeType != .typeRegular
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }
}

/// Paths of a suite.
struct PathResolver {
    /// Absolute.
    let directory: String
    /// `$HOME`; `nil`: unknown.
    let home: String?

    /// Absolute, `~/` expanded, `.` and `..` taken out.
    func absolute(_ path: String) -> String {
        var path = path
        if path == "~" || path.hasPrefix("~/"), let home { path = home + path.dropFirst() }
        if !path.hasPrefix("/") { path = "\(directory)/\(path)" }
        return Self.standardized(path)
    }

    static func standardized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                if !parts.isEmpty { parts.removeLast() }
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// A file's name without folders and its last ending.
    static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// As `stem`, with only the characters of an identifier.
    static func identifier(_ path: String) -> String {
        let legal = stem(path).unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "._-".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        return legal.isEmpty ? "unnamed" : String(legal)
    }
}
