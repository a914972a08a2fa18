import Completions
import Foundation
import PluginHost
import PluginIsolation
import Testing

/// What a plugin in a sandbox cannot do, and what is said where the kernel cannot keep it from that.
@Suite(.enabled(if: Hostile.isAvailable, "no C compiler, or evalh is not built"))
struct SandboxedPluginTests {
    private func tried(_ isolation: Isolation, _ place: Workplace, _ file: String) throws -> String {
        let actions = try Events.play(
            try place.strategy("never.tries", isolation), CountingServices(),
            [Events.start(file), Events.done(2, "a")])
        return try #require(actions.first { $0.contains("network") })
    }

    @Test func `a sandboxed plugin has no network, writes no files and starts no programs, or that is said`() throws {
        let place = try Workplace()
        let file = Hostile.folder.appendingPathComponent("written-\(UUID())").path
        let text = try tried(.sandbox, place, file)
        let lacks = place.told.joined()
        #expect(text.contains("network 0") || lacks.contains("the network"))
        #expect(text.contains("file 0") || lacks.contains("writing files"))
        #expect(text.contains("fork 0") || lacks.contains("starting programs"))
        #expect(text.contains("read 1"))
        #expect(!FileManager.default.fileExists(atPath: file) || lacks.contains("writing files"))
    }

    @Test func `a plugin in a process is kept from none of it`() throws {
        let place = try Workplace()
        let file = Hostile.folder.appendingPathComponent("written-\(UUID())").path
        let text = try tried(.process, place, file)
        #expect(text.contains("file 1 fork 1 read 1"))
        #expect(place.told.isEmpty)
    }

    @Test func `what crashes in a sandbox is told as in a process`() throws {
        let place = try Workplace()
        let fault = try #require(throws: PluginFault.self) {
            try Events.play(
                try place.strategy("step.segv", .sandbox), CountingServices(), [Events.start(), Events.done(2, "a")])
        }
        #expect(fault.message.contains("SIGSEGV"))
        #expect(fault.message.contains("die_of_a_bad_pointer"))
    }
}
