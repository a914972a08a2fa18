internal import JSON

extension Suite {
    /// What the tokens of this suite's reports stand for, where all models are programs that count in one unit:
    /// "iterations", or "tokens of 0.001 J" if a token is not one of it. `nil`: plain tokens.
    package var costUnit: String? {
        guard let first = models.first?.run, let unit = first.unit,
            models.allSatisfy({
                $0.provider == .command && $0.run.unit == unit && $0.run.costPerToken == first.costPerToken
            })
        else { return nil }
        return first.costPerToken == 1
            ? unit : "tokens of \(JSONValue.double(first.costPerToken).canonicalText) \(unit)"
    }
}
