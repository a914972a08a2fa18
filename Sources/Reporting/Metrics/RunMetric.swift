package import JSON
package import Journal

/// A metric beside the built-in ones: it is shown every finished session, item by item, and then gives its numbers.
package protocol RunMetric: AnyObject {
    /// As suites name it, for messages.
    var id: String { get }
    /// - Parameter fieldsJSON: the item's fields, an object.
    func add(_ session: SessionRecord, _ row: RunRow, fieldsJSON: String) throws
    func result() throws -> [MetricOutput]
}

/// A number that a metric or an allocator gave.
package struct MetricOutput: Sendable {
    package var name: String
    /// The arm it is about; empty: the run.
    package var arm: String
    /// The level it is about; `nil`: the arm as a whole.
    package var levelIndex: Int?
    /// `nil`: it could not be computed; `detail` may say why.
    package var value: Double?
    package var ciLow: Double?
    package var ciHigh: Double?
    package var stderr: Double?
    /// Independent units: items.
    package var n: Int
    package var method: String
    /// `null`: nothing further.
    package var detail: JSONValue

    package init(
        name: String, arm: String, levelIndex: Int?, value: Double?, ciLow: Double?, ciHigh: Double?, stderr: Double?,
        n: Int,
        method: String, detail: JSONValue
    ) {
        self.name = name
        self.arm = arm
        self.levelIndex = levelIndex
        self.value = value
        self.ciLow = ciLow
        self.ciHigh = ciHigh
        self.stderr = stderr
        self.n = n
        self.method = method
        self.detail = detail
    }
}
