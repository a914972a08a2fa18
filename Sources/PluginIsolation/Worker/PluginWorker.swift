internal import CPluginWorker
package import Completions
internal import Foundation
internal import Glibc
internal import PluginHost

/// A process that holds plugins for another evalh: the other end of `WorkerProcess`. It opens one library, then does
/// what it is told, one call at a time, until its host ends it.
package enum PluginWorker {
    /// Takes the host's memory from standard output, where the supervisor put it, and gives standard output to the
    /// plugin's own words.
    package static func run(library: String, isolation: Isolation) -> Never {
        guard let box = evalh_mailbox_join(1) else {
            FileHandle.standardError.write(Data("evalh: this command is for evalh itself\n".utf8))
            exit(2)
        }
        dup2(2, 1)
        let mailbox = Mailbox(
            box, side: Int32(EVALH_MAILBOX_WORKER), processors: ProcessInfo.processInfo.activeProcessorCount)
        let line = WorkerLine(mailbox)
        line.note(.open, instance: 0)
        evalh_worker_tell_crashes(box, strdup(library))
        let confined = isolation == .sandbox ? evalh_worker_confine() : 0
        do throws(PluginLoadError) {
            let plugins = WorkerPlugins(try PluginLibrary(opening: library), line)
            var hello = WireWriter()
            hello.put(WorkerWord.value.rawValue)
            hello.put(confined)
            line.send(hello.bytes)
            while true { line.send(plugins.answer(line.receive())) }
        } catch {
            line.send(WorkerLine.fault("\(error)"))
            while true { _ = line.receive() }
        }
    }
}

/// The worker's side of the shared memory.
final class WorkerLine {
    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    private func wait() { while !mailbox.wait(nanoseconds: 10_000_000_000) {} }

    func send(_ message: [UInt8]) { mailbox.send(message, wait: wait) }

    func receive() -> [UInt8] {
        wait()
        guard let message = mailbox.receive(wait: wait) else { WorkerLine.giveUp() }
        return message
    }

    /// Asks the host for something in the middle of a call.
    func ask(_ request: WorkerRequest, _ write: (inout WireWriter) -> Void) -> WireReader {
        var writer = WireWriter()
        writer.put(WorkerWord.request.rawValue)
        writer.put(request.rawValue)
        write(&writer)
        send(writer.bytes)
        return WireReader(receive())
    }

    func note(_ call: WorkerCall, instance: UInt64) {
        evalh_mailbox_set_place(mailbox.box, UInt32(call.rawValue), instance)
    }

    static func fault(_ message: String) -> [UInt8] {
        var writer = WireWriter()
        writer.put(WorkerWord.fault.rawValue)
        writer.text(message)
        return writer.bytes
    }

    /// The host's memory holds what no host writes: something in this process has changed it.
    static func giveUp() -> Never {
        FileHandle.standardError.write(Data("the memory shared with evalh was overwritten\n".utf8))
        _exit(3)
    }
}
