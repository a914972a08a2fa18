internal import Completions

extension RunSummary {
    /// Results by the values of a field of the items.
    package struct FieldResults: Codable, Sendable {
        package struct Value: Codable, Sendable {
            /// At most 80 characters; `nil`: items without the field.
            package var value: String?
            package var items: Int
            /// Rows that have sessions of these items, in the order of the summary's arms.
            package var arms: [ArmResult]

            enum CodingKeys: String, CodingKey { case value, items, arms }

            package func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(value, forKey: .value)
                try container.encode(items, forKey: .items)
                try container.encode(arms, forKey: .arms)
            }

            /// For people.
            package var shown: String { value ?? "(none)" }
        }

        package struct ArmResult: Codable, Sendable {
            /// `id` or `id@level`.
            package var arm: String
            package var items: Int
            package var errors: Int
            /// `nil`: no session answered.
            package var accuracy: Metric?
            /// With failed sessions as wrong.
            package var accuracyAll: Metric?

            enum CodingKeys: String, CodingKey {
                case arm, items, errors, accuracy
                case accuracyAll = "accuracy_all"
            }

            init(arm: String, tally: ScoreTally) {
                self.arm = arm
                items = tally.items
                errors = tally.errors
                accuracy = tally.accuracy.map { Metric($0) }
                accuracyAll = tally.accuracyOfAll.map { Metric($0) }
            }
        }

        /// As the suite or `--by` names it; dots lead into nested fields.
        package var field: String
        /// Numbers by size, then texts, then items without the field; at most 200, those of the most items.
        package var values: [Value]
        /// Items of further values.
        package var unlisted: Int
    }

    /// Rows of the data set that ask what others ask, too.
    package struct RepeatedRows: Codable, Hashable, Sendable {
        package var rows: Int
        package var questions: Int

        package var warning: String { RepeatedQuestions.warning(rows: rows, questions: questions) }
    }
}

/// Results by a field as a table, for any format.
package struct FieldTable {
    package let heads: [String]
    /// Value, arm, items, accuracy, and accuracy with failed sessions as wrong where any session failed.
    package let rows: [[String]]
    /// Items of values that are not shown.
    package let unlisted: Int

    /// - Parameters:
    ///   - mostValues: values that are shown, those of the most items.
    ///   - mostRows: rows that are shown.
    package init(_ results: RunSummary.FieldResults, _ arms: [RunSummary.Arm], mostValues: Int, mostRows: Int) {
        let titles = OracleNames(arms)
        let hasErrors = results.values.contains { $0.arms.contains { $0.errors > 0 } }
        let most = max(1, min(mostValues, mostRows / max(1, arms.count)))
        let kept = Set(
            results.values.indices.sorted { a, b in
                (results.values[b].items, a) < (results.values[a].items, b)
            }.prefix(most))
        let shown = results.values.indices.filter(kept.contains).map { results.values[$0] }
        heads =
            [results.field, "arm", "items", "accuracy [95 %]"] + (hasErrors ? ["errors as wrong", "errors"] : [])
        rows = Array(
            shown.flatMap { value in
                value.arms.map { result in
                    [value.shown, titles.title(result.arm), "\(result.items)", Numbers.interval(result.accuracy)]
                        + (hasErrors ? [Numbers.interval(result.accuracyAll), "\(result.errors)"] : [])
                }
            }.prefix(mostRows))
        unlisted = results.unlisted + results.values.reduce(0) { $0 + $1.items } - shown.reduce(0) { $0 + $1.items }
    }

    package var note: String? {
        unlisted > 0 ? "\(unlisted) items have other values, which are not shown; summary.json has up to 200." : nil
    }
}
