/// LaTeX around numbers as plain text: `\frac{1}{2}` as `1/2`, `1{,}234` as `1,234`, `\text{ cm}` as ` cm `.
enum LatexText {
    /// One pass: a command that has groups says what stands in place of their braces, and the pass goes on inside.
    static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var writer = Writer(bytes)
        writer.run()
        return writer.result
    }

    private static let symbols: [UInt8: [UInt8]] = [
        UInt8(ascii: ","): NumberText.figureSpace, UInt8(ascii: "!"): [], UInt8(ascii: ";"): Array(" ".utf8),
        UInt8(ascii: ":"): Array(" ".utf8), UInt8(ascii: " "): Array(" ".utf8), UInt8(ascii: "$"): Array("$".utf8),
        UInt8(ascii: "%"): Array("%".utf8), UInt8(ascii: "\\"): Array("\\\\".utf8),
    ]

    private enum Command {
        case word([UInt8])
        case fraction
        /// Its group is text.
        case style
    }

    private static let commands: [String: Command] = {
        var commands: [String: Command] = [
            "left": .word([]), "right": .word([]), "displaystyle": .word([]), "times": .word(Array("×".utf8)),
            "cdot": .word(Array("×".utf8)), "quad": .word(Array(" ".utf8)), "qquad": .word(Array(" ".utf8)),
        ]
        for name in ["frac", "dfrac", "tfrac", "cfrac"] { commands[name] = .fraction }
        for name in [
            "text", "textbf", "textit", "textrm", "textnormal", "mathrm", "mathbf", "mathit", "mathsf", "mbox", "bold",
            "boldsymbol", "operatorname", "emph", "underline",
        ] { commands[name] = .style }
        return commands
    }()

    private struct Writer {
        let bytes: [UInt8]
        let braces: BracePairs
        var result: [UInt8] = []
        /// What stands in place of the bytes from an offset on, and where the text goes on: groups are nested, so the
        /// next place is always the last one.
        var places: [(start: Int, byte: UInt8, next: Int)] = []
        var index = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            braces = BracePairs(bytes)
            result.reserveCapacity(bytes.count)
        }

        mutating func run() {
            while index < bytes.count {
                if let place = places.last, place.start <= index {
                    places.removeLast()
                    guard place.start == index else { continue }
                    result.append(place.byte)
                    index = place.next
                } else if bytes[index] == UInt8(ascii: "\\") {
                    command()
                } else if bytes[index] == UInt8(ascii: "{"), byte(index + 1) == UInt8(ascii: ","),
                    byte(index + 2) == UInt8(ascii: "}")
                {
                    result.append(UInt8(ascii: ","))
                    index += 3
                } else {
                    result.append(bytes[index])
                    index += 1
                }
            }
        }

        private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

        private mutating func command() {
            if let symbol = symbols[byte(index + 1)] {
                result += symbol
                index += 2
                return
            }
            var end = index + 1
            while (65...90).contains(byte(end) & ~32), end - index < 20 { end += 1 }
            let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
            switch commands[name] {
            case .word(let word):
                result += word
                index = end
            case .fraction: fraction(from: end)
            case .style:
                guard let open = group(at: end), let close = braces.close(of: open) else { fallthrough }
                result.append(UInt8(ascii: " "))
                places.append((close, UInt8(ascii: " "), close + 1))
                index = open + 1
            case nil:
                result += bytes[index..<max(end, index + 1)]
                index = max(end, index + 1)
            }
        }

        /// `{1}{2}`, `12`, `1{23}`: two groups or digits.
        private mutating func fraction(from end: Int) {
            guard let top = argument(at: end), let bottom = argument(at: top.next) else {
                result += bytes[index..<end]
                index = end
                return
            }
            result.append(UInt8(ascii: " "))
            index = top.content.lowerBound
            places.append((bottom.content.upperBound, UInt8(ascii: " "), bottom.next))
            places.append((top.content.upperBound, UInt8(ascii: "/"), bottom.content.lowerBound))
        }

        private func argument(at start: Int) -> (content: Range<Int>, next: Int)? {
            if let open = group(at: start) {
                return braces.close(of: open).map { (open + 1..<$0, $0 + 1) }
            }
            let digit = afterSpaces(start)
            // A digit's end has no brace to stand in place of: what follows is looked at again.
            return (48...57).contains(byte(digit)) ? (digit..<digit + 1, digit + 1) : nil
        }

        private func group(at start: Int) -> Int? {
            let open = afterSpaces(start)
            return byte(open) == UInt8(ascii: "{") ? open : nil
        }

        private func afterSpaces(_ start: Int) -> Int {
            var index = start
            while byte(index) == UInt8(ascii: " ") { index += 1 }
            return index
        }
    }
}
