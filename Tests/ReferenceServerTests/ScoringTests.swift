import Foundation
import Testing

@testable import ReferenceModel
@testable import ReferenceServer

@Suite struct ScoringTests {
    private let served = Served.shared
    private static let question = "Rosa has 13 figs and buys 24 more. How many figs does she have?"

    private func choice(_ json: [String: Any]) -> [String: Any] { (json["choices"] as? [[String: Any]])?.first ?? [:] }

    /// Tokens that the model writes, with the log-probabilities that it tells of them.
    private func written(temperature: Double) async throws -> (text: String, logprobs: [Double]) {
        let body =
            #"{"messages": [{"role": "user", "content": "\#(Self.question)"}], "temperature": \#(temperature), "seed": 11, "max_tokens": 20, "logprobs": true, "top_logprobs": 0}"#
        let choice = choice(try await served.ask("/v1/chat/completions", body).json)
        let content = (choice["logprobs"] as? [String: Any])?["content"] as? [[String: Any]] ?? []
        // The end of the turn is told as a token without text, and is no part of the answer.
        let tokens = content.filter { !(($0["bytes"] as? [Int]) ?? []).isEmpty }
        return (
            (choice["message"] as? [String: Any])?["content"] as? String ?? "",
            tokens.compactMap { $0["logprob"] as? Double }
        )
    }

