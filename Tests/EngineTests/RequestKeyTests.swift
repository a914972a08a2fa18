import Completions
import Testing

/// Keys are what paid samples are found by: if one of these values changes, every journal and pool loses its samples.
/// The values were computed twice, by evalh and by a separate program from the description of the canonical form.
struct RequestKeyTests {
    private static let question = [ChatMessage(role: .user, content: "What is 2 + 2?")]
    private static let family = "Grüße, 世界 👩\u{200D}👩\u{200D}👧\u{200D}👦"

    private func hex(
        _ fingerprint: String = "model", _ messages: [ChatMessage] = question, prefix: String = "",
        _ sampling: SamplingParameters = SamplingParameters()
    ) -> String {
        let request = CompletionRequest(messages: messages, prefix: prefix, sampling: sampling)
        return RequestKey(fingerprint: fingerprint, request: request).hex
    }

    @Test func `the key of a plain question stays what it is`() {
        #expect(hex() == "d0e4da5ff93c945a621c42a625dac85863343d9d5dde1571fa4821bffba910bf")
    }

    @Test func `the key of a request with every sampling value set stays what it is`() {
        let sampling = SamplingParameters(
            temperature: 0.7, topP: 0.95, topK: 40, minP: 0.05, maxTokens: 64, stop: ["\n\n", "Q:"], topLogprobs: 5)
        let messages = [ChatMessage(role: .system, content: "Answer briefly.")] + Self.question
        #expect(
            hex("gpt@1", messages, sampling) == "447775550a9e770581b78c70e8cb0eb37c19d23b6213581f64e1b23e6dd52a33")
    }

    @Test func `a text that is held to a schema is another request`() {
        let schemas = [nil, "{}", #"{"type":"object"}"#]
        #expect(Set(schemas.map { hex("model", Self.question, SamplingParameters(jsonSchema: $0)) }).count == 3)
    }

    @Test func `log-probabilities of the sampled token alone are another request than none`() {
        #expect(
            hex("model", Self.question, SamplingParameters(topLogprobs: 0))
                == "073926a98bbd5351dab1c2143c740a7420856bd660b5bfeadb0ef75891d2a040")
    }

    @Test func `the key of a continued text stays what it is`() {
        #expect(hex(prefix: "Let me think") == "0b378a1b88cb959601fbe07654adbe84ee68dfe9068811e3a347c6a896baab38")
    }

    @Test func `text counts by its bytes, composed and decomposed letters differ`() {
        let messages = [ChatMessage(role: .user, content: Self.family)]
        #expect(
            hex("modèle", messages, prefix: "\u{E9}")
                == "b7e5fa89df64639fb23f50ae79b0d7d6843c2b45b7229f86fbc58b0fff2de240")
        #expect(
            hex("modèle", messages, prefix: "e\u{301}")
                == "1dc053db1343a6e7bfe48b03578295e43e311b6bd4dd981a669b6c49feaede42")
    }

    @Test func `the key of an empty request stays what it is`() {
        #expect(hex("", []) == "8ab16a826de51a345e79beae2fddc3989ce19ad0635580ec89ab1cc9c81ba8e7")
    }

    @Test(arguments: [0.0, -0.0]) func `both zeros are one temperature`(temperature: Double) {
        #expect(
            hex("model", Self.question, SamplingParameters(temperature: temperature))
                == "e5351fbed29c0ea7dcc83988e838abd8b8558735766e034900f7e0e4558f0f11")
    }

    @Test func `integers count with all their digits, empty messages count`() {
        let messages = [
            ChatMessage(role: .user, content: "Hi"), ChatMessage(role: .assistant, content: "Hello"),
            ChatMessage(role: .user, content: ""),
        ]
        #expect(
            hex("model", messages, SamplingParameters(maxTokens: 9_007_199_254_740_993))
                == "2a7ef072cfa9950b61959e200cc07ed802f0a3e4c2e52ab1f48e142021c72eae")
    }

    @Test func `the short form is the beginning of the long one`() {
        let request = CompletionRequest(messages: Self.question, sampling: SamplingParameters())
        let key = RequestKey(fingerprint: "model", request: request)
        #expect(key.short == "d0e4da5ff93c945a" && key.bytes.count == 32)
    }
}
