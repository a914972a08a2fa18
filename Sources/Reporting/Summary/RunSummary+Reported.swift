extension RunSummary {
    /// Before the names of numbers that strategies measure themselves, in metrics and gates: `numbers.depth`.
    package static let reportedPrefix = "numbers."
}
