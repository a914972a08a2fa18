import EvalhNumbers
import Testing

struct NumberReadingTests {
    private func keys(_ text: String, isWhole: Bool = false) -> [String] {
        NumberScanner(NumberText.normalised(text), isWhole: isWhole).all().map(\.value.key)
    }

    @Test func `numbers are found as people and models write them`() {
        #expect(keys("They paid −$1,234.50, or 3½ %.") == ["-1234.5", "3.5"])
        #expect(keys("12,34,567 and 1.234,56 and 1.2e3 and 5 × 10^{-2}") == ["1234567", "1234.56", "1200", "0.05"])
        #expect(keys("\\frac{2}{6} of １２ and 1/3") == ["1/3", "12", "1/3"])
    }

    @Test func `what only looks like a number is none`() {
        #expect(keys("H2O at 12:30 on 2024-05-06, the 3rd time, 24/7").isEmpty)
    }

    @Test func `an answer alone is read as one number`() {
        #expect(keys("3,5", isWhole: true) == ["3.5"])
        #expect(keys("3,5") == ["3", "5"])
    }

    @Test func `a percentage is marked and knows its share`() throws {
        let found = try #require(NumberScanner("7.5 %").all().first)
        #expect(found.isPercent && found.value.key == "7.5" && found.value.hundredth?.key == "0.075")
        #expect(found.range == 0..<3)
    }

    @Test func `numbers are equal by value, however long`() throws {
        let long = String(repeating: "9", count: 400)
        let number = try #require(ExactNumber(isNegative: true, whole: long, fraction: "500"))
        #expect(number.key == "-\(long).5" && number == ExactNumber(isNegative: true, whole: "0" + long, fraction: "5"))
        let half = try #require(ExactNumber(isNegative: false, numerator: "2", denominator: "4"))
        #expect(half.key == "0.5" && half.approximate == 0.5)
        #expect(ExactNumber(isNegative: false, numerator: "1", denominator: "0") == nil)
        #expect(ExactNumber(isNegative: false, numerator: "1", denominator: "-3") == nil)
        #expect(ExactNumber(isNegative: false, whole: "1", exponent: 5000) == nil)
    }

    @Test func `groups in braces are read one after the other`() {
        var reader = BraceReader(" {a{b}c} {d}{e"[...])
        #expect(reader.group() == "a{b}c" && reader.group() == "d" && reader.group() == nil)
        #expect(reader.rest == "{e")
    }
}
