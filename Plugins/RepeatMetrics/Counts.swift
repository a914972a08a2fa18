import EvalhPluginKit

/// Rules for the parameter `k`, a list.
enum Counts {
    static let most = 1024

    static func check(_ ks: [Int], from least: Int = 1) throws(ParameterError) {
        if ks.isEmpty {
            throw ParameterError("the parameter k is empty; give at least one number of samples, such as [1, 4]")
        }
        for k in ks where !(least...most).contains(k) {
            throw ParameterError("the parameter k has \(k); each must be from \(least) to \(most)")
        }
        if Set(ks).count != ks.count { throw ParameterError("the parameter k has a number twice") }
    }
}
