/// Stop texts in a stream of bytes.
enum StopText {
    /// Where the first of the stop texts begins.
    static func first(of stops: [[UInt8]], in bytes: [UInt8]) -> Int? {
        stops.compactMap { stop in
            guard !stop.isEmpty, bytes.count >= stop.count else { return nil }
            return (0...bytes.count - stop.count).first { bytes[$0...].starts(with: stop) }
        }.min()
    }

    /// How many of the bytes can be told now: all but the beginning of a stop text or of a character at the end.
    static func certain(_ bytes: [UInt8], _ stops: [[UInt8]]) -> Int {
        var certain = bytes.count
        for stop in stops {
            for length in stride(from: min(stop.count - 1, bytes.count), to: 0, by: -1)
            where bytes.suffix(length).elementsEqual(stop.prefix(length)) {
                certain = min(certain, bytes.count - length)
                break
            }
        }
        // The last character's first byte says how many follow.
        for back in 1...4 where back <= certain {
            let byte = bytes[certain - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? certain - back : certain
        }
        return certain
    }
}
