import Completions
import Foundation
import PluginHost
import PluginIsolation
import Testing

/// Plugins that crash, end, hang, eat memory or send nonsense cost the sessions inside, nothing else.
@Suite(.enabled(if: Hostile.isAvailable, "no C compiler, or evalh is not built"))
struct BreakdownTests {
    private func fault(of id: String, seconds: Double = 30) throws -> String {
        let place = try Workplace(seconds: seconds)
        let strategy = try place.strategy(id)
        let fault = try #require(throws: PluginFault.self) {
            try Events.play(strategy, CountingServices(), [Events.start(), Events.done(2, "a"), Events.stop(3)])
        }
        #expect(fault.isBreakdown)
        #expect(fault.message.contains("it was tried twice, in fresh processes"))
        return fault.message
    }

    @Test func `a crash is told with its signal, the plugin's function and the last event`() throws {
        let message = try fault(of: "step.segv")
        #expect(
            message.hasPrefix(
                "crashed with SIGSEGV (no such memory) in die_of_a_bad_pointer (libhostile.so), in step at DONE "
                    + "(event 2)"), "\(message)")
    }

    @Test func `abort is told with the plugin's function that called it, and its last words`() throws {
        let message = try fault(of: "step.aborts")
        #expect(message.contains("SIGABRT"), "\(message)")
        #expect(message.contains("libhostile.so"), "\(message)")
        #expect(message.contains("its last words: the sky is falling"), "\(message)")
    }

    @Test func `a plugin that ends the process does not end evalh`() throws {
        let message = try fault(of: "step.exits")
        #expect(message.hasPrefix("ended its process with exit code 0"), "\(message)")
    }

    @Test func `a step that does not return is ended`() throws {
        let message = try fault(of: "step.hangs", seconds: 1)
        #expect(message.hasPrefix("did not return within 1 s, in step at DONE (event 2)"), "\(message)")
    }

    @Test func `memory without end is refused`() throws {
        let message = try fault(of: "step.eats")
        #expect(message.hasPrefix("crashed with SIG"), "\(message)")
    }

    @Test func `nonsense in the shared memory is no message`() throws {
        let message = try fault(of: "step.scribbles")
        #expect(message.hasPrefix("overwrote memory"), "\(message)")
    }

    @Test(arguments: ["create.segv", "create.exits"])
    func `create is watched as step is`(id: String) throws {
        #expect(try fault(of: id).contains("in create"))
    }

    @Test func `create that does not return is ended`() throws {
        #expect(try fault(of: "create.hangs", seconds: 1).hasPrefix("did not return within 1 s, in create"))
    }

    @Test func `a crash in estimate is no estimate`() throws {
        let place = try Workplace()
        #expect(try place.strategy("estimate.segv").estimate(parametersJSON: "{}") == nil)
        #expect(try place.strategy("estimate.fine").estimate(parametersJSON: "{}")?.completionsMax == 2)
    }

    @Test func `a crash in destroy costs no session`() throws {
        let place = try Workplace()
        let events = [Events.start(), Events.done(2, "a"), Events.stop(3)]
        let expected = try Events.play(
            try place.strategy("never.fine"), CountingServices(), events)
        for _ in 0..<3 {
            #expect(try Events.play(try place.strategy("destroy.segv"), CountingServices(), events) == expected)
        }
        #expect(place.told.isEmpty)
    }

    @Test func `sessions beside one that crashes go on as if nothing had happened`() throws {
        let place = try Workplace()
        let events = [Events.start(), Events.done(2, "a"), Events.done(3, "b"), Events.stop(4)]
        let expected = try Events.play(
            try Hostile.catalog().strategy("bad.never.fine"), CountingServices(), events)
        let neighbour = try place.strategy("never.fine").makeSession(CountingServices())
        var actions: [String] = []
        for event in events {
            actions += try neighbour.step([event]).map { "\($0)" }
            // In the same process, for there is one.
            #expect(throws: PluginFault.self) {
                try Events.play(
                    try place.strategy("step.segv"), CountingServices(), [Events.start(), Events.done(2, "x")])
            }
        }
        #expect(actions == expected)
    }

    @Test func `a session whose process crashed once ends as it would have`() throws {
        let place = try Workplace()
        let file = Hostile.folder.appendingPathComponent("once-\(UUID())").path
        let events = [Events.start(file), Events.done(2, "a"), Events.done(3, "b"), Events.stop(4)]
        let actions = try Events.play(try place.strategy("never.once"), CountingServices(), events)
        #expect(FileManager.default.fileExists(atPath: file))
        #expect(actions == (try Events.play(try place.strategy("never.once"), CountingServices(), events)))
        #expect(place.told.isEmpty)
    }

    @Test func `a plugin that does not do the same again is told so`() throws {
        let place = try Workplace()
        let file = Hostile.folder.appendingPathComponent("fickle-\(UUID())").path
        let fault = try #require(throws: PluginFault.self) {
            try Events.play(
                try place.strategy("never.fickle"), CountingServices(),
                [Events.start(file), Events.done(2, "a"), Events.done(3, "b")])
        }
        #expect(fault.message.hasPrefix("did not do the same again"), "\(fault.message)")
    }

    @Test func `after three breakdowns a plugin is out, which is told once`() throws {
        let place = try Workplace()
        let strategy = try place.strategy("step.segv")
        let waiting = try strategy.makeSession(CountingServices())
        for _ in 0..<3 {
            #expect(throws: PluginFault.self) {
                try Events.play(strategy, CountingServices(), [Events.start(), Events.done(2, "a")])
            }
        }
        for _ in 0..<2 {
            let fault = try #require(throws: PluginFault.self) { try strategy.makeSession(CountingServices()) }
            #expect(fault.message.hasPrefix("is not run any more after 3 breakdowns; the last: crashed with SIGSEGV"))
        }
        #expect(throws: PluginFault.self) { try waiting.step([Events.start()]) }
        #expect(place.told.count == 1)
        #expect(place.told.first?.hasPrefix("the strategy bad.step.segv broke down 3 times") == true)
        // Others of the library are not.
        #expect(throws: Never.self) { try place.strategy("never.fine").makeSession(CountingServices()) }
    }

    @Test func `answers are asked of the host in the same order, whether foreseen or not`() throws {
        let events = [
            Events.start(), Events.done(2, "a"), Events.done(3, "b"), Events.done(4, "a"), Events.stop(5),
        ]
        let plain = CountingServices()
        let expected = try Events.play(try Hostile.catalog().strategy("bad.never.fine"), plain, events)
        let foreseeing = CountingServices(foresees: true)
        let actions = try Events.play(try Workplace().strategy("never.fine"), foreseeing, events)
        #expect(actions == expected)
        #expect(foreseeing.extractions == plain.extractions)
        #expect(foreseeing.foreseen == 2)
    }

    @Test func `peers are shown as in evalh's own process`() throws {
        let rows = [
            PeerResult(item: 3, arm: "a", isError: false, score: 1, confidence: nil, measure: SessionMeasure()),
            PeerResult(item: 4, arm: "b", isError: true, score: nil, confidence: 0.5, measure: SessionMeasure()),
        ]
        func services() -> CountingServices {
            CountingServices(
                peers: PeerView(item: 3, itemCount: 9, rows: rows, showsOwnScore: false) { _ in
                    PeerAnswer(text: "42", kind: .unfinished)
                })
        }
        let events = [Events.start(), Events.done(2, "x")]
        let expected = try Events.play(try Hostile.catalog().strategy("bad.never.peers"), services(), events)
        #expect(try Events.play(try Workplace().strategy("never.peers"), services(), events) == expected)
        #expect(expected.contains { $0.contains("3/9 a item 3 score nan flags 1 answer 0 42") })
    }

    @Test func `a library that is gone is told by its sessions`() throws {
        var info = try Hostile.info(.strategy, "never.fine")
        info.file = Hostile.folder.appendingPathComponent("gone.so").path
        let strategy = try Workplace().plugins.strategy(info, .process)
        let fault = try #require(throws: PluginFault.self) { try strategy.makeSession(CountingServices()) }
        #expect(fault.message.contains("gone.so: no such file"), "\(fault.message)")
    }
}
