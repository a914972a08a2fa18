import EvalhPluginKit
import EvalhStatistics
import Glibc

/// The allocation model of retrieval-augmented generation.
struct AllocationMetric: Metric {
    struct Parameters: PluginParameters {
        @Parameter(required: "Keys of the levels that are allocated, such as [documents, shots, rounds].") var axes:
            [String]
    }

    static let descriptor = Descriptor(
        id: "rag-allocation", version: "1.0.0", title: "RAG allocation model: what to spend a context on",
        description: """
            Fits `σ⁻¹(P) = Σ a_j · ln(θ_j + 0.01) + c` by ordinary least squares to the levels' mean accuracies, \
            standardised over the levels, with the published link σ. θ are the levels' numbers under `axes`. The \
            published model's informativeness terms tell data sets apart; within one arm they cannot be told from a \
            and are part of it.

            - `rag-allocation` is given as `rag_allocation`: R² of the standardised P; `rag_allocation_regret`: the \
            best measured accuracy less that of the level which the model holds best.
            - Refused with fewer levels than axes and two, where axes cannot be told apart, or where all levels score
              alike.
            """,
        source:
            "Yue et al. 2025, Inference Scaling for Long-Context Retrieval Augmented Generation, eq. 2 and appendix",
        needs: .levels,
        outputs: ["rag_allocation", "rag_allocation_regret"])

    private let parameters: Parameters
    private var curves = ArmCurves(axis: .tokens, key: "")

    init(parameters: Parameters, seed: UInt64) throws {
        guard !parameters.axes.isEmpty, parameters.axes.count <= 8 else {
            throw ParameterError("axes: name one to eight keys of the levels")
        }
        self.parameters = parameters
    }

    mutating func add(_ row: SessionRow) { curves.add(row) }

    func result() -> [MetricValue] { curves.all.flatMap { values(arm: $0.arm, $0.curve) } }

    private func values(arm: String, _ curve: LevelCurve) -> [MetricValue] {
        func refused(_ reason: String) -> [MetricValue] { [.refused("rag_allocation", of: ArmLevel(arm: arm), reason)] }
        let points = curve.points()
        var theta: [[Double]] = []
        for point in points {
            let numbers = parameters.axes.map { curve.number(of: point.index, key: $0) }
            guard numbers.allSatisfy({ ($0 ?? -1) >= 0 }) else {
                return refused("a level lacks one of \(parameters.axes.joined(separator: ", ")), or has it below 0")
            }
            theta.append(numbers.compactMap { $0 })
        }
        guard points.count >= parameters.axes.count + 2 else {
            return refused(
                """
                \(points.count) levels; at least \(parameters.axes.count + 2) are needed for \(parameters.axes.count) \
                axes
                """
            )
        }
        let moments = Moments(points.map(\.y))
        guard moments.deviation > 0 else { return refused("all levels score alike") }
        let standard = points.map { ($0.y - moments.mean) / moments.deviation }
        let none = theta.map { $0.map { _ in 0.0 } }
        guard let law = AllocationLaw.fit(theta: theta, performance: standard, informativeness: none) else {
            return refused("the levels do not tell the axes apart")
        }
        let predicted = theta.indices.map { law.value(theta[$0], informativeness: none[$0]) }
        let quality = FitQuality(values: standard, fitted: predicted, parameters: parameters.axes.count + 1)
        let chosen = predicted.indices.max { predicted[$0] < predicted[$1] } ?? 0
        let best = points.map(\.y).max() ?? 0
        let detail = JSONValue.object([
            .init(
                "parameters",
                .object(
                    zip(parameters.axes, law.a).map { .init("a_\($0)", .object([.init("value", .double($1))])) }
                        + [.init("c", .object([.init("value", .double(law.c))]))])),
            .init("formula", .string("σ⁻¹(P) = Σ a·ln(θ + 0.01) + c")),
            .init("best_level_index", .integer(points[chosen].index)),
            .init("r2", quality.rSquared.map { .double($0) } ?? .null),
        ])
        return [
            MetricValue(
                "rag_allocation", arm: arm, value: quality.rSquared, n: curve.itemCount, method: "R² over levels",
                detailJSON: detail.description),
            MetricValue(
                "rag_allocation_regret", arm: arm, value: best - points[chosen].y, n: curve.itemCount,
                method: "best measured less predicted best"),
        ]
    }
}
