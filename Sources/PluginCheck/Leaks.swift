internal import CPluginCheck
internal import Foundation

/// Memory that something leaves behind when it is done again and again.
enum Leaks {
    /// - Parameter what: one of what is done, for findings: "session".
    static func measure(_ context: CheckContext, of what: String, _ body: (Int) throws -> Void) rethrows {
        context.at("\(what)s to warm up")
        for number in 0..<max(50, context.sessions / 10) { try body(number) }
        let half = max(1, context.sessions / 2)
        let before = resident()
        context.at("\(2 * half) \(what)s one after the other")
        for number in 0..<half { try body(number) }
        let middle = resident()
        for number in 0..<half { try body(number) }
        let after = resident()
        // What is left behind goes on growing; what is kept for later use grows once.
        let growth = min(middle - before, after - middle) / Double(half)
        context.measure("growth", String(format: "%.0f bytes a \(what) over %d", max(0, growth), 2 * half))
        if growth > bound, after - before > 256 * 1024 {
            context.fail(
                String(format: "each of %d \(what)s leaves %.0f bytes of memory behind", 2 * half, growth),
                "free in destroy what the other functions allocate; a build with -fsanitize=address names the place")
        }
    }

    /// Bytes that may be left behind, on average: allocators' own waste is below it.
    static let bound = 64.0

    private static func resident() -> Double {
        evalh_check_trim()
        return Double(evalh_check_resident_bytes())
    }
}
