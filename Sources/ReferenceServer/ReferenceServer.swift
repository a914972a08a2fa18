internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
package import ReferenceModel

/// Serves the embedded model in OpenAI's wire format.
package final class ReferenceServer: Sendable {
    package enum Address: Sendable {
        /// On 127.0.0.1; 0: any that is free.
        case port(Int)
        case unix(path: String)
    }

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let batch: GenerationBatch
    /// "http://127.0.0.1:49152" or "unix:/run/socket".
    package let address: String

    /// - Throws: where the address cannot be had.
    package init(_ model: ReferenceModel, at place: Address, sequences: Int = 48) throws {
        let batch = try GenerationBatch(model, sequences: sequences)
        self.batch = batch
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        let service = Service(model: model, batch: batch)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(service))
                }
            }
        do {
            switch place {
            case .unix(let path):
                channel = try bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).wait()
                address = "unix:\(path)"
            case .port(let port):
                channel = try bootstrap.childChannelOption(.socketOption(.tcp_nodelay), value: 1).bind(
                    host: "127.0.0.1", port: port
                ).wait()
                address = "http://127.0.0.1:\(channel.localAddress?.port ?? port)"
            }
        } catch {
            batch.close()
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    package func stop() {
        try? channel.close().wait()
        batch.close()
        try? group.syncShutdownGracefully()
    }
}

/// What every connection needs.
struct Service: Sendable {
    var model: ReferenceModel
    var batch: GenerationBatch
}
