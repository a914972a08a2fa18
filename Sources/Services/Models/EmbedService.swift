package import Completions
package import JSON
package import ModelClients
internal import Synchronization

/// How the service `embed` asks for vectors, and what it makes of them.
package struct EmbedSettings: Hashable, Sendable {
    /// Who shortens vectors to `dimensions`.
    package enum Shortening: String, CaseIterable, Hashable, Sendable {
        /// evalh keeps the first numbers and brings them to unit length: for models that are trained for it
        /// (Matryoshka), on any server.
        case prefix
        /// The server, by OpenAI's parameter `dimensions`. Servers that ignore it are found out.
        case server
    }

    /// Numbers of a vector; `nil`: as many as the model has.
    package var dimensions: Int?
    package var shortening: Shortening
    package var interface: EmbeddingOptions.Interface
    package var encoding: EmbeddingOptions.Encoding
    /// Texts of one request at most.
    package var batch: Int

    package init(
        dimensions: Int? = nil, shortening: Shortening = .prefix, interface: EmbeddingOptions.Interface = .openai,
        encoding: EmbeddingOptions.Encoding = .float, batch: Int = 32
    ) {
        self.dimensions = dimensions
        self.shortening = shortening
        self.interface = interface
        self.encoding = encoding
        self.batch = max(1, batch)
    }

    var options: EmbeddingOptions {
        EmbeddingOptions(
            interface: interface, encoding: encoding, dimensions: shortening == .server ? dimensions : nil)
    }
}

/// The service `embed`: vectors of texts, by requests of a bounded number of texts each.
///
/// Payload: `{"texts": [text…]}`. Result: `{"vectors": [[number…]…], "dimensions": n}`, numbers as 32-bit floats in
/// their shortest form, whichever encoding they came in. Vectors have unit length where the server gives them so, and
/// where evalh shortened them.
package final class EmbedService: HostService {
    package static let mostTexts = 4096
    /// Bytes of all texts of a payload.
    package static let mostBytes = 8 << 20
    /// Numbers of all vectors of a result.
    package static let mostNumbers = 4 << 20

    private let endpoint: ModelEndpoint
    private let settings: EmbedSettings
    /// Numbers of a vector in results.
    package let dimensions: Int
    package let fingerprint: String

    /// - Parameters:
    ///   - dimensions: `EmbedService.dimensions(of:_:)`.
    ///   - model: The model's fingerprint.
    package init(_ endpoint: ModelEndpoint, _ settings: EmbedSettings, dimensions: Int, model: String) {
        self.endpoint = endpoint
        self.settings = settings
        self.dimensions = dimensions
        // Encoding and batch are left out: the same vectors come of all of them.
        let shortened = settings.dimensions == nil ? "" : ";shortened=\(settings.shortening.rawValue)"
        fingerprint =
            "evalh-service/1;kind=embed;version=1;dimensions=\(dimensions)\(shortened)"
            + ";by=\(settings.interface.rawValue);model=\(model)"
    }

    /// Asks for the vector of one tiny text: how many numbers results will have.
    /// - Throws: `unsupported` with what to do where the endpoint gives no vectors, or none of the wanted length.
    package static func dimensions(of endpoint: ModelEndpoint, _ settings: EmbedSettings) async throws(ModelFailure)
        -> Int
    {
        let outcome = await withCheckedContinuation { continuation in
            _ = endpoint.embed(["evalh"], settings.options) { continuation.resume(returning: $0) }
        }
        let answer: EmbeddingAnswer
        do throws(ModelFailure) {
            answer = try outcome.get()
        } catch {
            guard [.badRequest, .unsupported, .malformed].contains(error.kind) else { throw error }
            var failure = error
            failure.kind = .unsupported
            failure.message =
                "no vectors: \(error.message). An embedding model is needed behind /v1/embeddings (llama.cpp: start "
                + "its server with --embeddings)"
            throw failure
        }
        let given = answer.vectors.first?.count ?? 0
        guard let wanted = settings.dimensions else { return given }
        switch settings.shortening {
        case .server where given != wanted:
            throw ModelFailure(
                kind: .unsupported,
                message: "the server gives vectors of \(given) numbers where \(wanted) were asked for: it ignores "
                    + "`dimensions` (llama.cpp's does); use `shorten: prefix` if the model is trained for it")
        case .prefix where given < wanted:
            throw ModelFailure(
                kind: .unsupported,
                message: "the model's vectors have \(given) numbers: `dimensions` can be at most that, not \(wanted)")
        default: return wanted
        }
    }

    package var description: JSONValue {
        .object([
            .init("kind", .string("embed")), .init("role", .string(endpoint.role)),
            .init("dimensions", .integer(dimensions)),
        ])
    }

    package func problem(with payload: JSONValue) -> String? {
        switch texts(payload) {
        case .failure(let problem): problem.message
        case .success: nil
        }
    }

    package func worstCase(of payload: JSONValue) -> TokenUsage {
        guard case .success(let texts) = texts(payload) else { return TokenUsage() }
        return TokenUsage(
            requests: batches(texts).count,
            promptTokens: texts.reduce(0) { $0 + $1.utf8.count + 16 })
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        switch texts(payload) {
        case .failure(let problem):
            done(.failure(ModelFailure(kind: .badRequest, message: problem.message)))
            return {}
        case .success(let texts):
            let call = EmbedCall(batches(texts).count) { [dimensions] outcome in
                done(
                    outcome.flatMap { answer in
                        Result { () throws(ModelFailure) in try Self.result(answer, dimensions) }
                    })
            }
            for (index, batch) in batches(texts).enumerated() {
                call.keep(endpoint.embed(batch, settings.options) { call.take($0, index) })
            }
            return { call.cancel() }
        }
    }

    private func batches(_ texts: [String]) -> [[String]] {
        stride(from: 0, to: texts.count, by: settings.batch).map {
            Array(texts[$0..<min($0 + settings.batch, texts.count)])
        }
    }

    private func texts(_ payload: JSONValue) -> Result<[String], PayloadProblem> {
        do throws(PayloadProblem) {
            var fields = try PayloadFields(payload)
            guard let list = try fields.list("texts") else { throw PayloadProblem("`texts` is missing") }
            try fields.end()
            let most = min(Self.mostTexts, Self.mostNumbers / max(1, dimensions))
            guard (1...most).contains(list.count) else {
                throw PayloadProblem("`texts` takes from 1 to \(most) texts, not \(list.count)")
            }
            var texts: [String] = []
            var bytes = 0
            for (index, value) in list.enumerated() {
                guard let text = value.string else {
                    throw PayloadProblem("texts[\(index)] is \(value.kindName), not a text")
                }
                // Servers refuse it, or give the vector of something else.
                guard !text.isEmpty else { throw PayloadProblem("texts[\(index)] is empty") }
                bytes += text.utf8.count
                texts.append(text)
            }
            guard bytes <= Self.mostBytes else {
                throw PayloadProblem("the texts are longer than \(Self.mostBytes) bytes together")
            }
            return .success(texts)
        } catch {
            return .failure(error)
        }
    }
}

