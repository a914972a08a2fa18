import Foundation
import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `What is written is JSON that Foundation reads back`() throws {
        let text = "a\"\\\n\r\t\u{1}\u{1F}é🙂</script>"
        var writer = JSONWriter()
        writer.object { json in
            json.field("s", text)
            json.array("a") { json in
                json.add(-3)
                json.add(0.7)
                json.object { _ in }
            }
            json.field("b", true)
            json.field("n", .infinity)
            json.field(text, 1)
        }
        let read = try #require(try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any])
        #expect(read["s"] as? String == text)
        #expect(read[text] as? Int == 1)
        #expect((read["a"] as? [Any])?.count == 3)
        #expect(read["n"] is NSNull)
        #expect(writer.text.contains(#""a":[-3,0.7,{}],"b":true,"n":null,"#))
    }

    @Test func `Every character of a text survives, whatever is escaped`() throws {
        let all = (0..<0x300).compactMap { Unicode.Scalar($0) }.map(Character.init)
        for length in [0, 1, 7, 8, 9, 16, 300] {
            for start in stride(from: 0, to: 0x300, by: 5) {
                let text = String(all.dropFirst(start).prefix(length))
                for escapes in [JSONWriter.Escapes.needed, .markup, .python] {
                    var writer = JSONWriter(escapes: escapes)
                    writer.add(text)
                    #expect(try JSONValue(parsing: writer.bytes).string == text)
                    if escapes == .markup { #expect(!writer.text.contains("<")) }
                }
            }
        }
    }

    @Test func `Absent values are null, and lines begin anew`() throws {
        var writer = JSONWriter()
        for line in 0..<2 {
            writer.object { json in
                json.field("line", line)
                json.field("text", nil as String?)
                json.field("number", nil as Double?)
                json.field("flag", nil as Bool?)
                json.field("raw", json: "[1]")
            }
            writer.endLine()
        }
        let rest = #","text":null,"number":null,"flag":null,"raw":[1]}"# + "\n"
        #expect(writer.text == "{\"line\":0" + rest + "{\"line\":1" + rest)
        #expect(writer.take().count == 2 * (rest.utf8.count + 9))
        #expect(writer.bytes.isEmpty)
    }

    @Test func `Indented text has one value a line`() throws {
        let value = try JSONValue(parsing: #"{"b":[1,{"x":[]}],"a":{},"c":[[2]]}"#)
        #expect(
            value.indentedText() == """
                {
                  "b": [
                    1,
                    {
                      "x": []
                    }
                  ],
                  "a": {},
                  "c": [
                    [
                      2
                    ]
                  ]
                }
                """)
    }
}
