import Completions
import Foundation
import PluginHost
import PluginIsolation
import Synchronization
import Testing

/// The hostile library, compiled once, and evalh's binary that works for it.
enum Hostile {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/local/bin/cc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let binary = [
        Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
        root.appendingPathComponent(".build/debug"),
    ].map { $0.appendingPathComponent("evalh").path }.first { FileManager.default.isExecutableFile(atPath: $0) }
    static var isAvailable: Bool { compiler != nil && binary != nil }

    static let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-hostile-\(UUID())")
    private static let built = Result {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = folder.appendingPathComponent("hostile.c")
        try hostileSource.write(to: source, atomically: true, encoding: .utf8)
        let library = folder.appendingPathComponent("libhostile.so").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(compiler))
        process.arguments = [
            "-std=gnu11", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-shared", "-fPIC",
            "-fvisibility=default", "-I", root.appendingPathComponent("Sources/CEvalhPlugin/include").path, "-o",
            library, source.path, "-lm",
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return PluginCatalog(locations: [PluginLocation(path: library, origin: .environment)])
    }

    static func catalog() throws -> PluginCatalog { try built.get() }

    static func info(_ kind: PluginKind, _ id: String) throws -> PluginInfo {
        try #require(try catalog().info(kind, "bad." + id), "there is no \(kind) \(id)")
    }
}

/// Workers of one run, and what was said of them.
final class Workplace: Sendable {
    let plugins: IsolatedPlugins
    private let sink: Sink
    /// What people were told.
    var told: [String] { sink.all }

    /// - Parameter seconds: that calls may take.
    init(seconds: Double = 30, processes: Int = 1) throws {
        let sink = Sink()
        plugins = IsolatedPlugins(
            WorkerProgram(
                binary: try #require(Hostile.binary), environment: ProcessInfo.processInfo.environment,
                processes: processes, memoryBytes: 2 << 30,
                limits: WorkerLimits(start: 60, strategy: seconds, grader: seconds, overRuns: seconds))
        ) { sink.add($0) }
        self.sink = sink
    }

    private final class Sink: Sendable {
        private let words = Mutex<[String]>([])
        var all: [String] { words.withLock { $0 } }
        func add(_ text: String) { words.withLock { $0.append(text) } }
    }

    func strategy(_ id: String, _ isolation: Isolation = .process) throws -> IsolatedStrategy {
        plugins.strategy(try Hostile.info(.strategy, id), isolation)
    }
}

/// Services whose answers are the whole text, and whose random numbers are those of a seed.
final class CountingServices: SessionServices {
    private var state: UInt64 = 0
    private(set) var extractions: [String] = []
    private(set) var foreseen = 0
    let foresees: Bool
    let peers: PeerView?

    init(foresees: Bool = false, peers: PeerView? = nil) {
        self.foresees = foresees
        self.peers = peers
    }

    func random() -> UInt64 {
        state += 1
        return state
    }

    /// How many different texts were asked for, and in which order.
    func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        if !extractions.contains(text) { extractions.append(text) }
        return ("\(extractions.firstIndex(of: text) ?? -1):\(text)", "all")
    }

    func foresee(_ text: String, isUnfinished: Bool) -> ForeseenExtraction? {
        guard foresees else { return nil }
        foreseen += 1
        let place = extractions.firstIndex(of: text) ?? extractions.count
        return ForeseenExtraction(answer: "\(place):\(text)", stage: "all")
    }

    func remainingBudget() -> RemainingBudget { RemainingBudget(tokens: 7) }
}

enum Events {
    static func start(_ parameters: String = "{}") -> SessionEvent {
        SessionEvent(
            seq: 1, timeNanoseconds: 0,
            body: .start(
                SessionStart(
                    itemID: "i", input: "?", fieldsJSON: "{}", messages: [], parametersJSON: parameters, seed: 1,
                    models: [], repeatIndex: 0)))
    }

    static func done(_ seq: UInt64, _ text: String) -> SessionEvent {
        SessionEvent(
            seq: seq, timeNanoseconds: 0,
            body: .done(
                request: 1, choice: 0, completion: Completion(text: text, finish: .stop, usage: TokenUsage()),
                isLast: true))
    }

    static func stop(_ seq: UInt64) -> SessionEvent {
        SessionEvent(seq: seq, timeNanoseconds: 0, body: .stop(reason: "end"))
    }

    /// What a strategy does at each event of a session, in words.
    static func play(
        _ factory: any StrategyFactory, _ services: CountingServices, _ events: [SessionEvent]
    ) throws -> [String] {
        let session = try factory.makeSession(services)
        return try events.flatMap { try session.step([$0]).map { "\($0)" } }
    }
}
