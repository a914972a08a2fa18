import EvalhStatistics
import Testing

@testable import SuiteModel

@Suite("YAML reader")
struct YAMLReaderTests {
    private func read(_ text: String) -> YAMLReader.Result { YAMLReader.read(SourceText(name: "f.yaml", text: text)) }

    private func value(_ text: String) -> YAMLNode.Content? { read(text).node?.content }

    @Test(
        "scalars mean what people expect",
        arguments: [
            ("1", YAMLNode.Content.integer(1)), ("-7", .integer(-7)), ("+7", .integer(7)),
            ("2_000_000", .integer(2_000_000)),
            ("0x1F", .integer(31)), ("0o17", .integer(15)), ("0b101", .integer(5)), ("0", .integer(0)),
            ("010", .string("010")),
            ("1:30", .string("1:30")), ("1.5", .number(1.5)), ("1e-3", .number(0.001)), (".5", .number(0.5)),
            ("1.", .number(1)),
            ("-.inf", .number(-.infinity)), ("yes", .bool(true)), ("Off", .bool(false)), ("true", .bool(true)),
            ("y", .string("y")),
            ("~", .null), ("", .null), ("null", .null), ("\"1\"", .string("1")), ("'yes'", .string("yes")),
            ("!!str 1", .string("1")),
            ("1_", .integer(1)), ("_1", .string("_1")), ("99999999999999999999", .string("99999999999999999999")),
            ("-", .string("-")),
            ("30m", .string("30m")), ("1e", .string("1e")), ("nan", .string("nan")), ("!!float 2", .number(2)),
            ("0x", .string("0x")),
        ])
    func scalars(text: String, content: YAMLNode.Content) {
        let written = text == "-" ? "'-'" : text
        #expect(value("k: \(written)\n") == .mapping([entry("k", read("k: \(written)\n").node?["k"])]))
        #expect(read("k: \(written)\n").node?["k"]?.content == content)
    }

    private func entry(_ key: String, _ value: YAMLNode?) -> YAMLNode.Entry {
        YAMLNode.Entry(
            key: key, keySpan: SourceSpan(file: "f.yaml", line: 1, column: 1, endColumn: 2),
            value: value ?? YAMLNode(.null, span: .file("f.yaml")))
    }

    @Test("keys and values carry their places, counted in characters")
    func places() throws {
        let node = try #require(read("ä: {b: 数, c: [x, \"y\"]}\nd: 1\n").node)
        let c = try #require(node["ä"]?["c"])
        #expect(node.entries?[1].keySpan == SourceSpan(file: "f.yaml", line: 2, column: 1, endColumn: 2))
        #expect(node["ä"]?["b"]?.span == SourceSpan(file: "f.yaml", line: 1, column: 8, endColumn: 9))
        #expect(c.elements?[1].span == SourceSpan(file: "f.yaml", line: 1, column: 18, endColumn: 21))
    }

    @Test("merge keys are expanded, own keys win")
    func mergeKeys() throws {
        let node = try #require(read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 9}\n").node)
        let c = try #require(node["c"])
        #expect(c["x"]?.content == .integer(9))
        #expect(c["y"]?.content == .integer(2))
        #expect(c["z"]?.content == .integer(4))
    }

