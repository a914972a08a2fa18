import Foundation
import JSON
import Testing

/// Real data sets, where they are at hand: what is read is written again digit by digit.
@Suite struct DatasetRoundTripTests {
    static let files: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["EVALH_SHARED"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
        let data = URL(fileURLWithPath: shared + "/data").resolvingSymlinksInPath()
        let found = FileManager.default.enumerator(at: data, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
        return (found ?? []).filter { ["json", "jsonl"].contains($0.pathExtension) }.map(\.path).sorted()
    }()

    @Test(.enabled(if: !files.isEmpty, "../shared/data is not here"), arguments: files)
    func `Every row survives a round trip digit by digit`(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let texts = path.hasSuffix(".json") ? [bytes[...]] : bytes.split(separator: 0x0A)
        #expect(!texts.isEmpty)
        for text in texts {
            let value = try JSONValue(parsing: Array(text), JSONRules(maximumBytes: 1 << 30))
            let written = value.text
            let again = try JSONValue(parsing: written, JSONRules(maximumBytes: 1 << 30))
            #expect(again.text == written)
            // Numbers with their places, for equality of numbers says nothing of their digits.
            #expect(Self.numbers(again) == Self.numbers(text))
        }
    }

    /// The numbers of a JSON text in their order, found by another way than the reader's: outside of quotation marks.
    private static func numbers(_ text: ArraySlice<UInt8>) -> [String] {
        var numbers: [String] = []
        var isInText = false
        var isEscaped = false
        var number: [UInt8] = []
        for byte in text + [0x20] {
            if !isInText, "0123456789+-.eE".utf8.contains(byte), !number.isEmpty || byte != UInt8(ascii: "e") {
                number.append(byte)
                continue
            }
            if !number.isEmpty {
                numbers.append(String(decoding: number, as: UTF8.self))
                number = []
            }
            if isEscaped {
                isEscaped = false
            } else if isInText, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInText.toggle()
            }
        }
        return numbers
    }

    private static func numbers(_ value: JSONValue) -> [String] {
        switch value {
        case .null, .bool, .string: []
        case .number(let number): [number.text]
        case .array(let elements): elements.flatMap(numbers)
        case .object(let members): members.flatMap { numbers($0.value) }
        }
    }
}
