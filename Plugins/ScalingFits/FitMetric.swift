import EvalhPluginKit

/// A metric that fits a curve to the levels of each arm.
protocol FitMetric: Metric {
    /// Different levels that its curve needs.
    static var leastLevels: Int { get }
    /// Resamples of items for intervals; 0: none.
    var resamples: Int { get }
    var seed: UInt64 { get }
    var curves: ArmCurves { get set }
    /// The curve through some levels; `first` is the fit to all items, where that of a resample begins.
    func fit(_ points: [LevelPoint], _ first: FittedCurve?) -> FittedCurve?
}

extension FitMetric {
    mutating func add(_ row: SessionRow) { curves.add(row) }

    func result() -> [MetricValue] {
        curves.all.flatMap { arm, curve in
            FitReport(name: Self.descriptor.id, arm: arm, curve: curve, resamples: resamples, seed: seed).values(
                least: Self.leastLevels, fit: fit)
        }
    }
}