// MARK: - Results

extension EmbedService {
    private static func result(_ answer: EmbeddingAnswer, _ dimensions: Int) throws(ModelFailure) -> ServiceResult {
        guard let given = answer.vectors.first?.count, given >= dimensions else {
            throw ModelFailure(
                kind: .malformed,
                message: "the server gives vectors of \(answer.vectors.first?.count ?? 0) numbers now, and gave "
                    + "\(dimensions) or more at the beginning",
                spent: answer.usage)
        }
        let vectors = answer.vectors.map { vector in
            JSONValue.array((given > dimensions ? shortened(vector, dimensions) : vector).map(number))
        }
        let value = JSONValue.object([.init("vectors", .array(vectors)), .init("dimensions", .integer(dimensions))])
        return ServiceResult(value, usage: answer.usage)
    }

    /// The first numbers, of unit length; all 0 where they are.
    static func shortened(_ vector: [Float], _ dimensions: Int) -> [Float] {
        let first = vector.prefix(dimensions)
        let length = first.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? first.map { Float(Double($0) / length) } : Array(first)
    }

    /// The shortest text that gives the 32-bit float again.
    static func number(_ value: Float) -> JSONValue {
        if let whole = Int(exactly: value), whole.magnitude < 1 << 24 { return .integer(whole) }
        return JSONNumber(text: value.description).map(JSONValue.number) ?? .double(Double(value))
    }
}

/// The requests of one call, until all are answered or one has failed.
private final class EmbedCall: Sendable {
    private struct State {
        var answers: [Int: EmbeddingAnswer] = [:]
        var cancels: [@Sendable () -> Void] = []
        var isOver = false
    }

    private let state = Mutex(State())
    private let count: Int
    private let done: @Sendable (Result<EmbeddingAnswer, ModelFailure>) -> Void

    init(_ count: Int, done: @escaping @Sendable (Result<EmbeddingAnswer, ModelFailure>) -> Void) {
        self.count = count
        self.done = done
    }

    /// Remembers how to end a request; ends it at once if the call is over.
    func keep(_ cancel: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.cancels.append(cancel) }
            return state.isOver
        }
        if isOver { cancel() }
    }

    func cancel() {
        let cancels = state.withLock { state in
            state.isOver = true
            defer { state.cancels = [] }
            return state.cancels
        }
        for cancel in cancels { cancel() }
    }

    func take(_ outcome: Result<EmbeddingAnswer, ModelFailure>, _ index: Int) {
        let end: Result<EmbeddingAnswer, ModelFailure>? = state.withLock { state in
            guard !state.isOver else { return nil }
            switch outcome {
            case .success(let answer):
                state.answers[index] = answer
                guard state.answers.count == count else { return nil }
                state.isOver = true
                return joined(state.answers)
            case .failure(var failure):
                state.isOver = true
                for answer in state.answers.values { failure.spent += answer.usage }
                return .failure(failure)
            }
        }
        guard let end else { return }
        cancel()
        done(end)
    }

    private func joined(_ answers: [Int: EmbeddingAnswer]) -> Result<EmbeddingAnswer, ModelFailure> {
        var whole = EmbeddingAnswer(vectors: [], usage: TokenUsage())
        for index in 0..<count {
            guard let answer = answers[index] else { continue }
            whole.vectors += answer.vectors
            whole.usage += answer.usage
        }
        guard Set(whole.vectors.map(\.count)).count == 1 else {
            return .failure(
                ModelFailure(
                    kind: .malformed, message: "the server gives vectors of different lengths", spent: whole.usage))
        }
        return .success(whole)
    }
}
