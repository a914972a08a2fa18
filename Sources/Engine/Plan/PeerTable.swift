internal import Completions
package import Journal
internal import Measurement
internal import PluginHost

/// The results of a run's first pass, for the strategies of the second.
package final class PeerTable: Sendable {
    private let itemCount: Int
    private let journal: Journal
    /// By repeat; in order of item, arm and level.
    private let rows: [[PeerResult]]
    private let keys: [[SessionKey]]

    /// Reads the finished sessions of all arms of the first pass.
    package init(plan: RunPlan, journal: Journal) throws(JournalError) {
        var rows = Array(repeating: [PeerResult](), count: plan.repeats)
        var keys = Array(repeating: [SessionKey](), count: plan.repeats)
        try journal.forEachResult { result in
            let key = result.key
            guard plan.arms.indices.contains(key.arm), plan.arms[key.arm].pass == .models,
                rows.indices.contains(key.repeatIndex),
                let level = plan.arms[key.arm].levels.first(where: { $0.index == key.level })
            else { return }
            let id = plan.arms[key.arm].id
            rows[key.repeatIndex].append(
                PeerResult(
                    item: key.item, arm: RowName(arm: id, level: level.label).description,
                    isError: result.score == nil, errorKind: result.errorKind, score: result.score,
                    confidence: result.confidence, measure: result.measure))
            keys[key.repeatIndex].append(key)
        }
        itemCount = plan.itemCount
        self.journal = journal
        self.rows = rows
        self.keys = keys
    }

    /// What a session may see. How its own item was graded only if it is an oracle's.
    func view(_ key: SessionKey, _ arm: RunArm) -> PeerView? {
        guard arm.pass == .overPeers else { return nil }
        let keys = keys[key.repeatIndex]
        let journal = journal
        return PeerView(
            item: key.item, itemCount: itemCount, rows: rows[key.repeatIndex],
            showsOwnScore: arm.strategy.needs.contains(.oracle)
        ) { index in
            guard let answer = try? journal.answer(of: keys[index]) else { return nil }
            guard let text = answer.text else { return PeerAnswer(text: "", kind: .noAnswer) }
            return PeerAnswer(text: text, kind: answer.isUnfinished ? .unfinished : .answered)
        }
    }
}
