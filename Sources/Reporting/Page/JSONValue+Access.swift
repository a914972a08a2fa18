internal import JSON

/// Reading values of whose shape nothing is certain: what does not fit is absent.
extension JSONValue? {
    subscript(key: String) -> JSONValue? { self?[key] }

    var number: Double? { self?.number }

    var text: String? { self?.string }

    var elements: [JSONValue] { self?.elements ?? [] }

    var fields: [JSONValue.Member] { self?.sorted.members ?? [] }

    /// Numbers of a list; what is not one is passed over.
    var numbers: [Double] { elements.compactMap(\.number) }

    /// Pairs of numbers of a list.
    var pairs: [(x: Double, y: Double)] {
        elements.compactMap { element in
            let pair = (element.elements ?? []).compactMap(\.number)
            return pair.count == 2 ? (pair[0], pair[1]) : nil
        }
    }

    var label: String { self?.label ?? "" }
}

extension JSONValue {
    var number: Double? { double }
}
