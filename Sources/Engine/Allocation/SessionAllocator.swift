package import PluginHost

/// Decides in rounds which sessions run. What it decides depends only on what it was given.
package protocol SessionAllocator: AnyObject {
    var id: String { get }
    /// One finished session of the last round; they come ordered by item, row and repeat.
    func add(_ row: MetricRow) throws(PluginFault)
    /// Without wishes the run ends.
    func next() throws(PluginFault) -> AllocationRound
    /// How much items count in means, by number; empty: all alike.
    func weights() throws(PluginFault) -> [Int: Double]
    func result() throws(PluginFault) -> [MetricValue]
}

extension PluginAllocator: SessionAllocator {}

extension SessionAllocator where Self: AllocatorPlugin {
    package var id: String { info.id }
}
