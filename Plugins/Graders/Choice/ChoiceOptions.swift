import EvalhPluginKit

/// What may be chosen: labels, and the options' texts where the item has them.
struct ChoiceOptions: Equatable {
    struct Option: Equatable {
        var label: String
        /// Empty where the item does not tell.
        var text: String
    }

    private(set) var options: [Option]

    /// Labels alone.
    init(letters: [String]) { options = letters.map { Option(label: $0, text: "") } }

    /// From an item: a list of texts, of objects with label and text, an object of lists or by label, or fields by
    /// letter or number. Labels that the item does not give are the letters.
    ///
    /// - Parameter field: Where they are, dots between levels; `nil`: where data sets usually have them.
    init(fieldsJSON: String, field: String?, letters: [String]) {
        let item = (try? JSONValue(parsing: fieldsJSON)) ?? .null
        let places = field.map { [$0] } ?? Self.usualPlaces
        for place in places {
            guard let value = item.value(at: place), let found = Self.read(value, letters), found.count > 1 else {
                continue
            }
            options = found
            return
        }
        options = field == nil ? Self.byField(item, letters) ?? [] : []
        if options.isEmpty { options = letters.map { Option(label: $0, text: "") } }
    }

    var labels: [String] { options.map(\.label) }
    var hasTexts: Bool { options.contains { !$0.text.isEmpty } }

    // MARK: The item

    private static let usualPlaces = [
        "choices", "options", "endings", "question.choices", "mc1_targets.choices", "answer_choices",
    ]

    private static func read(_ value: JSONValue, _ letters: [String]) -> [Option]? {
        if let elements = value.elements { return read(elements, letters) }
        guard let members = value.members else { return nil }
        if let texts = value["text"]?.elements {
            let labels = value["label"]?.elements?.compactMap(\.scalarText) ?? letters
            return zip(labels, texts.compactMap(\.scalarText)).map { Option(label: $0, text: $1) }
        }
        guard members.allSatisfy({ $0.key.count <= 2 }) else { return nil }
        let texts = members.compactMap { member in member.value.scalarText.map { Option(label: member.key, text: $0) } }
        return texts.sorted { $0.label < $1.label }
    }

    private static func read(_ elements: [JSONValue], _ letters: [String]) -> [Option]? {
        guard elements.count <= letters.count else { return nil }
        var options: [Option] = []
        for (letter, element) in zip(letters, elements) {
            if let text = element.scalarText {
                options.append(Option(label: letter, text: unlabelled(text, letter)))
                continue
            }
            let text = ["text", "content", "option", "choice", "value"].lazy.compactMap { element[$0]?.scalarText }
                .first
            let label = ["label", "key", "letter", "id"].lazy.compactMap { element[$0]?.scalarText }.first
            guard let text else { return nil }
            options.append(Option(label: label ?? letter, text: text))
        }
        return options
    }

    /// `A)21` and `(A) 21` are `21`.
    private static func unlabelled(_ text: String, _ letter: String) -> String {
        for start in ["(\(letter))", "\(letter))", "\(letter).", "\(letter):"] where text.hasPrefix(start) {
            return String(text.dropFirst(start.count).drop(while: \.isWhitespace))
        }
        return text
    }

    /// Fields `A`, `B` …; `option1`, `option2` …; `opa`, `opb` …
    private static func byField(_ item: JSONValue, _ letters: [String]) -> [Option]? {
        let families: [(Int, String) -> String] = [
            { _, letter in letter }, { number, _ in "option\(number)" }, { number, _ in "option_\(number)" },
            { number, _ in "sol\(number)" }, { number, _ in "ending\(number - 1)" },
            { _, letter in "op" + letter.lowercased() }, { number, _ in "choice\(number)" },
            { _, letter in "option_" + letter.lowercased() },
        ]
        for family in families {
            var options: [Option] = []
            for (number, letter) in letters.enumerated() {
                guard let text = item[family(number + 1, letter)]?.scalarText else { break }
                options.append(Option(label: letter, text: text))
            }
            if options.count > 1 { return options }
        }
        return nil
    }
}
