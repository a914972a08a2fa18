/// One value for each `SessionNumber`, added up or averaged over sessions. Small: there may be one for every item and
/// row.
package struct SessionMeans: Sendable {
    /// By the numbers' places; NaN: unknown.
    private var values: SIMD8<Double>

    private static let places: [SessionNumber] = {
        precondition(SessionNumber.allCases.count <= SIMD8<Double>.scalarCount, "more numbers than places")
        return SessionNumber.allCases
    }()

    private static func place(_ number: SessionNumber) -> Int {
        places.firstIndex(of: number) ?? places.startIndex
    }

    /// Nothing is known.
    package init() {
        values = SIMD8(repeating: .nan)
    }

    /// Of one session.
    package init(_ measure: SessionMeasure) {
        self.init()
        for (place, number) in Self.places.enumerated() {
            if let value = number.of(measure), value.isFinite { values[place] = value }
        }
    }

    /// `nil`: unknown.
    package subscript(number: SessionNumber) -> Double? {
        get {
            let value = values[Self.place(number)]
            return value.isNaN ? nil : value
        }
        set { values[Self.place(number)] = newValue ?? .nan }
    }

    /// What is unknown of one is unknown of the sum.
    package static func + (a: SessionMeans, b: SessionMeans) -> SessionMeans {
        var sum = a
        sum.values += b.values
        return sum
    }

    package static func / (sum: SessionMeans, count: Double) -> SessionMeans {
        var mean = sum
        mean.values /= SIMD8(repeating: count)
        return mean
    }
}

extension SessionMeans: Hashable {
    package static func == (a: SessionMeans, b: SessionMeans) -> Bool { places.allSatisfy { a[$0] == b[$0] } }

    package func hash(into hasher: inout Hasher) {
        for number in Self.places { hasher.combine(self[number]) }
    }
}
