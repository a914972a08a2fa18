import JSON
import Testing

/// What is JSON, under which rules.
@Suite struct JSONVerdictTests {
    @Test(arguments: [
        "", " ", "{", "[1,", "[1 2]", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{,}", "{1:2}",
        "\"",
        "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "01", "-01", "1.", ".5", "1e", "1e+", "-", "+1", "tru", "nul", "True",
        "1 1", "{\"a\":1,\"a\":2}", "{\"b\":[{\"a\":1,\"a\":2}]}", "NaN", "Infinity", "-Infinity", "[", "\u{feff}1",
        "'a'", "[1]]", "{\"a\":1}}", "/**/1", "0x10", "1_000", "\"a\"b",
    ]) func `What is no JSON is refused under all rules`(_ text: String) {
        for rules in [JSONRules.strict, .lenient] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: text, rules) }
            #expect(throws: JSONError.self) {
                var reader = JSONReader(Array(text.utf8), rules)
                _ = try reader.value()
                try reader.finish()
            }
        }
    }

    @Test(arguments: [
        "null", "true", " [ ] ", "\t{\r\n}\n", "0", "-0", "-0.0e-0", "1e400", "9007199254740993", "\"\"", "\"\u{7f}\"",
        "[[],{},\"\",null]", "\"\\ud83d\"", "{\"\":0,\"a\":{\"a\":1}}", "123456789012345678901234567890.5E+10",
    ]) func `What is JSON is taken under all rules, and skipped as well`(_ text: String) throws {
        for rules in [JSONRules.strict, .lenient] {
            #expect(throws: Never.self) { try JSONValue(parsing: text, rules) }
            var reader = JSONReader(Array(text.utf8), rules)
            try reader.skip()
            try reader.finish()
        }
    }

    @Test(
        arguments: [[34, 0xFF, 34], [34, 0xC3, 34], [34, 0xED, 0xA0, 0x80, 34], [34, 0x0A, 34], [34, 0, 34]]
            as [[UInt8]])
    func `Invalid UTF-8 and control characters are refused strictly and repaired leniently`(_ bytes: [UInt8]) throws {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        let value = try JSONValue(parsing: bytes, .lenient)
        #expect(value.string == String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self))
    }
}
