import JSON
import Testing

/// Random values and random bytes: what is written is read again as it was.
@Suite struct JSONPropertyTests {
    @Test func `Values are the same after writing and reading, in every form`() throws {
        for seed in 0..<500 as Range<UInt64> {
            var random = SeededGenerator(state: seed)
            let value = JSONPropertyTests.value(depth: 0, &random)
            for text in [value.text, value.prettyText(), value.indentedText(), value.indentedText(escapes: .python)] {
                let read = try JSONValue(parsing: text)
                #expect(read == value, "seed \(seed)")
                #expect(read.text == value.text, "seed \(seed)")
            }
            let canonical = try JSONValue(parsing: value.canonicalText)
            #expect(canonical.isEqual(to: value), "seed \(seed)")
            #expect(canonical.text == value.canonicalText, "seed \(seed)")
        }
    }

    @Test func `Bytes that are read have a canonical form that reads the same and stays`() {
        let alphabet = Array(#"{}[]"",::\u00e90123456789-.eE truefalsn"#.utf8) + [0x0A, 0xC3, 0xA9, 0xFF]
        var taken = 0
        for seed in 0..<20_000 as Range<UInt64> {
            var random = SeededGenerator(state: seed)
            let bytes = (0..<Int.random(in: 0..<10, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            for rules in [JSONRules.strict, .lenient] {
                guard let value = try? JSONValue(parsing: bytes, rules) else { continue }
                taken += 1
                let again = try? JSONValue(parsing: value.canonicalBytes)
                #expect(again?.isEqual(to: value) == true, "seed \(seed)")
                #expect(again?.canonicalBytes == value.canonicalBytes, "seed \(seed)")
            }
        }
        #expect(taken > 300)
    }

    @Test func `A text that is JSON is no longer so when it is cut or a quotation mark is put in`() throws {
        let text = Array(#"{"a":[1.5e3,"x\n",true,{"b":null}],"c":"é"}"#.utf8)
        for place in 0..<text.count {
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<place])) }
            guard place == 0 || text[place - 1] != 92 else { continue }
            var changed = text
            changed.insert(34, at: place)
            #expect(throws: JSONError.self) { try JSONValue(parsing: changed) }
        }
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int.random(in: .min...(.max), using: &random))
        case 3: number(&random)
        case 4: .string(text(&random))
        case 5: .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth + 1, &random) })
        default:
            .object(
                Set((0..<Int.random(in: 0..<20, using: &random)).map { _ in text(&random) }).sorted()
                    .map { JSONValue.Member($0, value(depth: depth + 1, &random)) })
        }
    }

    private static func number(_ random: inout SeededGenerator) -> JSONValue {
        let digits = (0..<Int.random(in: 1..<30, using: &random)).map { _ in
            String(Int.random(in: 0...9, using: &random))
        }.joined()
        let text = "-0.\(digits)e\(Int.random(in: -500...500, using: &random))"
        return JSONNumber(text: text).map(JSONValue.number) ?? .double(Double.random(in: 0..<1, using: &random))
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let range: ClosedRange<UInt32> = Bool.random(using: &random) ? 0...0x7F : 0...0x1FFFF
            text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "x")
        }
        return text
    }
}

/// SplitMix64, so that a failure can be repeated by its seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
