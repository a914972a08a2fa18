import JSON
import Testing

@testable import PluginCheck

struct ParameterFuzzTests {
    private let schema: JSONValue = {
        let text = #"""
            {"type":"object","required":["role"],"properties":{
              "samples":{"type":"integer","minimum":2,"maximum":1024,"default":8},
              "share":{"type":"number","exclusiveMinimum":0,"maximum":1},
              "rule":{"type":"string","enum":["a","b"],"default":"b"},
              "words":{"type":"array","items":{"type":"string"},"minItems":1},
              "role":{"type":"string","minLength":1},
              "either":{"type":["number","null"],"default":null}}}
            """#
        return JSONValue(parsingOrNull: text)
    }()

    private func property(_ name: String) -> JSONValue { schema["properties"]?[name] ?? .null }

    @Test func `defaults are filled in, and what is required is made up`() {
        #expect(ParameterFuzz.defaults(schema).text == #"{"either":null,"role":"main","rule":"b","samples":8}"#)
    }

    @Test func `legal cases keep the schema and reach its corners`() {
        var fuzz = ParameterFuzz(schema, seed: 3)
        let cases = fuzz.legal(ParameterFuzz.defaults(schema), mixtures: 50)
        for value in cases {
            for member in value.members ?? [] {
                #expect(ParameterFuzz.mistake(in: member.value, property(member.key)) == nil, "\(value)")
            }
        }
        let samples = Set(cases.compactMap { $0["samples"]?.int })
        #expect(samples.isSuperset(of: [2, 3, 8, 66]))
        #expect(Set(cases.compactMap { $0["rule"]?.string }) == ["a", "b"])
        #expect(cases.contains { $0["share"]?.double.map { $0 < 1e-3 } ?? false })
    }

    @Test func `illegal cases break the schema or are no object`() throws {
        let base = ParameterFuzz.defaults(schema)
        let cases = ParameterFuzz(schema, seed: 3).illegal(base)
        #expect(cases.count > 40)
        var kept = 0
        for text in cases {
            guard let members = (try? JSONValue(parsing: text))?.members else { continue }
            let isBroken = members.contains { ParameterFuzz.mistake(in: $0.value, property($0.key)) != nil }
            let isMissing = !members.contains { $0.key == "role" }
            let isUnknown = members.contains { property($0.key) == .null }
            // What is left out has a default or is not required: that alone is legal.
            if !isBroken, !isMissing, !isUnknown { kept += 1 }
        }
        #expect(kept == schema["properties"]?.members?.count.advanced(by: -1))
    }

    @Test(arguments: [
        ("samples", "1", "breaks minimum 2"), ("samples", "2.5", "must be integer"), ("share", "0", "exclusiveMinimum"),
        ("rule", "\"c\"", "none of the legal values"), ("words", "[]", "minItems"), ("words", "[1]", "an entry"),
        ("role", "\"\"", "minLength"),
    ])
    func `a mistake is named`(name: String, value: String, says: String) throws {
        let mistake = ParameterFuzz.mistake(in: try JSONValue(parsing: value), property(name))
        #expect(mistake?.contains(says) == true, "\(mistake ?? "none")")
    }
}
