import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// Services as authors write them in Swift, through the C table.
@Suite struct ServiceKitTests {
    struct Lookup: Service {
        struct Parameters: PluginParameters {
            @Parameter("How often a word is said.", range: 1...3) var times = 1
            init() {}
        }
        static let descriptor = Descriptor(id: "org.example.lookup", version: "1.0.0", title: "Looks words up")
        let parameters: Parameters
        private var calls = 0

        init(parameters: Parameters) throws { self.parameters = parameters }

        mutating func call(_ payload: JSONValue) throws -> JSONValue {
            calls += 1
            guard let word = payload["word"]?.string else { throw ServiceError("`word` is missing") }
            if word == "gone" { throw ServiceUnavailable("the dictionary is being printed") }
            return .object([.init("said", .string(String(repeating: word, count: parameters.times)))])
        }

        var fingerprint: String { "edition 7" }
    }

    private func service(_ parameters: String = "{}") throws -> ScriptedService {
        let library = Library(name: "test", version: "1.0.0", plugins: [.service(Lookup.self)])
        return try ScriptedService(
            ScriptedLibrary(table: library.table(for: nil)).plugin("org.example.lookup"), parameters: parameters)
    }

    @Test func `a payload goes in and a result comes out`() throws {
        #expect(try service(#"{"times":2}"#).call(#"{"word":"ab"}"#) == .result(#"{"said":"abab"}"#))
        #expect(try service().fingerprint == "edition 7")
    }

    @Test func `what is thrown is the call's result, unless the service cannot work now`() throws {
        let service = try service()
        #expect(service.call("{}") == .error("`word` is missing"))
        #expect(service.call(#"{"word":"gone"}"#) == .unavailable("the dictionary is being printed"))
        guard case .error(let text) = service.call("{") else { throw ScriptedError("a broken payload passed") }
        #expect(!text.isEmpty)
    }

    @Test func `parameters out of range make no instance, and say why`() {
        #expect(throws: ScriptedError.self) { try service(#"{"times":9}"#) }
    }

    @Test func `roles, services and files say in the schema what they name`() throws {
        struct Parameters: PluginParameters {
            @Parameter("Who checks.") var verifier = RoleName("judge")
            @Parameter("Where it looks.") var search = ServiceName("")
            @Parameter("What it reads.") var list = FileName("")
            init() {}
        }
        let schema = try JSONValue(parsing: #require(Parameters.schema))
        let formats = ["verifier", "search", "list"].map { schema["properties"]?[$0]?["format"]?.string }
        #expect(formats == ["evalh-role", "evalh-service", "evalh-file"])
        #expect(schema["properties"]?["verifier"]?["default"]?.string == "judge")
        #expect(try Parameters(json: #"{"verifier":"strong"}"#).verifier.name == "strong")
    }
}
