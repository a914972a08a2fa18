import EvalhPluginKit
import Foundation
import Testing

/// What a shipped metric makes of some sessions.
struct MetricRun {
    let values: [MetricValue]

    init(_ id: String, _ parameters: String = "{}", seed: UInt64 = 1, _ rows: [SessionRow]) throws {
        let metric = try ShippedPlugins.metric(id, parameters, seed: seed)
        for row in rows { try metric.add(row) }
        values = try metric.result()
    }

    func value(_ name: String, arm: String = "a", level: Int? = nil) throws -> MetricValue {
        try #require(values.first { $0.name == name && $0.arm == arm && $0.levelIndex == level }, "\(name) of \(arm)")
    }

    func number(_ name: String, arm: String = "a", level: Int? = nil) throws -> Double {
        let value = try value(name, arm: arm, level: level)
        return try #require(value.value, "\(name) of \(arm): \(value.detailJSON)")
    }

    func detail(_ name: String, arm: String = "a", level: Int? = nil) throws -> [String: Any] {
        try value(name, arm: arm, level: level).detail
    }

    /// Why a number is missing; `nil` if it is there.
    func refusal(_ name: String, arm: String = "a", level: Int? = nil) throws -> String? {
        let value = try value(name, arm: arm, level: level)
        #expect((value.value == nil) == (try value.detail["refused"] != nil), "a number is there or refused")
        return try value.detail["refused"] as? String
    }
}

extension MetricValue {
    var detail: [String: Any] {
        get throws { try #require(try JSONSerialization.jsonObject(with: Data(detailJSON.utf8)) as? [String: Any]) }
    }
}

/// The error that a metric meets, as its user reads it.
func message(_ work: () throws -> Void) -> String {
    do {
        try work()
        return "no error"
    } catch { return "\(error)" }
}

func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool { a.map { abs($0 - b) <= tolerance } ?? false }
