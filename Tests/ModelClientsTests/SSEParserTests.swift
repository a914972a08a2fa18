import Testing

@testable import ModelClients

@Suite struct SSEParserTests {
    /// Data and names of the events of `pieces`.
    private func events(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> [String] {
        var parser = SSEParser(maximumLength: limit)
        var seen: [String] = []
        let take: (SSEEvent) throws(SSEFault) -> Void = { event in
            seen.append((event.name.map { $0 + "|" } ?? "") + String(decoding: event.data, as: UTF8.self))
        }
        do {
            for piece in pieces { try parser.feed(piece, take) }
            try parser.end(take)
        } catch .stream(let fault) { throw fault } catch .event(let fault) { throw fault }
        return seen
    }

    private func events(_ text: String) throws -> [String] { try events([Array(text.utf8)]) }

    @Test func `LF, CR and CRLF end lines alike`() throws {
        for newline in ["\n", "\r", "\r\n"] {
            let text = "data: a\n\ndata: b\ndata: c\n\n".replacing("\n", with: newline)
            #expect(try events(text) == ["a", "b\nc"])
        }
    }

    @Test func `Comments, other fields and a byte order mark are passed over`() throws {
        #expect(try events("\u{FEFF}: ping\n:\n\nid: 7\nretry: 10\ndata: a\n\n:\n\n") == ["a"])
    }

    @Test func `One space after the colon belongs to the field, more belong to the data`() throws {
        #expect(try events("data:a\n\ndata:  b\n\ndata\n\ndatum: c\n\n") == ["a", " b"])
    }

    @Test func `An event has its name, and the next one none`() throws {
        #expect(try events("event: error\ndata: a\n\ndata: b\n\nevent: x\n\ndata: c\n\n") == ["error|a", "b", "c"])
    }

    @Test func `An ended data line at the end of the stream counts, an unended one does not`() throws {
        #expect(try events("data: [DONE]\n") == ["[DONE]"])
        #expect(try events("data: {\"half\":") == [])
    }

    @Test func `Any split of a stream gives the same events`() throws {
        let text = "\u{FEFF}data: é日🙂\r\n\r\nevent: n\rdata: b\rdata: c\r\r:x\n\ndata: {\"a\":1}\n\ndata: [DONE]\n\n"
        let bytes = Array(text.utf8)
        let whole = try events([bytes])
        #expect(whole == ["é日🙂", "n|b\nc", "{\"a\":1}", "[DONE]"])
        for cut in 0...bytes.count {
            for second in stride(from: cut, through: bytes.count, by: 3) {
                let pieces = [Array(bytes[..<cut]), Array(bytes[cut..<second]), Array(bytes[second...])]
                #expect(try events(pieces) == whole)
            }
        }
        #expect(try events(bytes.map { [$0] }) == whole)
    }

    @Test func `A line that never ends is one fault, at the bound`() {
        var parser = SSEParser(maximumLength: 1000)
        var fed = 0
        #expect(throws: (any Error).self) {
            for _ in 0..<100 {
                try parser.feed([UInt8](repeating: 65, count: 100)) { (_) throws(SSEFault) in }
                fed += 100
            }
        }
        #expect(fed == 1000)
    }

    @Test func `Data lines without end are one fault`() {
        #expect(throws: SSEFault.self) {
            _ = try events([Array(String(repeating: "data: aaaaaaaaaa\n", count: 1000).utf8)], limit: 1000)
        }
    }

    @Test(.enabled(if: Transcript.areAvailable, Comment(rawValue: Transcript.comment)))
    func `Recorded streams give the same events in random splits`() throws {
        var random = SystemRandomNumberGenerator()
        for name in try Transcript.streams() {
            let bytes = try Transcript.body(name)
            let whole = try events([bytes])
            #expect(!whole.isEmpty)
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(rest.count, 300), using: &random)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let split = try events(pieces)
            #expect(split == whole, "\(name) in pieces of \(pieces.map(\.count))")
        }
    }
}
