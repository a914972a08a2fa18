import ArgumentParser
import Foundation
import ReferenceModel
import ReferenceServer

@main
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evalh-reference-server",
        abstract: "Serves evalh's embedded model in OpenAI's wire format.",
        discussion: """
            EXAMPLES
              evalh-reference-server --port 8080
              evalh-reference-server --unix /tmp/reference.sock
              curl http://127.0.0.1:8080/v1/chat/completions -d '{"messages": [{"role": "user", "content": "Rosa has 3 \
            figs and buys 4 more. \
            How many figs does she have?"}], "evalh": {"exit": {"policy": "fixed", "layer": 6}}}'

            It listens on this machine only, and ends on SIGTERM and SIGINT.
            """)

    @Option(help: ArgumentHelp("Port of 127.0.0.1; 0: any that is free.", valueName: "port"))
    var port: Int?

    @Option(help: ArgumentHelp("Socket to listen on instead.", valueName: "path"))
    var unix: String?

    @Option(help: ArgumentHelp("Weights other than those of the build.", valueName: "file"))
    var weights: String?

    @Option(help: "Completions that run together; further ones wait.")
    var sequences = 48

    func validate() throws {
        guard (port == nil) != (unix == nil) else { throw ValidationError("give one of --port and --unix") }
        guard port.map({ (0...65535).contains($0) }) ?? true else { throw ValidationError("--port is from 0 to 65535") }
        guard (1...1024).contains(sequences) else { throw ValidationError("--sequences is from 1 to 1024") }
    }

    func run() throws {
        // Blocked before any thread starts, so that only `sigwait` below takes them.
        var ending = sigset_t()
        sigemptyset(&ending)
        for signal in [SIGTERM, SIGINT] { sigaddset(&ending, signal) }
        pthread_sigmask(SIG_BLOCK, &ending, nil)
        guard let path = weights ?? ReferenceModel.installedPath else {
            throw ValidationError("this build has no weights; name some with --weights")
        }
        let model = try ReferenceModel(path: path)
        let server = try ReferenceServer(
            model, at: unix.map { .unix(path: $0) } ?? .port(port ?? 0), sequences: sequences)
        print("READY \(server.address)")
        fflush(nil)
        var signal: Int32 = 0
        sigwait(&ending, &signal)
        server.stop()
        if let unix { unlink(unix) }
    }
}
