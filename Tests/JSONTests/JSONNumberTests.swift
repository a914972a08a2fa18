import JSON
import Testing

@Suite struct JSONNumberTests {
    @Test(arguments: [
        ("1", "1.0"), ("1", "10e-1"), ("100", "1e2"), ("0", "-0.000"), ("0e5", "0"), ("-1.50", "-15E-1"),
        ("123456789012345678901234567890", "1.23456789012345678901234567890e29"), ("1e400", "10e399"),
    ]) func `Numbers are equal by value and hash alike`(_ a: String, _ b: String) throws {
        let (x, y) = (try #require(JSONNumber(text: a)), try #require(JSONNumber(text: b)))
        #expect(x == y)
        #expect(x.hashValue == y.hashValue)
        #expect(x.text == a)
    }

    @Test(arguments: [
        ("9007199254740993", "9007199254740992"), ("0.1", "0.10000000000000001"), ("1e400", "1e401"), ("1", "-1"),
        ("1e99999999999999999999", "1e99999999999999999998"),
    ]) func `Numbers that differ in a digit differ`(_ a: String, _ b: String) throws {
        #expect(try #require(JSONNumber(text: a)) != #require(JSONNumber(text: b)))
    }

    @Test func `A number tells whether it is an integer, an int, a double`() throws {
        func number(_ text: String) throws -> JSONNumber { try #require(JSONNumber(text: text)) }
        #expect(try number("2.5").int == nil)
        #expect(try number("2.5").double == 2.5)
        #expect(try number("25e-1").isInteger == false)
        #expect(try number("250e-1").int == 25)
        #expect(try number("1e30").int == nil)
        #expect(try number("1e30").isInteger)
        #expect(try number("1e400").double == nil)
        #expect(try number("-1e400").double == nil)
        #expect(try number("1e-400").double == 0)
        #expect(try number("-9223372036854775808.0").int == .min)
        #expect(try number("9223372036854775808.0").int == nil)
    }

    @Test func `A double is written in its shortest text`() {
        #expect(JSONNumber(3.0)?.text == "3")
        #expect(JSONNumber(-0.0)?.text == "0")
        #expect(JSONNumber(0.1)?.text == "0.1")
        #expect(JSONNumber(1e300)?.text == "1e+300")
        #expect(JSONNumber(.nan) == nil)
        #expect(JSONNumber(-.infinity) == nil)
        #expect(JSONNumber(UInt64.max).text == "18446744073709551615")
    }

    @Test(arguments: ["", " 1", "1 ", "+1", "1.", "0x1", "1,", "inf", "\"1\""]) func `Other texts are no numbers`(
        _ text: String
    ) {
        #expect(JSONNumber(text: text) == nil)
    }
}
