import Completions
import Foundation
import JSON
import Synchronization
import Testing

@testable import ModelClients
@testable import Services

@Suite(.timeLimit(.minutes(2))) struct EmbedServiceTests {
    private func texts(_ texts: [String]) -> JSONValue { .object([.init("texts", .strings(texts))]) }

    private func vectors(_ result: ServiceResult) -> [[Double]] {
        result.value["vectors"]?.elements?.compactMap { $0.elements?.compactMap(\.double) } ?? []
    }

    /// Vectors that name their texts, two numbers each: how many letters, and whether it is the first of its request.
    private static func answer(_ exchange: Exchange) -> ScriptedTransport.Reply {
        let sent = try? JSONValue(parsing: String(decoding: exchange.body, as: UTF8.self))
        let texts = sent?["input"]?.elements?.compactMap(\.string) ?? []
        let entries = texts.enumerated().reversed().map { index, text in
            #"{"index":\#(index),"embedding":[\#(text.utf8.count),\#(index == 0 ? 1 : 0)]}"#
        }
        return .json(
            #"{"data":[\#(entries.joined(separator: ","))],"usage":{"prompt_tokens":\#(texts.count * 3),"total_tokens":0}}"#
        )
    }

    @Test func `The embedded model gives vectors of unit length, the same in both encodings`() async throws {
        let plain = try await ServedModels.shared.embed()
        let coded = try await ServedModels.shared.embed(EmbedSettings(encoding: .base64, batch: 1))
        let asked = texts(["Rosa has 13 figs.", "Kofi sells 4 pears."])
        let result = try await plain.answer(asked)
        #expect(result.value["dimensions"]?.int == 128 && vectors(result).count == 2)
        for vector in vectors(result) { #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }
        let same = try await coded.answer(asked)
        #expect(same.value == result.value && same.value.text == result.value.text)
        // How they came is nothing that the results depend on.
        #expect(plain.fingerprint == coded.fingerprint)
        #expect(result.usage.requests == 1 && same.usage.requests == 2)
        #expect(result.usage.promptTokens == same.usage.promptTokens && result.usage.promptTokens > 8)
    }

    @Test func `Prefix dimensions are cut here or by the server, with the same vectors`() async throws {
        let here = try await ServedModels.shared.embed(EmbedSettings(dimensions: 32))
        let there = try await ServedModels.shared.embed(EmbedSettings(dimensions: 32, shortening: .server))
        let asked = texts(["Rosa has 13 figs."])
        let (cut, served) = (vectors(try await here.answer(asked))[0], vectors(try await there.answer(asked))[0])
        #expect(cut.count == 32 && served.count == 32)
        #expect(zip(cut, served).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(here.description["dimensions"]?.int == 32)
        #expect(
            Set([here.fingerprint, there.fingerprint, try await ServedModels.shared.embed().fingerprint]).count == 3)
    }

    @Test func `A shortened vector has unit length, and one of zeros stays`() {
        #expect(EmbedService.shortened([3, 4, 12], 2) == [0.6, 0.8])
        #expect(EmbedService.shortened([0, 0, 1], 2) == [0, 0])
    }

    @Test func `Numbers have the digits of their 32 bits and no more`() {
        #expect(EmbedService.number(0.1).text == "0.1" && EmbedService.number(-2).text == "-2")
        #expect(EmbedService.number(1.5e-10).double == 1.5e-10)
        for bits in [UInt32(0x3DCC_CCCD), 0x0000_0001, 0x7F7F_FFFF, 0x8000_0000] {
            let value = Float(bitPattern: bits)
            #expect(EmbedService.number(value).double.map { Float($0) } == value)
        }
    }

    @Test func `Many texts are asked for in bounded requests and come back in order`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted(Self.answer)
        let service = EmbedService(endpoint, EmbedSettings(batch: 4), dimensions: 2, model: "m")
        let words = (1...11).map { String(repeating: "a", count: $0) }
        let result = try await service.answer(texts(words))
        #expect(vectors(result).map { Int($0[0]) } == Array(1...11))
        #expect(vectors(result).map { Int($0[1]) } == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0])
        #expect(transport.exchanges.count == 3 && result.usage.requests == 3 && result.usage.promptTokens == 33)
        #expect(service.worstCase(of: texts(words)).requests == 3)
    }

    @Test func `One request that fails ends the others, and says what was paid`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted { _ in .later }
        let service = EmbedService(endpoint, EmbedSettings(batch: 1), dimensions: 2, model: "m")
        let ends = Mutex<[Result<ServiceResult, ModelFailure>]>([])
        _ = service.call(texts(["a", "b", "c"]), seed: 0) { end in ends.withLock { $0.append(end) } }
        transport.finish(
            1, .json(#"{"data":[{"index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":7,"total_tokens":7}}"#))
        #expect(ends.withLock { $0.isEmpty })
        transport.finish(0, .failure(ModelFailure(kind: .server, message: "HTTP 500", isRetryable: true)))
        transport.finish(2, .json(#"{"data":[{"index":0,"embedding":[1,2]}]}"#))
        let end = try #require(ends.withLock { $0.first })
        let failure = #expect(throws: ModelFailure.self) { try end.get() }
        #expect(failure?.kind == .server && failure?.spent.promptTokens == 7)
        #expect(ends.withLock { $0.count } == 1 && Set(transport.cancelled).isSuperset(of: [2]))
    }

    @Test func `A cancel ends all requests`() throws {
        let (endpoint, transport) = try ModelEndpoint.scripted { _ in .later }
        let service = EmbedService(endpoint, EmbedSettings(batch: 1), dimensions: 2, model: "m")
        let cancel = service.call(texts(["a", "b"]), seed: 0) { _ in Issue.record("done after a cancel") }
        cancel()
        #expect(Set(transport.cancelled) == [0, 1])
        transport.finish(0, .failure(ModelFailure(kind: .connection, message: "gone")))
    }

    @Test func `A vector that is shorter than at the beginning is a failure, not a result`() async throws {
        let (endpoint, _) = try ModelEndpoint.scripted(Self.answer)
        let service = EmbedService(endpoint, EmbedSettings(), dimensions: 3, model: "m")
        let failure = await #expect(throws: ModelFailure.self) { try await service.answer(texts(["a"])) }
        #expect(failure?.kind == .malformed && failure?.spent.promptTokens == 3)
    }

    @Test(arguments: [
        ("[]", "an object is expected"), ("{}", "`texts` is missing"), (#"{"texts": []}"#, "from 1 to"),
        (#"{"texts": "a"}"#, "`texts` is a text"), (#"{"texts": ["a", ""]}"#, "texts[1] is empty"),
        (#"{"texts": ["a", 3]}"#, "texts[1] is a whole number"),
        (#"{"texts": ["a"], "model": "b"}"#, "no `model` here"),
    ])
    func `A payload that is none is refused with the reason`(_ text: String, _ reason: String) throws {
        let (endpoint, transport) = try ModelEndpoint.scripted { _ in .later }
        let service = EmbedService(endpoint, EmbedSettings(), dimensions: 2, model: "m")
        let problem = service.problem(with: try JSONValue(text))
        #expect(problem?.contains(reason) == true, "\(problem ?? "-")")
        #expect(transport.exchanges.isEmpty)
    }

    @Test func `Too many texts, too many bytes and too many numbers are refused`() throws {
        let (endpoint, _) = try ModelEndpoint.scripted { _ in .later }
        let service = EmbedService(endpoint, EmbedSettings(), dimensions: 2, model: "m")
        #expect(service.problem(with: texts(Array(repeating: "a", count: EmbedService.mostTexts + 1))) != nil)
        #expect(service.problem(with: texts([String(repeating: "a", count: EmbedService.mostBytes + 1)])) != nil)
        let wide = EmbedService(endpoint, EmbedSettings(), dimensions: EmbedService.mostNumbers / 2, model: "m")
        #expect(wide.problem(with: texts(["a", "b"])) == nil && wide.problem(with: texts(["a", "b", "c"])) != nil)
    }

    // MARK: Opening

    @Test func `A server without an embedding model is refused with what to do`() async throws {
        let (endpoint, _) = try ModelEndpoint.scripted(provider: .llamaCpp) { exchange in
            #expect(exchange.url == "http://127.0.0.1:9/v1/embeddings")
            return .failure(
                ModelFailure(
                    kind: .unsupported, message: "HTTP 501: This server does not support embeddings.", httpStatus: 501))
        }
        let failure = await #expect(throws: ModelFailure.self) {
            try await EmbedService.dimensions(of: endpoint, EmbedSettings())
        }
        #expect(failure?.kind == .unsupported && failure?.message.contains("--embeddings") == true)
    }

    @Test func `A server that ignores dimensions is found out, and so are more than there are`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted(Self.answer)
        let ignored = await #expect(throws: ModelFailure.self) {
            try await EmbedService.dimensions(of: endpoint, EmbedSettings(dimensions: 1, shortening: .server))
        }
        #expect(ignored?.message.contains("ignores `dimensions`") == true)
        #expect(transport.bodies.first?.contains(#""dimensions":1"#) == true)
        let many = await #expect(throws: ModelFailure.self) {
            try await EmbedService.dimensions(of: endpoint, EmbedSettings(dimensions: 3))
        }
        #expect(many?.message.contains("at most that") == true)
        #expect(try await EmbedService.dimensions(of: endpoint, EmbedSettings(dimensions: 1)) == 1)
        #expect(try await EmbedService.dimensions(of: endpoint, EmbedSettings()) == 2)
    }

    @Test func `text-embeddings-inference is asked at its own path`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted { _ in .json("[[1,0,0]]") }
        let settings = EmbedSettings(interface: .tei)
        #expect(try await EmbedService.dimensions(of: endpoint, settings) == 3)
        #expect(transport.exchanges.first?.url == "http://127.0.0.1:9/embed")
    }
}
