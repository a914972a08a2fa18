import Foundation
import FoundationNetworking
import Testing

@testable import ReferenceModel
@testable import ReferenceServer

/// A running server and a plain client.
final class Served: @unchecked Sendable {
    static let shared = Served()
    let server: ReferenceServer

    init() {
        do {
            server = try ReferenceServer(ReferenceModel(path: ReferenceModel.installedPath ?? "missing"), at: .port(0))
        } catch {
            fatalError("\(error)")
        }
    }

    func ask(_ path: String, _ body: String? = nil) async throws -> (status: Int, json: [String: Any], text: String) {
        var request = URLRequest(url: URL(string: server.address + path)!)
        if let body {
            request.httpMethod = "POST"
            request.httpBody = Data(body.utf8)
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        let json = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, json, String(decoding: data, as: UTF8.self))
    }

    static func chat(_ more: String = "") -> String {
        #"{"messages": [{"role": "user", "content": "Rosa has 13 figs and buys 24 more. How many figs does she have?"}], "temperature": 0\#(more)}"#
    }
}

@Suite struct ServerTests {
    private let served = Served.shared

    private func choice(_ json: [String: Any], _ index: Int = 0) -> [String: Any] {
        (json["choices"] as? [[String: Any]])?[index] ?? [:]
    }
    private func content(_ json: [String: Any]) -> String {
        (choice(json)["message"] as? [String: Any])?["content"] as? String ?? ""
    }

    @Test func aChatAnswersInOpenAIsShape() async throws {
        let (status, json, _) = try await served.ask("/v1/chat/completions", Served.chat())
        #expect(status == 200)
        #expect(json["object"] as? String == "chat.completion")
        #expect(content(json).contains("####"))
        #expect(choice(json)["finish_reason"] as? String == "stop")
        let usage = json["usage"] as? [String: Any]
        let total = (usage?["prompt_tokens"] as? Int ?? 0) + (usage?["completion_tokens"] as? Int ?? 0)
        #expect(usage?["total_tokens"] as? Int == total)
        #expect(choice(json)["evalh"] == nil)
    }

