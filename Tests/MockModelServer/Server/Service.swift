import Glibc
import NIOCore
import NIOHTTP1

/// What all connections share. Confined to the server's one event loop.
final class Service {
    let options: Options
    let stats = Stats()
    let files: RecordFiles
    private let faults: FaultPlan
    private let generator: Generator
    private let created = time(nil)
    private let eventLoop: any EventLoop
    private var flushIsScheduled = false
    let allocator = ByteBufferAllocator()

    init(options: Options, eventLoop: any EventLoop) throws {
        self.options = options
        files = try RecordFiles(logPath: options.logPath, countPath: options.countPath)
        self.eventLoop = eventLoop
        faults = FaultPlan(rules: options.faults, seed: options.faultSeed)
        generator = Generator(targetPieces: options.tokens, reasoning: options.reasoning)
    }

    func reply(to head: HTTPRequestHead, body: [UInt8]) -> Reply {
        let path = String(head.uri.prefix { $0 != "?" })
        switch (head.method, path) {
        case (.GET, "/__stats"): return .json(ByteBuffer(string: stats.json))
        case (.POST, "/__reset"):
            stats.reset()
            files.markDirty()
            scheduleFlush()
            return .json(ByteBuffer(staticString: "{}"))
        case (.GET, "/health"), (.GET, "/v1/health"): return .json(Fixed.health)
        default: break
        }
        if let key = options.apiKey, head.headers.first(name: "authorization") != "Bearer \(key)" {
            return .failure(.unauthorized, type: "authentication_error", message: "Invalid API Key")
        }
        switch (head.method, path) {
        case (.GET, "/v1/models"), (.GET, "/models"): return .json(Fixed.models)
        case (.GET, "/props"): return .json(Fixed.props)
        case (.POST, "/v1/chat/completions"), (.POST, "/chat/completions"):
            return generate(.chat, path: path, body: body)
        case (.POST, "/v1/completions"): return generate(.text, path: path, body: body)
        case (.POST, "/completion"), (.POST, "/completions"): return generate(.native, path: path, body: body)
        case (.POST, "/tokenize"): return Self.checked { .json(try Fixed.tokenize(body: body)) }
        case (.POST, "/apply-template"): return Self.checked { .json(try Fixed.applyTemplate(body: body)) }
        default: return .failure(.notFound, type: "not_found_error", message: "File Not Found")
        }
    }

    /// Counts and logs a request that has ended.
    func finish(_ record: RequestRecord, after elapsed: TimeAmount) {
        stats.end(record)
        guard files.isUsed else { return }
        files.append(record, milliseconds: Double(elapsed.nanoseconds / 1000) / 1000)
        scheduleFlush()
    }

    func flush() {
        flushIsScheduled = false
        files.flush(counts: stats.json)
    }

    private func generate(_ endpoint: GenerationRequest.Endpoint, path: String, body: [UInt8]) -> Reply {
        Self.checked {
            var request = try GenerationRequest(endpoint: endpoint, body: body)
            if !options.supportsLogprobs { request.alternatives = nil }
            var hash = StableHash()
            hash.combine(path.utf8)
            hash.combine(body)
            let now = Self.unixNanoseconds()
            let attempt = stats.begin(hash: hash.value, at: now)
            let count = options.supportsN && endpoint != .native ? request.choices : 1
            let answer = Answer(
                request: request, choices: generator.choices(for: request, count: count, attempt: attempt),
                id: StableHash.of(hash.value, UInt64(attempt)), created: created,
                promptTokens: options.promptTokens ?? request.question.words,
                reasoningField: options.reasoning?.field)
            var record = RequestRecord(path: path, hash: hash.value, attempt: attempt, receivedUnixNanoseconds: now)
            record.streams = request.streams
            record.choices = count
            record.fault = faults.fault(bodyHash: hash.value, attempt: attempt)
            if record.fault?.refuses != true { record.promptTokens = answer.promptTokens }
            let action: Reply.Action
            if let fault = record.fault {
                action = Reply.faulty(fault, answer: answer, retryAfter: options.retryAfter, allocator: allocator)
            } else if request.streams {
                action = .events(EventStream(answer), cut: nil)
            } else {
                record.tokens = answer.tokens
                action = .whole(.ok, answer.body(allocator: allocator), retryAfter: nil)
            }
            return Reply(action: action, delay: delay(for: hash.value), record: record)
        }
    }

    private func delay(for hash: UInt64) -> TimeAmount {
        let jitter = StableHash.unit(StableHash.of(hash, 0x1a7e)) * Double(options.latencyJitter)
        return .microseconds(Int64(options.latency) * 1000 + Int64(jitter * 1000))
    }

    private func scheduleFlush() {
        guard !flushIsScheduled else { return }
        flushIsScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(10)) { self.flush() }
    }

    private static func checked(_ make: () throws -> Reply) -> Reply {
        do {
            return try make()
        } catch {
            let message = (error as? BadRequest)?.message ?? "\(error)"
            return .failure(.badRequest, type: "invalid_request_error", message: message)
        }
    }

    private static func unixNanoseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }
}
