internal import PluginHost
internal import SuiteModel

extension PluginLock {
    /// Ends the command unless a suite's plugins are those of the lock beside it. Without a lock all are welcome.
    static func check(_ suite: Suite, _ catalog: PluginCatalog, _ host: RunHost, _ sources: [SourceText]) throws {
        guard let lock = try PluginLock(reading: path(of: suite)) else { return }
        var mistakes: [Diagnostic] = []
        for use in PluginUse.all(in: suite) {
            guard let now = try Entry(use, catalog), let info = catalog.info(use.kind, use.name) else { continue }
            let what = "the \(use.kind.rawValue) `\(use.name)`"
            guard let locked = lock.entry(use.kind, use.name) else {
                mistakes.append(
                    Diagnostic(
                        at: use.position, "\(what) is not in \(lock.path)", hint: "add it: evalh lock \(suite.file)"))
                continue
            }
            guard !now.isSame(as: locked, isShipped: catalog.isShipped(info)) else { continue }
            let change =
                locked.version == now.version
                ? "\(what) \(now.version) has its version and is another file than \(fileName) names: \(info.file)"
                : "\(what) is \(now.version), and \(fileName) has \(locked.version): \(info.file)"
            mistakes.append(
                Diagnostic(at: use.position, change, hint: difference(locked, now, suite.file)))
        }
        guard !mistakes.isEmpty else { return }
        host.say(.located(DiagnosticRenderer(sources: sources).render(mistakes.sorted(by: sources))))
        throw CommandFailure(
            .usage,
            "\(mistakes.count) plugin\(mistakes.count == 1 ? " is" : "s are") not as \(lock.path) has "
                + "\(mistakes.count == 1 ? "it" : "them"); nothing was sent")
    }

    /// Both hashes, and how to accept the second.
    private static func difference(_ locked: Entry, _ now: Entry, _ suite: String) -> String {
        "sha256 in the lock  \(locked.sha256 ?? "none")\nsha256 of the file  \(now.sha256 ?? "none")\n"
            + "if that is meant, accept it: evalh lock \(suite) --accept \(now.use)"
    }

    /// Brings the lock beside a suite up to date, and writes it if it changed.
    ///
    /// - Parameters:
    ///   - accepted: names or ids of plugins that may be others than the lock has.
    ///   - isAlone: whether entries of other suites are left out.
    /// - Returns: what was done, for people.
    package static func update(_ opened: [OpenedSuite], accepted: Set<String>, isAlone: Bool) throws -> [String] {
        let uses = Set(opened.flatMap { PluginUse.all(in: $0.suite) }.map(\.name))
        let unknown = accepted.filter { name in !uses.contains { $0 == name || PluginReference($0).id == name } }
        guard unknown.isEmpty else {
            throw CommandFailure(
                .usage,
                "--accept \(unknown.sorted().joined(separator: ", ")): no such plugin is used; there are: "
                    + uses.sorted().joined(separator: ", "))
        }
        return try Dictionary(grouping: opened) { path(of: $0.suite) }.sorted { $0.key < $1.key }.map {
            try update($0.key, $0.value, accepted, isAlone)
        }
    }

    private static func update(
        _ path: String, _ suites: [OpenedSuite], _ accepted: Set<String>, _ isAlone: Bool
    ) throws -> String {
        let before = try PluginLock(reading: path)
        var lock = before ?? PluginLock(path: path)
        var (new, changed, refused): (Int, Int, [String]) = (0, 0, [])
        for opened in suites {
            for use in PluginUse.all(in: opened.suite) {
                guard let now = try Entry(use, opened.catalog), let info = opened.catalog.info(use.kind, use.name)
                else {
                    continue
                }
                guard let locked = lock.entry(use.kind, use.name) else {
                    lock.put(now)
                    new += 1
                    continue
                }
                guard !now.isSame(as: locked, isShipped: opened.catalog.isShipped(info)) else { continue }
                guard accepted.contains(use.name) || accepted.contains(now.id) else {
                    refused.append(
                        "the \(use.kind.rawValue) `\(use.name)` was \(locked.version), is \(now.version) "
                            + "(\(info.file))\n" + difference(locked, now, opened.suite.file))
                    continue
                }
                lock.put(now)
                changed += 1
            }
        }
        guard refused.isEmpty else {
            throw CommandFailure(.usage, refused.joined(separator: "\n") + "\n\(path) was left as it is")
        }
        if isAlone {
            lock.keep(Set(suites.flatMap { PluginUse.all(in: $0.suite) }.map { [$0.kind.rawValue, $0.name] }))
        }
        if before?.text != lock.text { try lock.write() }
        return "\(path): \(lock.entries.count) plugins, \(new) new, \(changed) accepted"
    }
}
