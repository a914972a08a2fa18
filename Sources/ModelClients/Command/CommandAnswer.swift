internal import Completions
internal import Foundation
internal import JSON

/// What a program printed: how well it did, and what that cost.
struct CommandAnswer: Equatable {
    var score: Double
    /// 0 or more, in `unit`.
    var cost: Double
    var unit: String?
    /// The whole line as canonical JSON, what else the program wrote into it included.
    var text: String

    /// Reads the last line of `output` that is not blank.
    /// - Throws: what is wrong with it.
    init(output: [UInt8]) throws(CommandFault) {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let line = output.split(separator: UInt8(ascii: "\n")).last(where: { !$0.allSatisfy(isSpace) }) else {
            throw CommandFault("printed nothing")
        }
        let answer: JSONValue
        do {
            answer = try JSONValue(parsing: Array(line), .lenient)
        } catch {
            throw CommandFault("printed a last line that is no JSON (\(error.message)): \(Self.shown(line))")
        }
        // Equal answers must be equal texts, however the program writes its numbers.
        guard let canonical = answer.withShortestNumbers else {
            throw CommandFault("printed a number beyond 64 bits: \(Self.shown(line))")
        }
        guard let score = answer["score"]?.double else {
            throw CommandFault("printed no number as `score`: \(Self.shown(line))")
        }
        guard let cost = answer["cost"]?.double else {
            throw CommandFault("printed no number as `cost`: \(Self.shown(line))")
        }
        guard cost >= 0 else { throw CommandFault("printed a negative `cost`: \(Self.shown(line))") }
        self.score = score
        self.cost = cost
        unit = answer["unit"]?.string
        text = canonical.canonicalText
    }

    /// The cost in tokens of `costPerToken` each, rounded.
    func tokens(_ costPerToken: Double) throws(CommandFault) -> Int {
        let tokens = (cost / costPerToken).rounded()
        guard tokens <= 1e15 else {
            throw CommandFault("printed a cost of \(cost): too large to be counted, set a larger `cost_per_token`")
        }
        return Int(tokens)
    }

    private static func shown(_ line: ArraySlice<UInt8>) -> String {
        CleanText.clean(String(decoding: line.prefix(200), as: UTF8.self))
    }
}

/// Why a run has no answer, as the rest of a sentence that begins with the command.
struct CommandFault: Error {
    var text: String

    init(_ text: String) {
        self.text = text
    }
}
