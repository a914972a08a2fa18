import EvalhPluginKit
import Testing

@Suite struct JSONTests {
    @Test func `a value is read and written back`() throws {
        let text = #"{"a":[1,-2.5,true,null,false,0],"b":{"c":"x\"\\\n\tü😀\u0001"},"d":[],"e":{}}"#
        #expect(try JSONValue(parsing: text).description == text)
        #expect(
            try JSONValue(parsing: " [ 1 , 2e3,\r\n1.5E-1 ] ") == .array([.integer(1), .double(2000), .double(0.15)]))
    }

    @Test func `escapes give their characters, half pairs the replacement character`() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\/\b""#) == .string("é😀/\u{8}"))
        #expect(try JSONValue(parsing: #""\ud83dx""#) == .string("\u{fffd}x"))
        #expect(try JSONValue(parsing: #""\ude00\ud83d\u0041""#) == .string("\u{fffd}\u{fffd}A"))
    }

    @Test(arguments: [
        "", " ", "{", "[1,", "[1 2]", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "\"", "\"\n\"", "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u12",
        "01", "1.", ".5", "1e", "-", "+1", "tru", "nul", "1 1", "{\"a\":1,\"a\":2}", "NaN", "[", "\u{feff}1",
    ])
    func `what is no JSON is refused with the place`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func `a number that no double holds keeps its digits and is no double`() throws {
        let value = try JSONValue(parsing: "1e999")
        #expect(value.description == "1e999")
        #expect(value.double == nil)
    }

    @Test func `nesting and length are bounded`() throws {
        let levels = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(throws: Never.self) { try JSONValue(parsing: levels) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: "\"" + String(repeating: "x", count: 17 << 20) + "\"")
        }
    }

    @Test func `members are found by key`() throws {
        let value = try JSONValue(parsing: #"{"a":1,"b":"x","c":1.5}"#)
        #expect(value["a"]?.double == 1)
        #expect(value["b"]?.string == "x")
        #expect(value["c"]?.double == 1.5)
        #expect(value["d"] == nil)
        #expect(JSONValue.integer(1)["a"] == nil)
    }
}
