internal import CEvalhPlugin
internal import Foundation

/// A number with its interval, from a metric plugin.
package struct MetricValue: Codable, Hashable, Sendable {
    package var name: String
    /// The arm it is about; empty: the run.
    package var arm: String
    /// The level it is about; `nil`: the whole arm.
    package var levelIndex: Int?
    /// NaN: it could not be computed.
    package var value: Double
    /// 95 % interval.
    package var ciLow: Double?
    package var ciHigh: Double?
    package var standardError: Double?
    /// Independent units: items.
    package var n: Int?
    /// How the interval was made.
    package var method: String
    /// A JSON object, or empty.
    package var detailJSON: String

    package init(
        name: String, arm: String, levelIndex: Int?, value: Double, ciLow: Double?, ciHigh: Double?,
        standardError: Double?, n: Int?, method: String, detailJSON: String
    ) {
        self.name = name
        self.arm = arm
        self.levelIndex = levelIndex
        self.value = value
        self.ciLow = ciLow
        self.ciHigh = ciHigh
        self.standardError = standardError
        self.n = n
        self.method = method
        self.detailJSON = detailJSON
    }

    /// What members mean that a plugin's header does not have.
    static var absent: evalh_metric_value {
        var value = evalh_metric_value()
        value.level_index = -1
        (value.value, value.ci_low, value.ci_high, value.stderr_) = (.nan, .nan, .nan, .nan)
        value.n = -1
        return value
    }

    init(_ value: evalh_metric_value) {
        name = BorrowedText.prefix(value.name, maximumBytes: 256)
        arm = BorrowedText.prefix(value.arm, maximumBytes: 1024)
        levelIndex = value.level_index < 0 ? nil : Int(value.level_index)
        self.value = value.value
        ciLow = value.ci_low.isNaN ? nil : value.ci_low
        ciHigh = value.ci_high.isNaN ? nil : value.ci_high
        standardError = value.stderr_.isNaN ? nil : value.stderr_
        n = value.n < 0 ? nil : Int(value.n)
        method = BorrowedText.prefix(value.method, maximumBytes: 1024)
        detailJSON = BorrowedText.prefix(value.detail_json, maximumBytes: 1 << 20)
    }
}

extension MetricValue {
    /// JSON of values, which may be infinite or no numbers.
    package static func json(_ values: [MetricValue]) throws -> String {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }

    /// Reads what `json` wrote.
    package static func parse(_ json: String) throws -> [MetricValue] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode([MetricValue].self, from: Data(json.utf8))
    }
}
