import JSON
import Testing

@testable import SuiteModel

@Suite("Resolved suite")
struct ResolvedSuiteTests {
    private func suite(_ more: String = "", overrides: SuiteOverrides = SuiteOverrides(), models: String? = nil) throws
        -> SuiteModel.Suite
    {
        let result = load(
            minimal(more, models: models ?? "models: {main: http://127.0.0.1:1/v1}"), overrides: overrides)
        try #require(result.suite != nil, "\(result.rendered)")
        return try #require(result.suite)
    }

    @Test("the resolved suite is JSON, the same each time, without secrets")
    func resolved() throws {
        let models = """
            models:
              main: {provider: llama-server, command: [srv, --api-key, s3cret, --token=s3cret, -m, x], environment: \
            {API_KEY: s3cret}}
              other: {provider: openai, base_url: "https://h/v1?key=s3cret", api_key_env: KEY_NAME}
            """
        let one = try suite(models: models)
        let text = one.resolvedJSON()
        #expect(text == (try suite(models: models).resolvedJSON()))
        #expect(!text.contains("s3cret"))
        #expect(text.contains("KEY_NAME") && text.contains("API_KEY"))
        let json = try JSONValue(parsing: text)
        #expect(json["models"]?["main"]?["command"]?.elements?.count == 6)
        #expect(json["arms"]?.elements?.first?["sampling"]?["max_tokens"]?.double == 512)
    }
}
