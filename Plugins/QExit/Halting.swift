import EvalhPluginKit

/// Where a sample's halting probability λ comes from.
enum Halting: Hashable, ParameterValue {
    case constant(Double)
    case agreement

    /// λ after the votes so far, in [0, 1]; without votes `agreement` has 0.
    func probability(_ votes: (first: Int, second: Int)) -> Double {
        switch self {
        case .constant(let lambda): lambda
        case .agreement: votes.first == 0 ? 0 : LeadProbability.beta(votes.first, votes.second)
        }
    }

    init(parameter json: JSONValue) throws(ParameterMismatch) {
        if let number = json.double {
            self = .constant(number)
        } else if json.string == "agreement" {
            self = .agreement
        } else {
            throw ParameterMismatch("must be a number or agreement, not \(json)")
        }
    }

    var parameterJSON: JSONValue? {
        switch self {
        case .constant(let lambda): .double(lambda)
        case .agreement: .string("agreement")
        }
    }

    static var parameterSchema: [JSONValue.Member] { [.init("type", .array([.string("number"), .string("string")]))] }
    static var absent: Halting { .constant(0) }
}