    @Test("an alias bomb is a located error")
    func aliasBomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        let result = read(text)
        #expect(result.node == nil)
        #expect(result.diagnostics.first?.message.contains("100000 values") == true)
        #expect(result.diagnostics.first?.line == 5)
    }

    @Test("a bomb of merge keys is a located error")
    func mergeBomb() {
        var text = "base: &m0 {" + (0..<300).map { "k\($0): 1" }.joined(separator: ", ") + "}\nuses:\n"
        for _ in 0..<400 { text += "  - {<<: *m0}\n" }
        let result = read(text)
        #expect(result.diagnostics.first?.message.contains("100000 values") == true)
        #expect((result.diagnostics.first?.line ?? 0) > 2)
    }

    @Test(
        "what cannot be read is a located error",
        arguments: [
            ("a: [1, 2\nb: 3\n", 2), ("a: 1\n---\nb: 2\n", 2), ("a: &x [*x]\n", 1), ("a: 1\na: 2\n", 2),
            ("a: !foo 1\n", 1),
            ("a: *nope\n", 1), ("a: !!int x\n", 1), ("a: \"unfinished\n", 2), ("a: b: c\n", 1), ("{a: 1}: 2\n", 1),
            ("<<: 3\n", 1),
            ("a: \u{1}\n", 1), ("%FOO\n", 1),
        ])
    func unreadable(text: String, line: Int) {
        let result = read(text)
        #expect(result.diagnostics.hasErrors)
        #expect((result.diagnostics.first?.line ?? 0) >= 1)
        #expect(abs((result.diagnostics.first?.line ?? 0) - line) <= 1, "\(result.diagnostics)")
    }

    @Test("bytes that are not UTF-8 are located")
    func invalidUTF8() {
        let result = YAMLReader.read(SourceText(name: "f", bytes: Array("a: 1\nb: ".utf8) + [0xFF, 0x0A]))
        #expect(result.diagnostics.map(\.line) == [2])
        #expect(result.diagnostics.map(\.column) == [4])
    }

    @Test("a byte order mark and CRLF are taken")
    func byteOrderMark() {
        let result = YAMLReader.read(SourceText(name: "f", bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)))
        #expect(result.diagnostics.isEmpty)
        #expect(result.node?["b"]?.content == .integer(2))
        #expect(result.node?.entries?.first?.keySpan.column == 1)
    }

    @Test(
        "an empty suite is an error, not a crash", arguments: ["", "\n", "# nothing\n", "---\n", "\u{FEFF}", "[]", "1"])
    func empty(text: String) {
        let result = load(text)
        #expect(result.suite == nil)
        #expect(result.diagnostics.hasErrors)
    }

    @Test("deep nesting is an error, also through aliases")
    func depth() {
        #expect(read(String(repeating: "[", count: 100_000)).diagnostics.hasErrors)
        let half = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let nested =
            "a: &a \(half)\nb: " + String(repeating: "[", count: 40) + "*a" + String(repeating: "]", count: 40) + "\n"
        #expect(read(nested).diagnostics.first?.message.contains("64 levels") == true)
    }

    @Test("too large a file is refused")
    func size() {
        let result = YAMLReader.read(
            SourceText(name: "f", bytes: Array(repeating: UInt8(ascii: "#"), count: (4 << 20) + 1)))
        #expect(result.diagnostics.hasErrors)
    }

    @Test("random bytes and mutated suites never crash the reader or the loader")
    func fuzz() throws {
        var random = SplitMix64(seed: 2026)
        let seeds = try ["contract.yaml", "diagnostics/yaml-traps.yaml", "diagnostics/eight-mistakes.yaml"].map {
            try fixture($0).bytes
        }
        let words = [
            "&a ", "*a", "<<: ", "{{", "}}", "[", "]", "{", "}", ": ", "- ", "|\n", ">\n", "\t", "\"", "'", "!!int ",
            "---\n", "\u{0}", "é",
        ]
        for round in 0..<400 {
            var bytes: [UInt8]
            if round % 4 == 0 {
                bytes = (0..<Int(random.draw(below: 300))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            } else {
                bytes = seeds[Int(random.draw(below: UInt64(seeds.count)))]
                for _ in 0...random.draw(below: 6) {
                    let at = Int(random.draw(below: UInt64(bytes.count)))
                    switch random.draw(below: 3) {
                    case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                    case 1:
                        bytes.insert(
                            contentsOf: Array(words[Int(random.draw(below: UInt64(words.count)))].utf8), at: at)
                    default: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.draw(below: 20)) + 1))
                    }
                    if bytes.isEmpty { bytes = [0x20] }
                }
            }
            let result = SuiteLoader(currentDirectory: "/s").load(
                source: SourceText(name: "fuzz", bytes: bytes), vocabulary: { _ in testVocabulary })
            // Whatever happened, it is either a suite or an error that can be shown.
            #expect((result.suite != nil) != result.diagnostics.hasErrors, "round \(round)")
            #expect(result.diagnostics.isEmpty || !result.rendered.isEmpty)
        }
    }
}