    @Test(arguments: [0.0, 1.5])
    func `Echo and prompt_logprobs tell exactly what writing the same tokens told`(_ temperature: Double) async throws {
        let (text, logprobs) = try await written(temperature: temperature)
        #expect(logprobs.count > 5)
        let escaped = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        let chat =
            #"{"messages": [{"role": "user", "content": "\#(Self.question)"}, {"role": "assistant", "content": \#(escaped)}], "max_tokens": 1, "prompt_logprobs": 0}"#
        let (_, json, _) = try await served.ask("/v1/chat/completions", chat)
        let told = json["prompt_logprobs"] as? [Any] ?? []
        #expect(told.first is NSNull)
        let entries = told.compactMap { ($0 as? [String: [String: Any]])?.first?.value }
        #expect(entries.count == told.count - 1)
        let byChat = entries.suffix(logprobs.count)
        #expect(byChat.compactMap { $0["logprob"] as? Double } == logprobs)
        #expect(byChat.compactMap { $0["decoded_token"] as? String }.joined() == text)
        #expect(byChat.allSatisfy { ($0["rank"] as? Int ?? 0) >= 1 })
        let prompt = "<|user|>\(Self.question)<|assistant|>\(text)"
        let echo =
            #"{"prompt": \#(String(decoding: try JSONEncoder().encode(prompt), as: UTF8.self)), "max_tokens": 0, "echo": true, "logprobs": 1}"#
        let scores = choice(try await served.ask("/v1/completions", echo).json)["logprobs"] as? [String: Any]
        #expect(
            ((scores?["token_logprobs"] as? [Any])?.suffix(logprobs.count).compactMap { $0 as? Double }) == logprobs)
        // A sum over them is therefore the same number too.
        #expect(logprobs.reduce(0, +) == byChat.reduce(0) { $0 + ($1["logprob"] as? Double ?? 0) })
    }

    @Test func `Completions tell prompt_logprobs in the choice, alternatives by their numbers`() async throws {
        let body = #"{"prompt": "What is 2 + 3?", "max_tokens": 1, "prompt_logprobs": 3}"#
        let answer = try await served.ask("/v1/completions", body)
        #expect(answer.json["prompt_logprobs"] == nil)
        let told = choice(answer.json)["prompt_logprobs"] as? [Any] ?? []
        let tokens =
            try await served.ask("/tokenize", #"{"content": "What is 2 + 3?"}"#).json["tokens"] as? [Int] ?? []
        #expect(told.count == tokens.count && told.count > 3)
        for (entry, token) in zip(told, tokens).dropFirst() {
            let entry = try #require(entry as? [String: [String: Any]])
            #expect(entry["\(token)"] != nil && (3...4).contains(entry.count))
            #expect(Set(entry.values.compactMap { $0["rank"] as? Int }).isSuperset(of: [1, 2, 3]))
        }
    }

    @Test func `A mark that is never written has a finite log-probability`() async throws {
        let body = #"{"prompt": "<|user|>2 + 3<|assistant|>5", "max_tokens": 0, "echo": true, "logprobs": 0}"#
        let scores = choice(try await served.ask("/v1/completions", body).json)["logprobs"] as? [String: Any]
        let values = (scores?["token_logprobs"] as? [Any] ?? []).compactMap { $0 as? Double }
        #expect(values.contains(-9999) && values.allSatisfy { $0 >= -9999 && $0 <= 0 })
    }

    @Test func `Offsets of texts are counted in code points`() async throws {
        let body = #"{"prompt": "e\u0301 2 + 3", "max_tokens": 0, "echo": true, "logprobs": 0}"#
        let scores = choice(try await served.ask("/v1/completions", body).json)["logprobs"] as? [String: Any]
        let offsets = scores?["text_offset"] as? [Int] ?? []
        let tokens = scores?["tokens"] as? [String] ?? []
        #expect(offsets.count == tokens.count)
        for index in offsets.indices.dropLast() {
            #expect(offsets[index + 1] - offsets[index] == tokens[index].unicodeScalars.count)
        }
    }

    // MARK: Vectors

    private func vectors(_ json: [String: Any]) -> [[Double]] {
        (json["data"] as? [[String: Any]])?.compactMap { $0["embedding"] as? [Double] } ?? []
    }

    @Test func `Vectors have unit length, come in order and do not depend on their neighbours`() async throws {
        let texts = [Self.question, "Kofi sells 4 pears.", "Mei sees 9 hens."]
        let body = #"{"input": ["\#(texts.joined(separator: #"", ""#))"], "model": "default"}"#
        let (status, json, text) = try await served.ask("/v1/embeddings", body)
        #expect(status == 200, "\(text)")
        let together = vectors(json)
        #expect(together.count == 3 && together.allSatisfy { $0.count == 128 })
        for vector in together { #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }
        #expect((json["data"] as? [[String: Any]])?.compactMap { $0["index"] as? Int } == [0, 1, 2])
        for (text, vector) in zip(texts, together) {
            let alone = try await served.ask("/v1/embeddings", #"{"input": "\#(text)"}"#).json
            #expect(vectors(alone).first == vector)
        }
        #expect(together[0] != together[1])
        let usage = json["usage"] as? [String: Any]
        #expect(usage?["prompt_tokens"] as? Int == usage?["total_tokens"] as? Int)
        #expect((usage?["prompt_tokens"] as? Int ?? 0) > 20)
    }

    @Test func `A vector is the mean of the final states`() throws {
        let model = try ReferenceModel(path: ReferenceModel.installedPath ?? "missing")
        let prompt = [Vocabulary.user] + model.vocabulary.encode("Mei sees 9 hens.")
        let batch = try GenerationBatch(model)
        defer { batch.close() }
        let done = DispatchSemaphore(value: 0)
        let generation = Generation(GenerationRequest(prompt: prompt, maxTokens: 0, seed: 0, embeds: true)) {
            _, _, end in
            if end != nil { done.signal() }
        }
        batch.submit([generation])
        done.wait()
        // One position at a time, by a pass of its own.
        let cache = KeyValueCache(model.shape, capacity: prompt.count)
        let pass = ForwardPass(model.transformer)
        var mean = [Float](repeating: 0, count: model.shape.width)
        for (position, token) in prompt.enumerated() {
            var rows = [PassRow(cache: cache, token: token, position: position, wantsLogits: false)]
            pass.run(&rows)
            pass.withFinalState(0) { state in
                for index in mean.indices { mean[index] += state[index] / Float(prompt.count) }
            }
        }
        #expect(zip(mean, generation.meanState).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(generation.tokens.isEmpty && mean.contains { abs($0) > 0.01 })
    }

    @Test func `Base64 holds the same numbers, and dimensions are the first ones`() async throws {
        let plain = vectors(try await served.ask("/v1/embeddings", #"{"input": "Mei sees 9 hens."}"#).json)[0]
        let coded =
            try await served.ask("/v1/embeddings", #"{"input": "Mei sees 9 hens.", "encoding_format": "base64"}"#).json
        let text = (coded["data"] as? [[String: Any]])?.first?["embedding"] as? String ?? ""
        let bytes = [UInt8](Data(base64Encoded: text) ?? Data())
        let numbers = stride(from: 0, to: bytes.count, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) })
        }
        #expect(numbers == plain.map { Float($0) })
        let short = vectors(
            try await served.ask("/v1/embeddings", #"{"input": "Mei sees 9 hens.", "dimensions": 16}"#).json)[0]
        #expect(short.count == 16 && abs(short.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        let scale = short[0] / plain[0]
        #expect(zip(short, plain).allSatisfy { abs($0 - scale * $1) < 1e-5 })
    }

    @Test func `A long list of texts is answered whole`() async throws {
        let texts = (0..<200).map { #""Kofi has \#($0) pears.""# }.joined(separator: ", ")
        let json = try await served.ask("/v1/embeddings", #"{"input": [\#(texts)]}"#).json
        #expect(vectors(json).count == 200 && Set(vectors(json)).count == 200)
        // What is read for vectors leaves no trace in what is written afterwards.
        let one = try await served.ask("/v1/chat/completions", Served.chat()).json
        #expect((choice(one)["message"] as? [String: Any])?["content"] as? String ?? "" != "")
    }
}
