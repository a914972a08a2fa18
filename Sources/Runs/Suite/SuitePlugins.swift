package import Completions
internal import Engine
internal import Foundation
package import PluginHost
internal import PluginIsolation

/// Opens the plugins of a suite: in evalh's own process, or as far from it as suite and command line say.
package final class SuitePlugins: Sendable {
    package let catalog: PluginCatalog
    private let isolated: IsolatedPlugins
    /// What the suite says of all of them.
    private let asked: Isolation?
    private let host: RunHost

    init(_ catalog: PluginCatalog, asked: Isolation?, _ host: RunHost) {
        self.catalog = catalog
        self.asked = asked
        self.host = host
        let program = WorkerProgram(
            binary: host.binary, environment: host.environment,
            processes: ProcessInfo.processInfo.activeProcessorCount)
        isolated = IsolatedPlugins(program) { [host] in host.say(.warning($0)) }
    }

    /// How far one use of a plugin is kept from the run. Without a word on it others' plugins have a process of their
    /// own in CI, where nobody looks on; ours, which the tests of evalh are about, have none.
    /// - Parameter own: what the suite says of this use.
    package func isolation(_ kind: PluginKind, _ id: String, _ own: Isolation?) -> Isolation {
        guard let info = catalog.info(kind, id), !isHosts(info) else { return .inProcess }
        if let wanted = own ?? asked { return wanted }
        return ["true", "1"].contains(host.environment["CI"] ?? "") && !isShipped(info) ? .process : .inProcess
    }

    /// A part of evalh that is listed among plugins.
    func isHosts(_ info: PluginInfo) -> Bool { info.file == host.binary }

    private func isShipped(_ info: PluginInfo) -> Bool {
        let (file, binary) = (URL(fileURLWithPath: info.file), URL(fileURLWithPath: host.binary))
        guard file.lastPathComponent == PluginLocation.shippedLibrary else { return false }
        let folder = file.deletingLastPathComponent().path
        let built = binary.deletingLastPathComponent()
        let installed = built.deletingLastPathComponent().appendingPathComponent("lib/evalh/plugins")
        return [built, installed].contains { $0.resolvingSymlinksInPath().path == folder }
    }

    package func strategy(_ id: String, _ own: Isolation?) throws(PluginLoadError) -> any StrategyFactory {
        let isolation = isolation(.strategy, id, own)
        if isolation == .inProcess { return try catalog.strategy(id) }
        return isolated.strategy(try catalog.found(.strategy, id), isolation)
    }

    func grader(
        _ id: String, parametersJSON: String, _ own: Isolation?
    ) throws -> any GraderPlugin & AnswerGrader {
        let isolation = isolation(.grader, id, own)
        if isolation == .inProcess { return try catalog.grader(id, parametersJSON: parametersJSON) }
        return try isolated.grader(catalog.found(.grader, id), parametersJSON: parametersJSON, isolation)
    }

    func metric(
        _ id: String, parametersJSON: String, seed: UInt64, _ own: Isolation?
    ) throws -> any MetricPlugin {
        let isolation = isolation(.metric, id, own)
        if isolation == .inProcess { return try catalog.metric(id, parametersJSON: parametersJSON, seed: seed) }
        return try isolated.metric(
            catalog.found(.metric, id), parametersJSON: parametersJSON, seed: seed, isolation)
    }

    func allocator(
        _ id: String, parametersJSON: String, setup: AllocationSetup, seed: UInt64, _ own: Isolation?
    ) throws -> any SessionAllocator {
        let isolation = isolation(.allocator, id, own)
        if isolation == .inProcess {
            return try catalog.allocator(id, parametersJSON: parametersJSON, setup: setup, seed: seed)
        }
        return try isolated.allocator(
            catalog.found(.allocator, id), parametersJSON: parametersJSON, setup: setup, seed: seed, isolation)
    }
}

extension IsolatedGrader: AnswerGrader {}
extension IsolatedAllocator: SessionAllocator {}
