internal import Completions
internal import Foundation

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
        var score: Double?
        var cost: Double?
        var unit: String?
        do {
            var reader = JSONReader(Array(line))
            text = try reader.canonical()
            try reader.finish()
            reader = JSONReader(Array(line))
            try reader.object { (reader, key) throws(JSONFault) in
                switch key {
                case "score": score = try reader.double()
                case "cost": cost = try reader.double()
                case "unit": unit = try reader.string()
                default: try reader.skip()
                }
            }
        } catch {
            throw CommandFault("printed a last line that is no JSON (\(error.reason)): \(Self.shown(line))")
        }
        guard let score else { throw CommandFault("printed no number as `score`: \(Self.shown(line))") }
        guard let cost else { throw CommandFault("printed no number as `cost`: \(Self.shown(line))") }
        guard cost >= 0 else { throw CommandFault("printed a negative `cost`: \(Self.shown(line))") }
        self.score = score
        self.cost = cost
        self.unit = unit
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
        SafeText.clean(String(decoding: line.prefix(200), as: UTF8.self))
    }
}

/// Why a run has no answer, as the rest of a sentence that begins with the command.
struct CommandFault: Error {
    var text: String

    init(_ text: String) {
        self.text = text
    }
}
