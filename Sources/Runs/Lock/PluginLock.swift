internal import Files
internal import Foundation
internal import JSON
internal import PluginHost
internal import SuiteModel

/// `evalh.lock`: which plugins the suites of a folder use, by version and content. It is meant to be committed: its
/// text depends on nothing but its entries, one line a fact.
package struct PluginLock {
    /// A name that suites write, and what it stands for.
    struct Entry: Hashable {
        var kind: PluginKind
        /// As suites write it: `id`, or `id@version`.
        var use: String
        var id: String
        var version: String
        /// "1.0": the plugin ABI that it was built with.
        var abi: String
        /// The library's name, without its folder.
        var file: String
        /// Of the library; `nil`: it is part of evalh.
        var sha256: String?

        /// Whether it is the same plugin. What evalh brings along is built anew on every machine: its version says what
        /// it does.
        func isSame(as other: Entry, isShipped: Bool) -> Bool {
            version == other.version && id == other.id && (isShipped || sha256 == other.sha256)
        }

        fileprivate var order: (Int, String) { (PluginKind.allCases.firstIndex(of: kind) ?? 0, use) }
    }

    static let fileName = "evalh.lock"
    private static let schema = "evalh.plugins/1"
    private static let maximumBytes = 4 << 20

    let path: String
    private(set) var entries: [Entry] = []

    /// Where the lock of a suite is: beside it.
    static func path(of suite: Suite) -> String { suite.directory + "/" + fileName }

    init(path: String) { self.path = path }

    /// - Returns: `nil` where there is no such file.
    init?(reading path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        self.path = path
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        guard size <= Self.maximumBytes, let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.usage, "\(path) cannot be read, or is larger than \(Self.maximumBytes >> 20) MiB")
        }
        func bad(_ what: String) -> CommandFailure {
            CommandFailure(
                .usage, "\(path): \(what)\nmend it, or delete it and write it anew: evalh lock SUITE")
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: String(decoding: data, as: UTF8.self)) } catch {
            throw bad("is not JSON: \(error)")
        }
        guard value["schema"]?.string == Self.schema else {
            throw bad("has the schema \(value["schema"]?.plainText ?? "none"), not \(Self.schema)")
        }
        for (place, member) in (value["plugins"]?.elements ?? []).enumerated() {
            guard let entry = Entry(member) else { throw bad("entry \(place + 1) of `plugins` lacks something") }
            guard !entries.contains(where: { $0.kind == entry.kind && $0.use == entry.use }) else {
                throw bad("the \(entry.kind.rawValue) `\(entry.use)` is there twice")
            }
            entries.append(entry)
        }
    }

    func entry(_ kind: PluginKind, _ use: String) -> Entry? { entries.first { $0.kind == kind && $0.use == use } }

    mutating func put(_ entry: Entry) {
        entries.removeAll { $0.kind == entry.kind && $0.use == entry.use }
        entries.append(entry)
    }

    /// Keeps only what is used.
    mutating func keep(_ uses: Set<[String]>) {
        entries.removeAll { !uses.contains([$0.kind.rawValue, $0.use]) }
    }

    /// The same for the same entries, whatever order they came in.
    var text: String {
        let plugins = entries.sorted { $0.order < $1.order }.map(\.value)
        return JSONValue.object([.init("schema", .string(Self.schema)), .init("plugins", .array(plugins))])
            .indentedText(colon: ": ") + "\n"
    }

    func write() throws { try WholeFile.write(text.utf8, to: path) }
}

extension PluginLock.Entry {
    /// What a suite's name stands for now.
    init?(_ use: PluginUse, _ catalog: PluginCatalog) throws {
        guard let info = catalog.info(use.kind, use.name) else { return nil }
        let isOwn = catalog.isShipped(info) && info.libraryName == "evalh"
        self.init(
            kind: use.kind, use: use.name, id: info.id, version: info.version,
            abi: "\(info.abi.major).\(info.abi.minor)", file: (info.file as NSString).lastPathComponent,
            sha256: isOwn ? nil : try catalog.hashed(info).sha256)
    }

    fileprivate init?(_ value: JSONValue) {
        guard let kind = value["kind"]?.string.flatMap(PluginKind.init(rawValue:)), let use = value["use"]?.string,
            let id = value["id"]?.string, let version = value["version"]?.string
        else { return nil }
        self.init(
            kind: kind, use: use, id: id, version: version, abi: value["abi"]?.string ?? "",
            file: value["file"]?.string ?? "", sha256: value["sha256"]?.string)
    }

    fileprivate var value: JSONValue {
        .object(
            [
                .init("kind", .string(kind.rawValue)), .init("use", .string(use)), .init("id", .string(id)),
                .init("version", .string(version)), .init("abi", .string(abi)), .init("file", .string(file)),
            ] + (sha256.map { [.init("sha256", .string($0))] } ?? []))
    }
}
