extension Session {
    /// Does the same with several inputs at the same time and waits for all of it.
    ///
    /// - Parameters:
    ///   - inputs: They are begun in this order.
    ///   - work: Awaits nothing but the session.
    /// - Returns: What came of each input, in their order.
    public func sideBySide<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ work: @escaping @Sendable (Input) async -> Output
    ) async -> [Output] {
        await withTaskGroup(of: (Int, Output).self) { group in
            for (index, input) in inputs.enumerated() { group.addTask { (index, await work(input)) } }
            var outputs: [(Int, Output)] = []
            for await output in group { outputs.append(output) }
            return outputs.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Asks for n completions at each of several settings, all at the same time, and waits for all of them.
    ///
    /// - Returns: One batch a setting, in their order.
    public func gather(each settings: [Sampling], n: Int = 1) async -> [Batch] {
        await sideBySide(settings) { await self.gather(n: n, sampling: $0) }
    }
}
