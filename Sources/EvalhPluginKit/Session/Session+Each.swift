extension Session {
    /// Asks for n completions at each of several settings, all at the same time, and waits for all of them.
    ///
    /// - Returns: One batch a setting, in their order.
    public func gather(each settings: [Sampling], n: Int = 1) async -> [Batch] {
        await withTaskGroup(of: (Int, Batch).self) { group in
            for (index, sampling) in settings.enumerated() {
                group.addTask { (index, await self.gather(n: n, sampling: sampling)) }
            }
            var batches: [(Int, Batch)] = []
            for await batch in group { batches.append(batch) }
            return batches.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
