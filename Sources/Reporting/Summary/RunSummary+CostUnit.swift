extension RunSummary {
    /// What this run's token counts stand for: "tokens", or the unit in which programs that were run as models count
    /// their cost.
    package var costUnit: String { provenance["cost_unit"] ?? "tokens" }
}
