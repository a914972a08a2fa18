import EvalhPluginKit
import Glibc

/// Which temperature the k-th sample is drawn at.
enum TemperatureSchedule: String, CaseIterable, ParameterValue {
    case annealing, linear, constant

    /// - Parameters:
    ///   - index: k − 1, from 0.
    ///   - count: samples in all, at least 1.
    ///   - limit: the temperature that is approached, T_max.
    func temperature(_ index: Int, of count: Int, limit: Double) -> Double {
        switch self {
        // T_k = T_max (1 − 2^−(k−1)): the first is greedy.
        case .annealing: limit * (1 - exp2(-Double(index)))
        case .linear: count == 1 ? 0 : limit * Double(index) / Double(count - 1)
        case .constant: limit
        }
    }
}
