internal import Completions
internal import Engine
internal import Journal
package import SuiteModel

extension OpenedSuite {
    /// Ends the command if a strategy refuses to begin, before anything is paid. Models are taken to be able to do
    /// everything: what they can is found out when they are reached.
    package func rehearse(_ cache: DatasetCache, _ host: RunHost) throws {
        do {
            let reader = try DatasetReader(suite.dataset, cache: cache)
            let prompts = try ItemStore.prompts(suite, cache, host)
            var items: [JournalItem] = []
            while items.count < Rehearsal.items, let item = try reader.next() {
                items.append(
                    JournalItem(
                        ordinal: item.ordinal, id: item.id, input: item.input, target: item.target,
                        fieldsJSON: item.fieldsJSON))
            }
            let plan = try PlanBuilder.build(
                self, itemCount: items.count, capabilities: [:], fingerprints: [:], concurrency: 1)
            try rehearse(plan, items.map { ($0, try prompts($0)) })
        } catch let failure as DatasetFailure {
            throw ItemStore.bad(failure, host)
        }
    }

    func rehearse(_ plan: RunPlan, _ items: [(item: JournalItem, messages: [ChatMessage])]) throws {
        let refusals = Rehearsal.refusals(of: plan, grader, on: items)
        guard !refusals.isEmpty else { return }
        throw CommandFailure(
            .usage,
            refusals.map { "arm \($0.arm): its strategy refuses to begin: \($0.message)" }.joined(separator: "\n")
                + "\nnothing was asked")
    }
}
