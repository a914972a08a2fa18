internal import Foundation

/// Points of time of a run, in UTC. A journal knows when its run was started and, of a session, the seconds since its
/// own begin.
struct RunTime {
    private let seconds: Double

    /// - Parameters:
    ///   - started: as `provenance.started` has it, `2026-11-24T01:48:47Z`.
    ///   - runID: begins with `20261124-014847`; it is asked where `started` is absent or unreadable. Else the time is
    ///     1970.
    init(started: String?, runID: String) {
        seconds = Self.parse(started ?? "") ?? Self.parse(runID) ?? 0
    }

    /// Seconds since 1970.
    var unix: Double { seconds }

    /// ISO 8601 with microseconds and offset, `offset` seconds later; days beyond what a calendar can say are left out.
    func iso(after offset: Double = 0) -> String {
        let later = seconds + (offset.isFinite ? min(max(offset, 0), 1e9) : 0)
        let whole = later.rounded(.down)
        let micros = min(Int((later - whole) * 1e6), 999_999)
        let fraction = micros == 0 ? "" : "." + String(String(1_000_000 + micros).dropFirst())
        return Self.format(whole, "%Y-%m-%dT%H:%M:%S") + fraction + "+00:00"
    }

    /// As Inspect and lm-eval write times into names of files: without colons and without an offset.
    var fileName: String { Self.format(seconds, "%Y-%m-%dT%H-%M-%S") }

    /// The first fourteen digits are year, month, day, hour, minute and second.
    private static func parse(_ text: String) -> Double? {
        let digits = text.utf8.filter { (48...57).contains($0) }.prefix(14).map { Int32($0) - 48 }
        guard digits.count == 14 else { return nil }
        func number(_ place: Int) -> Int32 { digits[place] * 10 + digits[place + 1] }
        var parts = tm()
        parts.tm_year = number(0) * 100 + number(2) - 1900
        parts.tm_mon = number(4) - 1
        parts.tm_mday = number(6)
        parts.tm_hour = number(8)
        parts.tm_min = number(10)
        parts.tm_sec = number(12)
        return Double(timegm(&parts))
    }

    private static func format(_ seconds: Double, _ format: String) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        var text = [UInt8](repeating: 0, count: 40)
        let count = text.withUnsafeMutableBytes {
            strftime($0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count, format, &parts)
        }
        return String(decoding: text[..<count], as: UTF8.self)
    }
}
