import EvalhPluginKit
import Testing

private enum Rule: String, CaseIterable, ParameterValue {
    case majority
    case graderModel = "grader_model"
}

private struct Example: PluginParameters {
    @Parameter("How many.", range: 1...1024) var maxSamples = 8
    @Parameter("How sure.", above: 0, below: 1) var threshold = 0.95
    @Parameter("Whether.") var weighted = false
    @Parameter("What.") var by = Rule.majority
    @Parameter("Which.") var words = ["Wait"]
    @Parameter("Perhaps.", range: 1...) var limit: Int? = nil
    @Parameter("Named.", name: "Other-Name") var other = "x"
}

private struct Strict: PluginParameters {
    @Parameter(required: "Who.") var role: String
    @Parameter("From.") var from = 1
    @Parameter("To.") var to = 2

    func validate() throws {
        if from > to { throw ParameterError("from is after to") }
    }
}

/// Parameters that two plugins may share.
private struct Shared: PluginParameters {
    @Parameter("Who rates.") var role = "grader"
    @Parameter("With how many.", range: 1...9) var tokens = 4

    func validate() throws {
        if role.isEmpty { throw ParameterError("role is empty") }
    }
}

private struct Grouped: PluginParameters {
    @Parameter("How many.") var n = 8
    var shared = Shared()
    @Parameter("Last.") var last = true
}

@Suite struct ParameterTests {
    @Test func `a group's parameters stand among the others, with their limits and rules`() throws {
        let grouped = try Grouped(json: #"{"n":2,"role":"judge","tokens":9,"last":false}"#)
        #expect(grouped.n == 2 && grouped.shared.role == "judge" && grouped.shared.tokens == 9 && !grouped.last)
        #expect(try Grouped(json: "{}").shared.role == "grader")
        #expect(throws: ParameterError("the parameter tokens must be at most 9, not 10")) {
            try Grouped(json: #"{"tokens":10}"#)
        }
        #expect(throws: ParameterError("role is empty")) { try Grouped(json: #"{"role":""}"#) }
        #expect(throws: ParameterError("unknown parameter shared; known are n, role, tokens, last")) {
            try Grouped(json: #"{"shared":{}}"#)
        }
    }

    @Test func `what a suite leaves out has its default`() throws {
        let example = try Example(json: "{}")
        #expect(example.maxSamples == 8)
        #expect(example.threshold == 0.95)
        #expect(example.by == .majority)
        #expect(example.words == ["Wait"])
        #expect(example.limit == nil)
        #expect(try Example(json: "").maxSamples == 8)
    }

    @Test func `values are read, each struct its own`() throws {
        let example = try Example(
            json:
                #"""
                {"max_samples":3.0,"threshold":0.5,"weighted":true,"by":"grader_model",\#
                "words":["a","b"],"limit":4,"Other-Name":"y"}
                """#
        )
        #expect(example.maxSamples == 3)
        #expect(example.threshold == 0.5)
        #expect(example.weighted)
        #expect(example.by == .graderModel)
        #expect(example.words == ["a", "b"])
        #expect(example.limit == 4)
        #expect(example.other == "y")
        #expect(try Example(json: "{}").maxSamples == 8)
        #expect(try Example(json: #"{"limit":null}"#).limit == nil)
    }

    @Test(arguments: [
        (#"{"max_samples":0}"#, "max_samples must be at least 1, not 0"),
        (#"{"max_samples":1025}"#, "must be at most 1024"),
        (#"{"max_samples":1.5}"#, "must be a whole number, not 1.5"),
        (#"{"max_samples":"3"}"#, "must be a whole number, not a text"),
        (#"{"threshold":1}"#, "must be less than 1"), (#"{"threshold":0}"#, "must be more than 0"),
        (#"{"threshold":[]}"#, "not a list"),
        (#"{"weighted":1}"#, "must be true or false"),
        (#"{"by":"best"}"#, "must be one of majority, grader_model, not \"best\""),
        (#"{"words":"a"}"#, "must be a list"), (#"{"words":["a",1]}"#, "wrong entry 1: it must be a text"),
        (#"{"limit":0}"#, "at least 1"),
        (#"{"samples":1}"#, "unknown parameter samples; known are max_samples"), (#"[1]"#, "not an object"),
        (#"{"#, "no JSON"),
        (#"{"max_samples":99999999999999999999}"#, "whole number"),
    ])
    func `a wrong value is refused in words`(_ json: String, _ text: String) {
        let error = #expect(throws: ParameterError.self) { try Example(json: json) }
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }

    @Test func `a required parameter and rules over several are checked`() throws {
        #expect(throws: ParameterError("the parameter role is missing")) { try Strict(json: "{}") }
        #expect(throws: ParameterError("from is after to")) { try Strict(json: #"{"role":"a","from":3}"#) }
        #expect(try Strict(json: #"{"role":"a"}"#).role == "a")
        #expect(throws: ParameterError("unknown parameter a; there are none")) { try NoParameters(json: #"{"a":1}"#) }
    }

    @Test func `the schema has types, defaults, limits and help`() throws {
        #expect(
            Example.schema == """
                {"type":"object","properties":{"max_samples":{"type":"integer","description":"How many.",\
                "default":8,"minimum":1,"maximum":1024},\
                "threshold":{"type":"number","description":"How sure.","default":0.95,\
                "exclusiveMinimum":0,"exclusiveMaximum":1},\
                "weighted":{"type":"boolean","description":"Whether.","default":false},\
                "by":{"type":"string","enum":["majority","grader_model"],"description":"What.","default":"majority"},\
                "words":{"type":"array","items":{"type":"string"},"description":"Which.","default":["Wait"]},\
                "limit":{"type":"integer","description":"Perhaps.","minimum":1},\
                "Other-Name":{"type":"string","description":"Named.","default":"x"}}}
                """)
        #expect(Strict.schema?.hasSuffix(#""required":["role"]}"#) == true)
        #expect(NoParameters.schema == nil)
    }
}
