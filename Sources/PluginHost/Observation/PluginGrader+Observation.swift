internal import CEvalhPlugin

extension PluginGrader {
    /// What the plugin's own `same` says, of equal texts too; `nil`: it offers none.
    package func rawSame(_ first: String, _ other: String) -> Int32? {
        guard let same = table.same else { return nil }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        return try? withInstance { same($0, arena.copy(first), arena.copy(other)) }
    }
}
