import Foundation
import Testing

@testable import JSON

@Suite struct JSONCodingTests {
    private struct Inner: Codable, Equatable {
        var text: String?
        var values: [Double]
        var counts: [String: Int]
    }
    private enum Kind: Codable, Equatable {
        case plain
        case named(String, level: Int)
    }
    private struct Outer: Codable, Equatable {
        var inner: [Inner]
        var kind: Kind
        var seed: UInt64
        var flag: Bool?
        var any: JSONValue
        var float: Float
    }
    private static let outer = Outer(
        inner: [Inner(text: nil, values: [0.1, 1e300, -3], counts: ["b": 1, "a": 2])], kind: .named("x", level: 2),
        seed: .max, flag: nil, any: .object([.init("n", .number(JSONNumber(checked: "1e400")))]), float: 0.1)

    @Test func `Codable values survive, values of unknown shape with all their digits`() throws {
        let value = try JSONValue(encoding: Self.outer)
        #expect(try JSONValue(parsing: value.text).decoded(as: Outer.self) == Self.outer)
        #expect(value["any"]?.text == #"{"n":1e400}"#)
        #expect(value["seed"]?.text == "18446744073709551615")
        #expect(value["float"]?.text == "0.1")
        #expect(value["flag"] == nil)
    }

    @Test func `Foundation's coders and these agree`() throws {
        var plain = Self.outer
        plain.any = .array([.integer(1), .null, .bool(true), .double(0.5), .object([.init("a", .string("x"))])])
        let bytes = Array(try JSONEncoder().encode(plain))
        #expect(try JSONValue(parsing: bytes).decoded(as: Outer.self) == plain)
        let text = try JSONValue(encoding: plain).text
        #expect(try JSONDecoder().decode(Outer.self, from: Data(text.utf8)) == plain)
        let sorted = JSONEncoder()
        sorted.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(
            String(decoding: try sorted.encode(plain), as: UTF8.self) == (try JSONValue(encoding: plain).canonicalText))
    }

    @Test(arguments: [
        (#"{"text":1,"values":[],"counts":{}}"#, "text"), (#"{"values":[1,"x"],"counts":{}}"#, "values.Index 1"),
        (#"{"values":[],"counts":{"a":2.5}}"#, "counts.a"), (#"{"values":[1e400],"counts":{}}"#, "values.Index 0"),
        (#"{"values":[null],"counts":{}}"#, "values.Index 0"), (#"{"values":[]}"#, ""), ("[]", ""),
    ]) func `What does not fit is an error with its path`(_ text: String, _ path: String) throws {
        let error = try #require(throws: DecodingError.self) { try JSONValue(parsing: text).decoded(as: Inner.self) }
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return
        }
        #expect(context.codingPath.map(\.stringValue).joined(separator: ".") == path)
    }

    @Test func `Infinities are refused`() {
        #expect(throws: EncodingError.self) { try JSONValue(encoding: ["x": Double.infinity]) }
    }
}
