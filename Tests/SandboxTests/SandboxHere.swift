import Foundation
import Sandbox

/// Whether this machine has what the sandbox needs; where it has not, tests that need one say why they are left out.
enum SandboxHere {
    static let environment = ProcessInfo.processInfo.environment
    static let python = Result { () throws(SandboxRefusal) in
        try Interpreter(command: ["python3", "-S", "-s", "-B"], more: [], environment: environment)
    }
    /// `nil`: it works here.
    static let refusal: SandboxRefusal? = {
        do throws(SandboxRefusal) {
            try Sandbox.check(python.get(), SandboxLimits())
            return nil
        } catch {
            return error
        }
    }()
    static var isThere: Bool { refusal == nil }
    static var reason: String { "no sandbox here: \(refusal?.description ?? "")" }

    static func run(_ source: String, _ limits: SandboxLimits = SandboxLimits()) throws -> SandboxOutcome {
        try Sandbox.run(
            SandboxedProgram(interpreter: python.get(), sourceName: "p.py", source: source, limits: limits))
    }
}
