internal import Foundation

/// Parameters that a grader cannot work with.
package struct GraderError: Error, Hashable, Sendable, CustomStringConvertible {
    package var parameter: String
    package var message: String
    package var description: String { parameter.isEmpty ? message : "\(parameter): \(message)" }
}

/// The built-in graders by the names that suites use.
package enum GraderRegistry {
    package static let names = ["choice", "exact", "numeric", "regex", "subject"]

    /// Whether a grader compares with the item's target: data sets for others need none.
    package static func readsTarget(_ name: String) -> Bool { name != "subject" }

    /// JSON Schema of a grader's parameters; empty for a name that is none.
    package static func schema(of name: String) -> String {
        switch name {
        case "exact":
            #"{"type":"object","properties":{"ignore_case":{"type":"boolean","default":false,"description":"Upper and lower case are the same."},"normalise_space":{"type":"boolean","default":true,"description":"Runs of white space count as one space."}}}"#
        case "regex":
            #"{"type":"object","properties":{"pattern":{"type":"string","description":"Regular expression; ^ and $ match at line ends."},"group":{"type":"integer","minimum":0,"description":"Capture group that is the answer; the first one, else the whole match."},"match":{"type":"string","enum":["first","last"],"default":"last","description":"Which match counts."},"ignore_case":{"type":"boolean","default":false,"description":"Upper and lower case are the same."}},"required":["pattern"]}"#
        case "choice":
            #"{"type":"object","properties":{"letters":{"type":"string","default":"ABCDEFGHIJ","description":"The letters that may be chosen."}}}"#
        case "numeric":
            #####"{"type":"object","properties":{"marker":{"type":"string","default":"####","description":"Text before the answer; the last one counts."},"tolerance":{"type":"number","minimum":0,"default":0,"description":"Absolute difference that is still right; 0: exact."},"relative_tolerance":{"type":"number","minimum":0,"default":0,"description":"Difference relative to the target that is still right."}}}"#####
        case "subject":
            #"{"type":"object","properties":{"minimum":{"type":"number","default":0,"description":"The program's score that is worth 0."},"maximum":{"type":"number","default":1,"description":"The program's score that is worth 1; what lies between is linear, what lies outside is cut off."},"at_least":{"type":"number","description":"In place of these: 1 for scores of at least this, 0 below."}}}"#
        default: ""
        }
    }

    private struct Parameters: Decodable {
        var ignoreCase: Bool?
        var normaliseSpace: Bool?
        var pattern: String?
        var group: Int?
        var match: String?
        var letters: String?
        var marker: String?
        var tolerance: Double?
        var relativeTolerance: Double?
        var minimum: Double?
        var maximum: Double?
        var atLeast: Double?

        enum CodingKeys: String, CodingKey {
            case ignoreCase = "ignore_case"
            case normaliseSpace = "normalise_space"
            case pattern, group, match, letters, marker, tolerance, minimum, maximum
            case atLeast = "at_least"
            case relativeTolerance = "relative_tolerance"
        }
    }

    /// - Parameter parametersJSON: a JSON object; empty: all defaults.
    package static func make(_ name: String, parametersJSON: String = "") throws(GraderError) -> any Grader {
        let text = parametersJSON.isEmpty ? "{}" : parametersJSON
        guard let parameters = try? JSONDecoder().decode(Parameters.self, from: Data(text.utf8)) else {
            throw GraderError(
                parameter: "", message: "the parameters of grader \(name) are not of the right types: \(text)")
        }
        switch name {
        case "exact":
            return ExactGrader(
                ignoresCase: parameters.ignoreCase ?? false, normalisesSpace: parameters.normaliseSpace ?? true)
        case "regex":
            guard let pattern = parameters.pattern else {
                throw GraderError(parameter: "pattern", message: "is missing")
            }
            return try RegexGrader(
                pattern: pattern, group: parameters.group, takesLast: parameters.match != "first",
                ignoresCase: parameters.ignoreCase ?? false)
        case "choice": return ChoiceGrader(letters: parameters.letters ?? "ABCDEFGHIJ")
        case "numeric":
            return NumericGrader(
                marker: parameters.marker ?? "####", tolerance: parameters.tolerance ?? 0,
                relativeTolerance: parameters.relativeTolerance ?? 0)
        case "subject":
            return try SubjectGrader(
                minimum: parameters.minimum, maximum: parameters.maximum, atLeast: parameters.atLeast)
        default:
            throw GraderError(
                parameter: "", message: "there is no grader \(name); there are: \(names.joined(separator: ", "))")
        }
    }
}
