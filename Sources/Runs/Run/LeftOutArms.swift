internal import PluginHost
internal import Reporting
internal import SuiteModel

/// The arms that a resumed run goes on without: those that people name, and those whose plugins crashed too often.
enum LeftOutArms {
    /// - Parameter without: ids of arms, from the command line.
    /// - Throws: a wrong id, for people.
    static func find(_ without: [String], _ history: CrashHistory, _ opened: OpenedSuite) throws
        -> [RunDescription.LeftOut]
    {
        let arms = opened.suite.arms.map(\.id)
        if let unknown = without.first(where: { !arms.contains($0) }) {
            throw CommandFailure(
                .usage, "--without: there is no arm '\(unknown)'; the run has: \(arms.joined(separator: ", "))")
        }
        let setAside = history.arms(of: opened.suite) { opened.catalog.info(.strategy, $0)?.file }
        let found = arms.compactMap { arm -> RunDescription.LeftOut? in
            if without.contains(arm) {
                return RunDescription.LeftOut(arm: arm, reason: "evalh resume --without \(arm)", isFault: false)
            }
            return setAside[arm].map { RunDescription.LeftOut(arm: arm, reason: $0, isFault: true) }
        }
        guard found.count < arms.count else {
            let faults = found.filter(\.isFault).map { "arm \($0.arm): \($0.reason)" }
            throw CommandFailure(
                faults.isEmpty ? .usage : .pluginFault,
                (["no arm is left to go on with"] + faults).joined(separator: "\n"))
        }
        return found
    }
}
