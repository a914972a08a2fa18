/// Answers in words.
enum MathWords {
    /// Other ways to say the same; all else equals only itself.
    private static let same: [String: String] = [
        "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday",
        "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
        "no solutions": "no solution", "no real solution": "no solution", "no real solutions": "no solution",
        "there is no solution": "no solution", "there are no solutions": "no solution", "none": "no solution",
        "empty set": "no solution", "does not exist": "undefined", "dne": "undefined",
        "all real number": "all real numbers", "all reals": "all real numbers",
    ]

    private static let numbers: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "sixteen": 16,
    ]

    /// Lower case, single spaces, without articles and marks.
    static func canonical(_ text: String) -> String {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'") }
        let kept = words.drop { ["the", "a", "an", "on", "in", "at"].contains($0) }
        let result = (kept.isEmpty ? words[...] : kept).joined(separator: " ")
        return same[result] ?? result
    }

    static func number(_ text: String) -> Int? { numbers[canonical(text)] }

    /// Commands that change nothing about what is written.
    private static let silent: Set<String> = [
        "left", "right", "displaystyle", "text", "mathrm", "mbox", "textbf", "mathbf", "quad", "qquad",
    ]

    /// What is written, for texts that are not read: white space, braces and what LaTeX adds for looks do not count.
    static func source(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == "\\" {
                var name = ""
                while index < scalars.count, scalars[index].isASCII, scalars[index].properties.isAlphabetic {
                    name.unicodeScalars.append(scalars[index])
                    index += 1
                }
                if name.isEmpty {
                    if index < scalars.count, !",!;:()[] ".unicodeScalars.contains(scalars[index]) {
                        result.append("\\")
                    } else {
                        index += 1
                    }
                } else if !silent.contains(name) {
                    let isFraction = name == "dfrac" || name == "tfrac"
                    result.append(contentsOf: ("\\" + (isFraction ? "frac" : name)).unicodeScalars)
                }
            } else if scalar.value > 0x20, !"{}~$".unicodeScalars.contains(scalar), !scalar.properties.isWhitespace {
                result.append(scalar)
            }
        }
        while let last = result.last, ".,;:".unicodeScalars.contains(last) { result.removeLast() }
        return String(result)
    }
}
