internal import CSandbox
internal import Foundation

extension Sandbox {
    /// Tries the sandbox out before anything of a model runs in it: a trial program of ours, confined in the same way,
    /// tries to reach files, network, processes and rights outside, and to pass each limit.
    /// - Throws: what the kernel denies, or what the trial program could do.
    package static func check(_ interpreter: Interpreter, _ limits: SandboxLimits) throws(SandboxRefusal) {
        let bait = try Bait()
        defer { bait.remove() }
        let program = SandboxedProgram(interpreter: interpreter, sourceName: "trial", source: "", limits: limits)
        let (result, _) = bait.file.withCString { file in
            var wanted = evalh_sandbox_bait(file: file, port: Int32(bait.port), process: getpid())
            return run(program, interpreter.command, bait: &wanted)
        }
        guard result.end != EVALH_SANDBOX_NOT_RUN else { throw SandboxRefusal(result, program) }
        let mark = mark(of: result)
        guard mark == "confined" else {
            throw SandboxRefusal(
                mark.isEmpty
                    ? "the sandbox does not hold: its trial program ended without a word"
                    : "the sandbox does not hold: a trial program in it \(mark)")
        }
    }
}

/// What the trial program tries to reach: a file, a port and a name that are there outside.
private struct Bait {
    let file: String
    let port: Int
    private let sockets: [Int32]

    init() throws(SandboxRefusal) {
        file = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-bait-\(UUID().uuidString)").path
        guard FileManager.default.createFile(atPath: file, contents: Data()) else {
            throw SandboxRefusal("the sandbox cannot be tried out: no file can be made in \(file)")
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let onPort = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                if bind(onPort, $0, length) == 0, listen(onPort, 4) == 0 { getsockname(onPort, $0, &length) }
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        sockets = [onPort, Self.listener(named: "evalh-sandbox-\(port)")]
        guard port > 0, sockets[1] >= 0 else {
            remove()
            throw SandboxRefusal("the sandbox cannot be tried out: nobody can listen on 127.0.0.1 here")
        }
    }

    private static func listener(named name: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name.utf8) }
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + 1 + name.utf8.count)
        let onName = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(onName, $0, length) == 0 }
        }
        guard isBound, Foundation.listen(onName, 4) == 0 else {
            close(onName)
            return -1
        }
        return onName
    }

    func remove() {
        for socket in sockets where socket >= 0 { close(socket) }
        unlink(file)
    }
}
