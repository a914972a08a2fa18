import Foundation
import Testing

@testable import ModelClients

@Suite struct JSONTests {
    @Test func `Strings are unescaped and repaired`() throws {
        func read(_ text: String) throws -> String? {
            var reader = JSONReader(Array(text.utf8))
            let value = try reader.string()
            try reader.finish()
            return value
        }
        #expect(try read(#""a\n\t\"\\\/\u00e9\ud83d\ude42""#) == "a\n\t\"\\/é🙂")
        #expect(try read(#""\ud83d x \ude42""#) == "\u{FFFD} x \u{FFFD}")
        #expect(try read(#""\ud83d\u0041""#) == "\u{FFFD}A")
        var reader = JSONReader([34, 0xFF, 0xFE, 34])
        #expect(try reader.string() == "\u{FFFD}\u{FFFD}")
        for bad in [#""a"#, #""\"#, #""\u12""#, #""\x""#, "\"a\\"] { #expect(throws: JSONFault.self) { try read(bad) } }
    }

    @Test func `Numbers keep their value, and what is no integer is none`() throws {
        func int(_ text: String) throws -> Int? {
            var reader = JSONReader(Array(text.utf8))
            return try reader.int()
        }
        #expect(try int("42") == 42)
        #expect(try int("-7") == -7)
        #expect(try int("3.0") == 3)
        #expect(try int("1e300") == nil)
        #expect(try int("\"x\"") == nil)
        #expect(try int("123456789012345678901234567890") == nil)
        #expect(throws: JSONFault.self) { try int("-") }
        #expect(throws: JSONFault.self) { try int("1.2.3") }
    }

    @Test func `Values of other kinds are skipped whole`() throws {
        var reader = JSONReader(Array(#"{"a":{"b":[1,{"c":"]}"},[]],"d":{}},"e":[true,null,false],"f":7}"#.utf8))
        var seen = 0
        try reader.object { (reader, key) throws(JSONFault) in
            if key == "f" { seen = try reader.int() ?? 0 } else { #expect(try reader.string() == nil) }
        }
        try reader.finish()
        #expect(seen == 7)
    }

    @Test func `Deep nesting and every truncation are faults, never traps`() throws {
        var deep = JSONReader([UInt8](repeating: 91, count: 100_000))
        #expect(throws: JSONFault.self) { try deep.skip() }
        let text = Array(
            #"{"choices":[{"index":0,"message":{"content":"\u00e9\n"},"logprobs":{"content":[{"token":"a","logprob":-1.5e-3}]}}],"usage":{"prompt_tokens":1}}"#
                .utf8)
        for length in 0..<text.count {
            #expect(throws: JSONFault.self) { try WireFormat.chat.read(Array(text[..<length])) }
        }
    }

    @Test func `Random bytes never trap any reader`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0123456789-.etruefalsn choicesdeltacontentusage"#.utf8) + [0, 0xC3, 0xFF]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0..<60)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            for format in [WireFormat.chat, .llama] { _ = try? format.read(bytes) }
            _ = FailureReader.failure(status: 500, contentType: nil, body: bytes)
        }
    }

    @Test func `What is written is JSON that Foundation reads back`() throws {
        let text = "a\"\\\n\r\t\u{1}\u{1F}é🙂</script>"
        var writer = JSONWriter()
        writer.object { json in
            json.string("s", text)
            json.array("a") { json in
                json.int(nil, -3)
                json.double(nil, 0.7)
                json.object(nil) { _ in }
            }
            json.bool("b", true)
            json.double("n", .infinity)
        }
        let read = try #require(try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any])
        #expect(read["s"] as? String == text)
        #expect((read["a"] as? [Any])?.count == 3)
        #expect(read["n"] is NSNull)
        #expect(
            String(decoding: writer.bytes.suffix(28), as: UTF8.self).hasSuffix(
                #"[-3,0.7,{}],"b":true,"n":null}"#.suffix(28)))
    }

    @Test(arguments: [
        (#" { "b" : 1.50, "a" : [ true , null, -0.0, 1e2 ] } "#, #"{"a":[true,null,0,100],"b":1.5}"#),
        (#"{"\u00e9":"\/\u0041\n","Z":{}}"#, "{\"Z\":{},\"\u{e9}\":\"/A\\n\"}"), ("0.1", "0.1"), ("[]", "[]"),
    ]) func `Canonical text is the same for equal values`(_ text: String, _ canonical: String) throws {
        var reader = JSONReader(Array(text.utf8))
        #expect(try reader.canonical() == canonical)
        var again = JSONReader(Array(canonical.utf8))
        #expect(try again.canonical() == canonical)
    }

    @Test(arguments: [#"{"a":1,"a":2}"#, "1e999", "[1", "NaN"]) func `What has no canonical text is a fault`(
        _ text: String
    ) {
        var reader = JSONReader(Array(text.utf8))
        #expect(throws: JSONFault.self) { try reader.canonical() }
    }
}
