/// A session's clock counts nanoseconds; records tell seconds.
enum LogicalTime {
    /// The nearest nanosecond, so that a time that was turned into seconds comes back as it was.
    static func nanoseconds(_ seconds: Double) -> Int64 {
        seconds.isFinite ? Int64((max(0, min(seconds, 1e9)) * 1e9).rounded()) : 0
    }

    static func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 }
}