    @Test func aStreamSaysTheSame() async throws {
        let whole = content(try await served.ask("/v1/chat/completions", Served.chat()).json)
        let (_, _, text) = try await served.ask(
            "/v1/chat/completions", Served.chat(#", "stream": true, "stream_options": {"include_usage": true}"#))
        let events = text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
        #expect(events.last == "data: [DONE]")
        let objects = events.dropLast().compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8)) as? [String: Any]
        }
        let pieces = objects.compactMap { ($0["choices"] as? [[String: Any]])?.first?["delta"] as? [String: Any] }
        #expect(pieces.compactMap { $0["content"] as? String }.joined() == whole)
        #expect(pieces.first?["role"] as? String == "assistant")
        #expect(objects.last?["usage"] is [String: Any])
        #expect((objects.last?["choices"] as? [Any])?.isEmpty == true)
    }

    @Test func aPrefixIsGoneOnWith() async throws {
        let body = #"""
            {"messages": [{"role": "user", "content": "Rosa has 13 figs and buys 24 more. How many figs does she have?"},
             {"role": "assistant", "content": "13 + 24 = 37 ####"}], "temperature": 0}
            """#
        #expect(content(try await served.ask("/v1/chat/completions", body).json) == " 37")
    }

    @Test func severalChoicesPayThePromptOnce() async throws {
        let (_, json, _) = try await served.ask("/v1/chat/completions", Served.chat(#", "n": 5"#))
        let choices = json["choices"] as? [[String: Any]]
        #expect(choices?.count == 5)
        #expect(choices?.compactMap { $0["index"] as? Int } == [0, 1, 2, 3, 4])
        let one = try await served.ask("/v1/chat/completions", Served.chat()).json
        #expect(
            (json["usage"] as? [String: Any])?["prompt_tokens"] as? Int == (one["usage"] as? [String: Any])?[
                "prompt_tokens"] as? Int)
    }

    @Test func exitsAreReported() async throws {
        let (_, json, _) = try await served.ask(
            "/v1/chat/completions", Served.chat(#", "evalh": {"exit": {"policy": "fixed", "layer": 6}}"#))
        let inside = choice(json)["evalh"] as? [String: Any]
        #expect((inside?["layers"] as? [Int])?.allSatisfy { $0 == 6 } == true)
        #expect(inside?["depth"] as? Double == 0.75)
        #expect((inside?["compute"] as? Double ?? 1) < 1)
    }

    @Test func echoScoresAContinuation() async throws {
        let body =
            #"{"prompt": "<|user|>What is 2 + 3?<|assistant|>2 + 3 = 5", "max_tokens": 0, "echo": true, "logprobs": 2, "temperature": 0}"#
        let (status, json, text) = try await served.ask("/v1/completions", body)
        #expect(status == 200, "\(text)")
        let scores = choice(json)["logprobs"] as? [String: Any]
        let tokens = scores?["tokens"] as? [String] ?? []
        let values = scores?["token_logprobs"] as? [Any] ?? []
        #expect(tokens.last == " 5")
        #expect(values.count == tokens.count)
        #expect(values.first is NSNull)
        #expect((values.last as? Double ?? 1) <= 0)
        #expect((choice(json)["text"] as? String) == "What is 2 + 3?2 + 3 = 5")
    }

    @Test func tokensComeAndGo() async throws {
        let tokens =
            try await served.ask("/tokenize", #"{"content": "Rosa has 13 figs"}"#).json["tokens"] as? [Int] ?? []
        #expect(!tokens.isEmpty)
        #expect(
            try await served.ask("/detokenize", #"{"tokens": \#(tokens)}"#).json["content"] as? String
                == "Rosa has 13 figs")
        #expect(try await served.ask("/health").json["status"] as? String == "ok")
        let models = try await served.ask("/v1/models").json["data"] as? [[String: Any]]
        #expect(models?.first?["id"] as? String == "evalh-reference-1")
    }

    @Test(
        arguments: [
            ("/v1/chat/completions", "{", 400, nil), ("/v1/chat/completions", "{}", 400, "messages"),
            ("/v1/chat/completions", Served.chat(#", "max_tokens": 0"#), 400, "max_tokens"),
            ("/v1/chat/completions", Served.chat(#", "max_tokens": "many""#), 400, "max_tokens"),
            ("/v1/chat/completions", Served.chat(#", "n": 1000"#), 400, "n"),
            ("/v1/chat/completions", Served.chat(#", "top_p": 0"#), 400, "top_p"),
            ("/v1/chat/completions", Served.chat(#", "tools": [{}]"#), 400, "tools"),
            ("/v1/chat/completions", Served.chat(#", "model": "gpt-4""#), 404, "model"),
            (
                "/v1/chat/completions", Served.chat(#", "evalh": {"exit": {"policy": "fixed"}}"#), 400,
                "evalh.exit.layer"
            ),
            (
                "/v1/chat/completions", Served.chat(#", "evalh": {"exit": {"policy": "soon"}}"#), 400,
                "evalh.exit.policy"
            ),
            ("/v1/completions", #"{"prompt": ""}"#, 400, "prompt"), ("/v1/embeddings", "{}", 400, "input"),
            ("/v1/embeddings", #"{"input": []}"#, 400, "input"), ("/v1/embeddings", #"{"input": [""]}"#, 400, "input"),
            ("/v1/embeddings", #"{"input": "a", "dimensions": 4096}"#, 400, "dimensions"),
            ("/v1/embeddings", #"{"input": "a", "encoding_format": "hex"}"#, 400, "encoding_format"),
            ("/v1/embeddings", #"{"input": "\#(String(repeating: "1", count: 300))"}"#, 400, "input"),
            ("/v1/chat/completions", Served.chat(#", "prompt_logprobs": -1"#), 400, "prompt_logprobs"),
            (
                "/v1/chat/completions", Served.chat(#", "prompt_logprobs": 0, "stream": true"#), 400, "prompt_logprobs"
            ),
            ("/v1/models", "{}", 405, nil),
            ("/v1/completions", #"{"prompt": "\#(String(repeating: "1", count: 300))"}"#, 400, "prompt"),
        ] as [(String, String, Int, String?)])
    func badRequestsAreToldSo(_ path: String, _ body: String, _ status: Int, _ parameter: String?) async throws {
        let answer = try await served.ask(path, body)
        #expect(answer.status == status)
        let error = answer.json["error"] as? [String: Any]
        #expect(error?["message"] is String)
        #expect(error?["type"] as? String == "invalid_request_error")
        #expect(error?["param"] as? String == parameter)
    }

    @Test func aClientThatLeavesFreesItsPlace() async throws {
        let body = Served.chat(#", "n": 64, "stream": true, "max_tokens": 200"#).replacingOccurrences(
            of: #""temperature": 0"#, with: #""temperature": 50"#)
        var request = URLRequest(url: URL(string: served.server.address + "/v1/chat/completions")!)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        let asked = request
        let task = Task { try await URLSession.shared.data(for: asked) }
        task.cancel()
        _ = try? await task.value
        // What comes after is answered.
        #expect(try await served.ask("/v1/chat/completions", Served.chat()).status == 200)
    }
}
