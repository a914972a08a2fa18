extension RunSummary {
    /// Before the names of numbers that strategies measure themselves, in metrics of arms and in gates: `numbers.depth`.
    package static let reportedPrefix = "numbers."
}
