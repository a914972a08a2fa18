/// What a value is measured in.
struct MathUnit: Hashable, Sendable {
    /// What can be compared: `length^2`, `money`, `percent`; `nil`: a word that is not known, and may be left away.
    var dimension: String?
    /// How many of the dimension's own unit it is.
    var factor: Expression
    /// As it is written, in lower case.
    var text: String
}

enum MathUnits {
    static let degree = Expression.product([.constant(.pi), Expression.integer(180).inverse])
    static let percent = MathUnit(dimension: "percent", factor: Expression.integer(100).inverse, text: "%")
    static let degrees = MathUnit(dimension: "angle", factor: degree, text: "degrees")

    static func money(_ mark: Unicode.Scalar) -> MathUnit? {
        switch mark {
        case "$": MathUnit(dimension: "dollar", factor: .one, text: "dollars")
        case "€": MathUnit(dimension: "euro", factor: .one, text: "euros")
        case "£": MathUnit(dimension: "pound sterling", factor: .one, text: "£")
        case "¥": MathUnit(dimension: "yen", factor: .one, text: "yen")
        case "₹": MathUnit(dimension: "rupee", factor: .one, text: "rupees")
        default: nil
        }
    }

    /// Singular names with their dimension and how many of its unit they are.
    private static let table: [(dimension: String, names: String, top: Int, bottom: Int)] = [
        ("length", "m meter metre", 1, 1), ("length", "cm centimeter centimetre", 1, 100),
        ("length", "mm millimeter millimetre", 1, 1000), ("length", "km kilometer kilometre", 1000, 1),
        ("length", "in inch", 254, 10000), ("length", "ft foot feet", 3048, 10000), ("length", "yd yard", 9144, 10000),
        ("length", "mi mile", 1_609_344, 1000),
        ("mass", "g gram", 1, 1000), ("mass", "kg kilogram", 1, 1), ("mass", "mg milligram", 1, 1_000_000),
        ("mass", "lb pound", 45_359_237, 100_000_000), ("mass", "oz ounce", 45_359_237, 1_600_000_000),
        ("mass", "ton tonne", 1000, 1),
        ("time", "s sec second", 1, 1), ("time", "min minute", 60, 1), ("time", "h hr hour", 3600, 1),
        ("time", "day", 86400, 1), ("time", "week", 604_800, 1), ("time", "ms millisecond", 1, 1000),
        ("volume", "l liter litre", 1, 1), ("volume", "ml milliliter millilitre", 1, 1000),
        ("volume", "gal gallon", 3_785_411_784, 1_000_000_000),
        ("dollar", "dollar usd buck", 1, 1), ("dollar", "cent ¢", 1, 100), ("euro", "euro eur", 1, 1),
        ("percent", "percent percentage pct", 1, 100), ("angle", "radian rad", 1, 1),
        ("speed", "mph", 44704, 100_000), ("year", "year yr", 1, 1), ("month", "month", 1, 1),
    ]

    /// By singular and plural.
    static let known: [String: MathUnit] = {
        var result = ["degree": degrees, "degrees": degrees, "deg": degrees]
        for row in table {
            let factor = Expression.product([.integer(row.top), Expression.integer(row.bottom).inverse])
            for name in row.names.split(separator: " ").map(String.init) {
                let unit = MathUnit(dimension: row.dimension, factor: factor, text: name)
                result[name] = unit
                if name.utf8.count > 1 { result[name + (name.hasSuffix("h") ? "es" : "s")] = unit }
            }
        }
        return result
    }()

    /// Words that multiply the number before them.
    static let multiples: [String: Int] = [
        "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000,
        "dozen": 12,
    ]

    /// A phrase behind a number: `square inches`, `cm^2`, `miles per hour`, `apples`.
    static func unit(of words: [String]) -> MathUnit {
        var parts: [(unit: MathUnit, power: Int)] = []
        var power = 1
        var sign = 1
        var isKnown = true
        for word in words {
            if word == "per" || word == "/" || word == "a" && !parts.isEmpty {
                sign = -1
            } else if word == "square" || word == "sq" || word == "cubic" {
                power = word == "cubic" ? 3 : 2
            } else if word == "squared" || word == "cubed" || word.hasPrefix("^") {
                guard !parts.isEmpty else { continue }
                parts[parts.count - 1].power *= word == "squared" ? 2 : word == "cubed" ? 3 : Int(word.dropFirst()) ?? 1
            } else if word == "." || word == "*" {
                continue
            } else if let unit = known[word] {
                parts.append((unit, power * sign))
                power = 1
            } else {
                isKnown = false
            }
        }
        let text = words.joined(separator: " ")
        guard isKnown, !parts.isEmpty else { return MathUnit(dimension: nil, factor: .one, text: text) }
        let dimensions = parts.map {
            $0.power == 1 ? $0.unit.dimension ?? "" : "\($0.unit.dimension ?? "")^\($0.power)"
        }
        let factor = parts.map { Expression.power($0.unit.factor, .integer($0.power)) }
        return MathUnit(dimension: dimensions.joined(separator: "*"), factor: MathParser.product(factor), text: text)
    }
}
