import Foundation
import Testing

/// A disk that fills up while a run goes on, at every size between too small for anything and large enough for all: a
/// file system in memory, mounted where this user may do so.
@Suite(.serialized) struct FullDiskTests {
    static let canMount: Bool = {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        probe.arguments = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/mnt"]
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    /// Runs a script in which `small` is a disk of so many kibibytes; what is on it afterwards is copied to `kept`.
    private func onDisk(_ place: Workplace, kibibytes: Int, _ script: String) throws -> Workplace.Result {
        let whole = """
            mkdir -p small kept && mount -t tmpfs -o size=\(kibibytes)k tmpfs small || exit 99
            \(script)
            code=$?; rm -rf kept; cp -a small kept; exit $code
            """
        let tool = try RunningTool(
            URL(fileURLWithPath: "/usr/bin/env"),
            ["unshare", "--user", "--map-root-user", "--mount", "bash", "-c", whole], folder: place.url,
            environment: ["EVALH": BuiltBinary.evalh.path])
        return try tool.result()
    }

    private func leftovers(_ place: Workplace) throws -> [String] {
        let files = FileManager.default.enumerator(atPath: place.url.appendingPathComponent("kept").path)
        return (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".part") || $0.hasSuffix(".spool") }
    }

    @Test(.enabled(if: canMount, "mounting a small file system is not allowed here"))
    func `a paid run whose report finds no room says so, keeps its journal and names the way on`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(4)
        try place.writeSuite(server, arms: "[greedy]")
        var reportsFailed = 0
        var size = 64
        while true {
            let result = try onDisk(place, kibibytes: size, "\"$EVALH\" run suite.yaml --out small")
            #expect(try leftovers(place) == [], "\(size) KiB")
            #expect(!result.errors.contains("Error Domain") && !result.errors.contains("NSCocoa"), "\(result.errors)")
            if result.status == 0 { break }
            #expect([2, 4].contains(result.status), "\(size) KiB: \(result.status) \(result.errors)")
            if result.errors.contains("evalh report small/suite/") {
                reportsFailed += 1
                #expect(result.status == 4)
                #expect(result.errors.contains("all that was paid is kept in small/suite/"), "\(result.errors)")
                // With room for it, the report is made from the journal alone.
                let paid = try server.count("completions_paid")
                let report = try place.evalh("report", "kept/suite/latest")
                #expect(report.status == 0, "\(report.errors)")
                #expect(try place.json("kept/suite/latest/summary.json")["status"] as? String == "complete")
                #expect(try server.count("completions_paid") == paid)
            }
            size += size / 8
            try #require(size < 1 << 16)
        }
        #expect(reportsFailed > 0)
    }

    @Test(.enabled(if: canMount, "mounting a small file system is not allowed here"))
    func `reports and exports that find no room elsewhere leave nothing there`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(4)
        try place.writeSuite(server, arms: "[greedy]")
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        for format in ["html", "eval", "csv"] {
            let result = try onDisk(
                place, kibibytes: 4, "\"$EVALH\" report reports/suite/latest --format \(format) --out small")
            #expect(result.status == 4, "\(format): \(result.status) \(result.errors)")
            #expect(result.errors.contains("No space left on device"), "\(result.errors)")
            #expect(result.errors.contains("evalh report reports/suite/"))
            #expect(try leftovers(place) == [])
        }
    }
}
