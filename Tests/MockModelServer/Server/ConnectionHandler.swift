import NIOCore
import NIOHTTP1

/// One connection: gathers a request, asks the service for the reply, carries it out.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case idle
        case receiving(HTTPRequestHead, ByteBuffer)
        /// The reply is due later, or never ends, or is being written.
        case replying(Exchange)
    }

    private struct Exchange {
        let reply: Reply
        let keepsAlive: Bool
        let started: NIODeadline
    }

    private static let largestBody = 64 << 20

    private let service: Service
    private var phase = Phase.idle
    private var writer: BodyWriter?

    init(service: Service) {
        self.service = service
    }

    func channelActive(context: ChannelHandlerContext) {
        service.stats.connections += 1
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let head), .idle):
            if head.headers.contains(name: "expect") {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
            phase = .receiving(head, ByteBuffer())
        case (.body(let bytes), .receiving(let head, var body)):
            phase = .idle
            guard body.readableBytes + bytes.readableBytes <= Self.largestBody else {
                return context.close(promise: nil)
            }
            if body.readableBytes == 0 { body = bytes } else { body.writeImmutableBuffer(bytes) }
            phase = .receiving(head, body)
        case (.end, .receiving(let head, let body)):
            begin(
                service.reply(to: head, body: Array(body.readableBytesView)), keepsAlive: head.isKeepAlive,
                context: context)
        case (.head, .receiving), (.head, .replying), (.body, .idle), (.body, .replying), (.end, .idle),
            (.end, .replying):
            // A second request before the first one's answer: no client of ours pipelines.
            context.close(promise: nil)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { writeOn(context: context) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .replying(let exchange) = phase {
            end(exchange, status: 0, cancelled: exchange.reply.record?.fault != .close, paid: false)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin(_ reply: Reply, keepsAlive: Bool, context: ChannelHandlerContext) {
        phase = .replying(Exchange(reply: reply, keepsAlive: keepsAlive, started: .now()))
        guard reply.delay > .zero else { return carryOut(context: context) }
        context.eventLoop.assumeIsolated().scheduleTask(in: reply.delay) { self.carryOut(context: context) }
    }

    private func carryOut(context: ChannelHandlerContext) {
        guard case .replying(let exchange) = phase else { return }
        switch exchange.reply.action {
        case .silence: break
        case .hangUp: context.close(promise: nil)
        case .whole(let status, let body, let retryAfter):
            writeHead(
                status, length: body.readableBytes, type: "application/json; charset=utf-8", retryAfter: retryAfter,
                context: context)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            complete(exchange, status: status, context: context)
        case .cut(let body, let closes):
            writeHead(.ok, length: body.readableBytes, type: "application/json; charset=utf-8", context: context)
            let half = body.getSlice(at: body.readerIndex, length: body.readableBytes / 2) ?? ByteBuffer()
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(half))), promise: nil)
            if closes { breakOff(exchange, context: context) }
        case .events(let stream, let cut):
            writeHead(.ok, length: nil, type: "text/event-stream", context: context)
            writer = .events(stream, cut: cut)
            writeOn(context: context)
        case .flood(let flood):
            var length: Int?
            if case .declared(let bytes) = flood.length { length = bytes }
            let streams = exchange.reply.record?.streams == true && length == nil
            writeHead(
                .ok, length: length, type: streams ? "text/event-stream" : "application/json; charset=utf-8",
                context: context)
            writer = .flood(flood)
            writeOn(context: context)
        }
    }

    /// Writes as much of a long body as the connection takes.
    private func writeOn(context: ChannelHandlerContext) {
        guard case .replying(let exchange) = phase, var writer, !writer.isBusy else { return }
        let delay = service.options.chunkDelay
        while context.channel.isWritable {
            var out = service.allocator.buffer(capacity: 4096)
            let step = writer.next(into: &out, single: delay > 0)
            // Flushing can call back into this function: it must find the writer busy.
            writer.isBusy = true
            self.writer = writer
            if out.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(out))), promise: nil) }
            guard case .replying = phase else { return }
            switch step {
            case .more where delay > 0:
                context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(delay))) {
                    self.writer?.isBusy = false
                    self.writeOn(context: context)
                }
                return
            case .more: break
            case .silent: return
            case .closed: return breakOff(exchange, context: context)
            case .finished: return complete(exchange, status: .ok, context: context)
            }
            writer.isBusy = false
            self.writer = writer
        }
    }

    private func writeHead(
        _ status: HTTPResponseStatus, length: Int?, type: String, retryAfter: Int? = nil, context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(4)
        headers.add(name: "Server", value: "evalh-mock")
        headers.add(name: "Content-Type", value: type)
        if let length {
            headers.add(name: "Content-Length", value: String(length))
        } else {
            headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        if let retryAfter { headers.add(name: "Retry-After", value: String(retryAfter)) }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    }

    private func complete(_ exchange: Exchange, status: HTTPResponseStatus, context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            guard case .replying = self.phase else { return }
            let delivered = if case .success = result { true } else { false }
            let paid = delivered && status == .ok && exchange.reply.record?.fault == nil
            self.end(exchange, status: Int(status.code), cancelled: !delivered, paid: paid)
            if !exchange.keepsAlive || !delivered { context.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Closes in the middle of a body.
    private func breakOff(_ exchange: Exchange, context: ChannelHandlerContext) {
        end(exchange, status: 200, cancelled: false, paid: false)
        context.close(promise: nil)
    }

    private func end(_ exchange: Exchange, status: Int, cancelled: Bool, paid: Bool) {
        let tokens = writer?.tokensSent
        phase = .idle
        writer = nil
        guard var record = exchange.reply.record else { return }
        record.status = status
        record.cancelled = cancelled
        record.paid = paid
        record.tokens = tokens ?? (paid ? record.tokens : 0)
        service.finish(record, after: .now() - exchange.started)
    }
}
