internal import Completions
internal import JSON

/// Which members a service's payload may have.
struct PayloadRules {
    struct Member {
        var name: String
        var isRequired = false
        /// What it must be, as the rest of "`name` must be …"; `nil`: any value.
        var rule: (says: String, holds: @Sendable (JSONValue) -> Bool)?

        static func text(_ name: String, required: Bool = false) -> Member {
            Member(name: name, isRequired: required, rule: ("a text", { $0.string != nil }))
        }
    }

    var members: [Member]

    /// What is wrong with a payload; `nil`: nothing.
    func problem(with payload: JSONValue) -> String? {
        guard let given = payload.members else { return "the payload must be an object, it is \(payload.kindName)" }
        let names = members.map(\.name)
        for member in given {
            guard let known = members.first(where: { $0.name == member.key }) else {
                let nearest = NearestName.find(member.key, in: names).map { "; did you mean `\($0)`?" } ?? ""
                return "the payload has no member `\(member.key.prefix(64))`: it takes \(names.joined(separator: ", "))"
                    + nearest
            }
            if let rule = known.rule, !rule.holds(member.value) {
                return "`\(known.name)` must be \(rule.says), it is \(member.value.kindName)"
            }
        }
        for member in members where member.isRequired && payload[member.name] == nil {
            return "the payload lacks `\(member.name)`"
        }
        return nil
    }
}
