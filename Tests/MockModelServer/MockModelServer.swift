import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// A model server for tests: OpenAI's and llama.cpp's wire formats, deterministic text, faults on demand, and counts
/// that show what was paid for. One event loop: what is measured against it should not find it slow, and nothing needs
/// a lock.
@main
struct MockModelServer {
    static func main() {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.contains("--help") { return print(Options.help) }
            try run(Options(arguments: arguments))
        } catch let mistake as Options.Mistake {
            fail(mistake.text, status: 2)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func run(_ options: Options) throws {
        // Blocked before any thread starts, so that only `sigwait` below takes them.
        var ending = sigset_t()
        sigemptyset(&ending)
        for signal in [SIGTERM, SIGINT] { sigaddset(&ending, signal) }
        pthread_sigmask(SIG_BLOCK, &ending, nil)

        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let service = try loop.submit { NIOLoopBound(try Service(options: options, eventLoop: loop), eventLoop: loop) }
            .wait()
        try listen(options, loop: loop, service: service)
        if options.endsWithStandardInput { watchStandardInput() }

        var signal: Int32 = 0
        sigwait(&ending, &signal)
        try loop.submit { service.value.flush() }.wait()
        if let path = options.unixPath { unlink(path) }
        exit(0)
    }

    private static func listen(_ options: Options, loop: any EventLoop, service: NIOLoopBound<Service>) throws {
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(service: service.value))
                }
            }
        if let path = options.unixPath {
            _ = try bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).wait()
            print("READY unix:\(path)")
        }
        if let port = options.port {
            let bound = try bootstrap.childChannelOption(.socketOption(.tcp_nodelay), value: 1).bind(
                host: "127.0.0.1", port: port
            ).wait()
            print("READY 127.0.0.1:\(bound.localAddress?.port ?? 0)")
        }
        fflush(nil)
    }

    /// Ends the process as SIGTERM does when standard input ends. On a thread of its own: not every input can be
    /// polled.
    private static func watchStandardInput() {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        thread.submit { _ in
            var bytes = [UInt8](repeating: 0, count: 4096)
            var count = 1
            while count > 0 || (count < 0 && errno == EINTR) { count = read(STDIN_FILENO, &bytes, bytes.count) }
            kill(getpid(), SIGTERM)
        }
    }

    private static func fail(_ text: String, status: Int32) {
        let line = Array("evalh-mock-server: \(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(status)
    }
}
