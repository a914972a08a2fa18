internal import CSandbox
internal import Foundation

extension SandboxRefusal {
    /// What of the preparation failed, with what to do about it.
    init(_ result: evalh_sandbox_result, _ program: SandboxedProgram) {
        let reason = result.error == 0 ? "no reason given" : String(cString: strerror(result.error))
        switch result.step {
        case EVALH_SANDBOX_NAMESPACES:
            self.init("the kernel gives no namespaces of our own: \(reason); \(Self.hint(result.error))")
        case EVALH_SANDBOX_IDS: self.init("the kernel refuses a user of our own: \(reason); \(Self.container)")
        case EVALH_SANDBOX_ROOT, EVALH_SANDBOX_PIVOT:
            self.init("the kernel refuses a root folder of our own: \(reason); \(Self.appArmor)")
        case EVALH_SANDBOX_VISIBLE:
            self.init(
                "the folders that \(program.interpreter.path) needs cannot be shown read-only: \(reason); "
                    + (result.error == ENOSYS ? "Linux 5.12 or newer is needed" : Self.appArmor))
        case EVALH_SANDBOX_RIGHTS: self.init("a program's rights cannot be taken from it: \(reason)")
        case EVALH_SANDBOX_LIMITS: self.init("a program's limits cannot be set: \(reason)")
        case EVALH_SANDBOX_START: self.init("\(program.interpreter.path) cannot be started in the sandbox: \(reason)")
        case EVALH_SANDBOX_PIPES: self.init("no pipes can be had: \(reason)")
        default: self.init("the sandbox's init ended without a word")
        }
    }

    private static func hint(_ error: Int32) -> String {
        switch error {
        case ENOSPC, EUSERS: "`sysctl user.max_user_namespaces` is reached or 0"
        case ENOMEM, EAGAIN: "too many processes, or too little memory"
        default: container
        }
    }

    private static let container =
        "in a container it must be started with `--security-opt seccomp=unconfined`, and some systems need "
        + "`sysctl kernel.unprivileged_userns_clone=1`"
    private static let appArmor =
        "Ubuntu from 23.10 on needs `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or a profile for evalh"
}
