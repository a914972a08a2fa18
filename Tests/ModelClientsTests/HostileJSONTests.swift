import Testing

@testable import JSON
@testable import ModelClients

@Suite struct HostileJSONTests {
    @Test func `Every truncation of an answer is an error, never a trap`() throws {
        let text = Array(
            #"{"choices":[{"index":0,"message":{"content":"\u00e9\n"},"logprobs":{"content":[{"token":"a","logprob":-1.5e-3}]}}],"usage":{"prompt_tokens":1}}"#
                .utf8)
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try WireFormat.chat.read(Array(text[..<length])) }
        }
    }

    @Test func `Random bytes never trap any reader`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0123456789-.etruefalsn choicesdeltacontentusage"#.utf8) + [0, 0xC3, 0xFF]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0..<60)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            for format in [WireFormat.chat, .llama] { _ = try? format.read(bytes) }
            _ = FailureReader.failure(status: 500, contentType: nil, body: bytes)
        }
    }

    @Test func `A choice's number with a fraction is none, and a key that comes twice costs no answer`() throws {
        let text = #"{"choices":[{"index":2.5,"message":{"content":"a"},"x":1,"x":2}],"usage":{"prompt_tokens":2.5}}"#
        let answer = try WireFormat.chat.read(Array(text.utf8))
        #expect(answer.choices.first?.index == nil)
        #expect(answer.choices.first?.text == "a")
        #expect(answer.usage?.promptTokens == nil)
    }
}
