package import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// What a page's address gives.
package struct ServedContent: Sendable {
    package var type: String
    package var body: Data

    package init(type: String, body: Data) {
        self.type = type
        self.body = body
    }
}

/// A web server for one person on this machine: it listens on loopback only, answers GET and HEAD below a secret path
/// only, and only to requests that name it by its own address, so that no other page in the browser can read it.
package final class LoopbackServer: Sendable {
    /// Gives the content of a name below the secret path, "" for the page itself; `nil`: there is none. Called on a
    /// thread of its own.
    package typealias Content = @Sendable (_ name: String) throws -> ServedContent?

    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    /// Where a browser finds the page, the secret included.
    package let address: String

    /// - Parameters:
    ///   - port: 0: any that is free.
    ///   - token: the secret, of letters and digits.
    package init(port: Int, token: String = LoopbackServer.newToken(), content: @escaping Content) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline(withErrorHandling: true).flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(PageHandler(token: token, content: content))
                }
            }
        do {
            channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
        address = "http://127.0.0.1:\(channel.localAddress?.port ?? port)/\(token)/"
    }

    /// 128 random bits in hexadecimal.
    package static func newToken() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let text = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    package func stop() {
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
    }
}

/// One connection.
private final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let pages = DispatchQueue(label: "evalh.view")

    private let token: String
    private let content: LoopbackServer.Content
    private var head: HTTPRequestHead?

    init(token: String, content: @escaping LoopbackServer.Content) {
        self.token = token
        self.content = content
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            return send(
                .methodNotAllowed, ServedContent(type: "text/plain; charset=utf-8", body: Data("only GET\n".utf8)),
                head, context)
        }
        guard isOurs(head.headers["host"], context), let name = name(in: head.uri) else {
            return send(.notFound, nil, head, context)
        }
        let content = content
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        Self.pages.async {
            let result = Result { try content(name) }
            loop.execute {
                let (handler, context) = bound.value
                switch result {
                case .success(let found?): handler.send(.ok, found, head, context)
                case .success(nil): handler.send(.notFound, nil, head, context)
                case .failure(let error):
                    let text = ServedContent(type: "text/plain; charset=utf-8", body: Data("\(error)\n".utf8))
                    handler.send(.internalServerError, text, head, context)
                }
            }
        }
    }

    /// A page of another name that was pointed to this address is not ours (DNS rebinding).
    private func isOurs(_ hosts: [String], _ context: ChannelHandlerContext) -> Bool {
        guard hosts.count == 1, let port = context.localAddress?.port else { return false }
        return ["127.0.0.1:\(port)", "localhost:\(port)"].contains(hosts[0])
    }

    /// What is asked for below the secret path; `nil`: the secret is wrong.
    private func name(in uri: String) -> String? {
        let path = uri.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, Self.areEqual(Array(parts[1].utf8), Array(token.utf8)) else {
            return nil
        }
        return String(parts[2])
    }

    /// Takes as long for a wrong secret as for a right one of its length.
    private static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func send(
        _ status: HTTPResponseStatus, _ found: ServedContent?, _ request: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) {
        let found = found ?? ServedContent(type: "text/plain; charset=utf-8", body: Data("nothing here\n".utf8))
        var headers = HTTPHeaders([
            ("content-type", found.type), ("content-length", String(found.body.count)), ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("content-security-policy", "frame-ancestors 'none'"),
        ])
        if !request.isKeepAlive { headers.add(name: "connection", value: "close") }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        if request.method != .HEAD {
            var buffer = context.channel.allocator.buffer(capacity: found.body.count)
            buffer.writeBytes(found.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !request.isKeepAlive { bound.value.close(promise: nil) }
        }
    }
}
