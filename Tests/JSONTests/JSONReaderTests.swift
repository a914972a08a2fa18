import Foundation
import JSON
import Testing

@Suite struct JSONReaderTests {
    @Test func `Strings are unescaped and repaired`() throws {
        func read(_ text: String) throws -> String? {
            var reader = JSONReader(Array(text.utf8), .lenient)
            let value = try reader.string()
            try reader.finish()
            return value
        }
        #expect(try read(#""a\n\t\"\\\/\u00e9\ud83d\ude42""#) == "a\n\t\"\\/é🙂")
        #expect(try read(#""\ud83d x \ude42""#) == "\u{FFFD} x \u{FFFD}")
        #expect(try read(#""\ud83d\u0041""#) == "\u{FFFD}A")
        var reader = JSONReader([34, 0xFF, 0xFE, 34], .lenient)
        #expect(try reader.string() == "\u{FFFD}\u{FFFD}")
        for bad in [#""a"#, #""\"#, #""\u12""#, #""\x""#, "\"a\\"] { #expect(throws: JSONError.self) { try read(bad) } }
    }

    @Test func `Numbers keep their value, and what is no integer is none`() throws {
        func int(_ text: String) throws -> Int? {
            var reader = JSONReader(Array(text.utf8))
            return try reader.int()
        }
        #expect(try int("42") == 42)
        #expect(try int("-7") == -7)
        #expect(try int("3.0") == 3)
        #expect(try int("2.5") == nil)
        #expect(try int("9007199254740993") == 9_007_199_254_740_993)
        #expect(try int("-9223372036854775808") == .min)
        #expect(try int("9223372036854775808") == nil)
        #expect(try int("-9223372036854775808e0") == .min)
        #expect(try int("922337203685477580.8e1") == nil)
        #expect(try int("1e18") == 1_000_000_000_000_000_000)
        #expect(try int("1e300") == nil)
        #expect(try int("\"x\"") == nil)
        #expect(try int("123456789012345678901234567890") == nil)
        #expect(throws: JSONError.self) { try int("-") }
        #expect(throws: JSONError.self) {
            var reader = JSONReader(Array("1.2.3".utf8))
            _ = try reader.int()
            try reader.finish()
        }
    }

    @Test func `A double read from bytes is the one that the standard library reads from the text`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let digits = Int.random(in: 0...Int.max >> Int.random(in: 0..<62), using: &random)
            var text = Array(String(digits))
            if Bool.random() { text.insert(".", at: Int.random(in: 1...text.count)) }
            if text.last == "." { text.append("0") }
            if text.count > 1, text[0] == "0", text[1] != "." { text.removeFirst() }
            if Bool.random() { text += Array("e\(Int.random(in: -330...330))") }
            let number = (Bool.random() ? "-" : "") + String(text)
            var reader = JSONReader(Array(number.utf8))
            let value = try reader.double()
            #expect(value?.bitPattern == Double(number)?.bitPattern, "\(number)")
        }
    }

    @Test func `Values of other kinds are skipped whole`() throws {
        var reader = JSONReader(Array(#"{"a":{"b":[1,{"c":"]}"},[]],"d":{}},"e":[true,null,false],"f":7}"#.utf8))
        var seen = 0
        try reader.object { (reader, key) throws(JSONError) in
            if key == "f" { seen = try reader.int() ?? 0 } else { #expect(try reader.string() == nil) }
        }
        try reader.finish()
        #expect(seen == 7)
    }

    @Test func `A part of the bytes is read as if it were all of them`() throws {
        let bytes = Array(#"[1]{"a":"x"}"}]"#.utf8)
        var reader = JSONReader(bytes, in: 3..<12)
        #expect(try reader.value() == .object([.init("a", .string("x"))]))
        try reader.finish()
        var short = JSONReader(bytes, in: 3..<10)
        #expect(throws: JSONError.self) { try short.value() }
    }

    @Test func `Deep nesting is an error, never a trap`() throws {
        let deep = [UInt8](repeating: 91, count: 100_000)
        var reader = JSONReader(deep)
        #expect(throws: JSONError.self) { try reader.skip() }
        #expect(throws: JSONError.self) { try JSONValue(parsing: deep) }
        let levels = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(throws: Never.self) { try JSONValue(parsing: levels) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[\(levels)]") }
    }

    @Test func `A text beyond its bound is refused`() {
        #expect(throws: Never.self) { try JSONValue(parsing: "[12]", JSONRules(maximumBytes: 4)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[123]", JSONRules(maximumBytes: 4)) }
    }

    @Test(arguments: [
        ("{\"a\": 1,\n \"b\": x}", 15, 2, 7), ("[1, 2", 5, 1, 6), ("{\"é\":1,\"é\":2}", 8, 1, 9), ("\"a\nb\"", 2, 1, 3),
        ("1\n\n2", 3, 3, 1), ("\"abc", 0, 1, 1), (#"["\q"]"#, 2, 1, 3),
    ]) func `An error names its byte, line and column`(_ text: String, _ offset: Int, _ line: Int, _ column: Int) throws
    {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error.offset == offset)
        #expect(error.line == line)
        #expect(error.column == column)
    }

    @Test func `Invalid UTF-8 is located`() throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: [91, 34, 97, 0xC3, 34, 93]) }
        #expect(error.offset == 3)
    }

    @Test(arguments: [
        (#" { "b" : 1.50, "a" : [ true , null, -0.0, 1e2 ] } "#, #"{"a":[true,null,0,100],"b":1.5}"#),
        (#"{"\u00e9":"\/\u0041\n","Z":{}}"#, "{\"Z\":{},\"\u{e9}\":\"/A\\n\"}"), ("0.1", "0.1"), ("[]", "[]"),
    ]) func `Canonical text with shortest numbers is the same for equal values`(
        _ text: String, _ canonical: String
    ) throws {
        #expect(try JSONValue(parsing: text).withShortestNumbers?.canonicalText == canonical)
        #expect(try JSONValue(parsing: canonical).withShortestNumbers?.canonicalText == canonical)
    }

    @Test func `A number beyond doubles has no shortest text`() throws {
        #expect(try JSONValue(parsing: "[1e999]").withShortestNumbers == nil)
        #expect(try JSONValue(parsing: "{\"a\":1e999}").canonicalText == "{\"a\":1e999}")
    }
}
