package import Completions
package import Journal
internal import PluginHost

/// The first step of an arm's sessions, with nothing asked: what a strategy refuses to begin with, such as a role that
/// the suite lacks, is known before anything is paid.
///
/// A strategy is a function of its events, so the step that is thrown away here is the one that a session takes later.
/// Arms that look at other arms' results have none yet and are left out.
package enum Rehearsal {
    /// An arm that would fail in every session.
    package struct Refusal: Hashable, Sendable {
        package var arm: String
        /// What the strategy said.
        package var message: String
    }

    /// So many items are tried: what a strategy refuses of all of them is not the fault of one.
    package static let items = 3

    /// One refusal an arm at most.
    /// - Parameter items: the first of the data set, with their prompts.
    package static func refusals(
        of plan: RunPlan, _ grader: any AnswerGrader, on items: [(item: JournalItem, messages: [ChatMessage])]
    ) -> [Refusal] {
        guard !items.isEmpty else { return [] }
        let arms = plan.arms.indices.filter { plan.arms[$0].pass == .models && !plan.leftOut.contains($0) }
        return arms.compactMap { arm in
            for level in plan.arms[arm].levels {
                let messages = items.map { item, messages in
                    firstStep(plan, arm, level, item, messages, grader)
                }
                if let first = messages.first.flatMap(\.self), messages.allSatisfy({ $0 == first }) {
                    return Refusal(arm: plan.arms[arm].id, message: first)
                }
            }
            return nil
        }
    }

    /// The error that a session's first step ends in; `nil`: it asks, or answers.
    private static func firstStep(
        _ plan: RunPlan, _ arm: Int, _ level: RunLevel, _ item: JournalItem, _ messages: [ChatMessage],
        _ grader: any AnswerGrader
    ) -> String? {
        let key = SessionKey(item: item.ordinal, arm: arm, level: level.index, repeatIndex: 0)
        let start = plan.start(key, plan.arms[arm], level, item, messages, fieldsJSON: plan.shownFields(item))
        let session = StrategySession(
            start: start, models: plan.models, limits: plan.sessionBudget, grader: grader)
        defer { session.abort() }
        for effect in session.begin(plan.arms[arm].strategy) {
            guard case .finished(let outcome) = effect, let error = outcome.error else { continue }
            // A plugin whose step fails is at fault itself; its sessions tell.
            let isRefusal = error.kind == .strategy && outcome.finish.reason == error.message
            return isRefusal || error.kind == .model(.unsupported) ? error.message : nil
        }
        return nil
    }
}
