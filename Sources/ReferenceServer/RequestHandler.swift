internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import ReferenceModel

/// One connection: reads a request whole, then answers it.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let largestBody = 1 << 20

    private let service: Service
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isTooLarge = false
    private var exchange: (any CancellableExchange)?

    init(_ service: Service) {
        self.service = service
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
            isTooLarge = false
        case .body(var part):
            if body.readableBytes + part.readableBytes > Self.largestBody {
                isTooLarge = true
            } else {
                body.writeBuffer(&part)
            }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        exchange?.cancel()
        exchange = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let reply = Reply(context, keepsAlive: head.isKeepAlive)
        do {
            guard !isTooLarge else {
                throw APIError(status: 413, message: "the body is larger than \(Self.largestBody) bytes")
            }
            let path = String(head.uri.prefix { $0 != "?" })
            switch (head.method, path) {
            case (.GET, "/health"), (.HEAD, "/health"): reply.send(["status": "ok"])
            case (.GET, "/v1/models"): reply.send(ModelList(service.model))
            case (.POST, "/tokenize"):
                reply.send([
                    "tokens": service.model.vocabulary.encode(try read(Content.self).content, readsSpecials: true)
                ])
            case (.POST, "/detokenize"):
                reply.send(["content": service.model.vocabulary.decode(try read(Tokens.self).tokens)])
            case (.POST, "/v1/chat/completions"): try complete(isChat: true, reply, context)
            case (.POST, "/v1/completions"): try complete(isChat: false, reply, context)
            case (.POST, "/v1/embeddings"): try embed(reply, context)
            case (_, "/health"), (_, "/v1/models"), (_, "/tokenize"), (_, "/detokenize"), (_, "/v1/chat/completions"),
                (_, "/v1/completions"), (_, "/v1/embeddings"):
                throw APIError(status: 405, message: "\(head.method) is not allowed on \(path)")
            default:
                throw APIError(
                    status: 404,
                    message:
                        "there is no \(path) here; there are /v1/chat/completions, /v1/completions, "
                        + "/v1/embeddings, /v1/models, /tokenize, /detokenize and /health",
                    code: "not_found")
            }
        } catch let error as APIError {
            reply.send(error)
        } catch {
            reply.send(APIError(status: 500, message: "\(error)", type: "server_error"))
        }
    }

    private struct Content: Decodable { var content: String }
    private struct Tokens: Decodable { var tokens: [Int] }

    private func read<T: Decodable>(_ type: T.Type) throws -> T {
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(type, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw APIError(error)
        }
    }

    private func complete(isChat: Bool, _ reply: Reply, _ context: ChannelHandlerContext) throws {
        let job = try CompletionJob(try read(RequestBody.self), isChat: isChat, model: service.model)
        let exchange = ServedExchange(job, service.model, reply)
        self.exchange = exchange
        exchange.start(service.batch, on: context.eventLoop)
    }

    private func embed(_ reply: Reply, _ context: ChannelHandlerContext) throws {
        let job = try EmbeddingJob(try read(EmbeddingBody.self), model: service.model)
        let exchange = EmbeddingExchange(job, service.model, reply)
        self.exchange = exchange
        exchange.start(service.batch, on: context.eventLoop)
    }
}

/// What a client that leaves breaks off.
protocol CancellableExchange: AnyObject {
    func cancel()
}

/// `/v1/models`, with what a client may want to know of the model.
private struct ModelList: Encodable {
    struct Meta: Encodable { var nCtx, nVocab, nLayer, nEmbd: Int }
    struct Entry: Encodable {
        var id: String
        var object = "model"
        var created = 0
        var ownedBy = "evalh"
        var sha256: String
        var meta: Meta
    }
    var object = "list"
    var data: [Entry]

    init(_ model: ReferenceModel) {
        let shape = model.shape
        data = [
            Entry(
                id: model.file.name, sha256: model.file.checksum,
                meta: Meta(
                    nCtx: ReferenceModel.context, nVocab: shape.vocabulary, nLayer: shape.layers, nEmbd: shape.width))
        ]
    }
}
