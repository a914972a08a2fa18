internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Writes one answer to a connection. On the connection's event loop only.
final class Reply {
    private let context: ChannelHandlerContext
    private let keepsAlive: Bool
    private let encoder = JSONEncoder()

    init(_ context: ChannelHandlerContext, keepsAlive: Bool) {
        self.context = context
        self.keepsAlive = keepsAlive
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.keyEncodingStrategy = .convertToSnakeCase
    }

    func send(_ value: some Encodable) {
        do { send(try encoder.encode(value), status: 200) } catch {
            send(APIError(status: 500, message: "\(error)", type: "server_error"))
        }
    }

    func send(_ error: APIError) { send(error.body, status: error.status) }

    private func send(_ data: Data, status: Int) {
        begin(status, [("content-type", "application/json"), ("content-length", String(data.count))])
        write(data)
        end()
    }

    // MARK: Streams

    func beginStream() { begin(200, [("content-type", "text/event-stream"), ("cache-control", "no-store")]) }

    func sendEvent(_ value: some Encodable) {
        guard let data = try? encoder.encode(value) else { return }
        write(Data("data: ".utf8) + data + Data("\n\n".utf8))
        context.flush()
    }

    func endStream() {
        write(Data("data: [DONE]\n\n".utf8))
        end()
    }

    // MARK: Parts

    private func begin(_ status: Int, _ fields: [(String, String)]) {
        var headers = HTTPHeaders(fields)
        headers.add(name: "x-content-type-options", value: "nosniff")
        if !keepsAlive { headers.add(name: "connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
        context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
    }

    private func write(_ data: Data) {
        var buffer = context.channel.allocator.buffer(capacity: data.count)
        buffer.writeBytes(data)
        context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(buffer))), promise: nil)
    }

    private func end() {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let keepsAlive = keepsAlive
        context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil))).whenComplete { _ in
            if !keepsAlive { bound.value.close(promise: nil) }
        }
    }
}
