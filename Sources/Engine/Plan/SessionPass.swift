internal import Completions
internal import JSON
internal import Journal
internal import PluginHost
internal import SuiteModel

/// Sessions of a run come in two passes: those that need nothing but models, then those that look at the results of the
/// first.
package enum SessionPass: CaseIterable, Sendable {
    case models
    case overPeers
}

extension RunArm {
    /// The pass its sessions belong to.
    package var pass: SessionPass { strategy.needs.contains(.peers) ? .overPeers : .models }

    /// Its sessions may answer although requests of theirs failed.
    package var servesInPart: Bool { strategy.needs.contains(.partial) }
}

extension RunPlan {
    /// An item's fields as strategies see them: without the target.
    func shownFields(_ item: JournalItem) -> String {
        guard case .object(let members) = try? JSONValue(parsing: item.fieldsJSON) else { return "{}" }
        let shown = members.filter { $0.key != "target" && !hiddenFields.contains($0.key) }
        return shown.count == members.count ? item.fieldsJSON : JSONValue.object(shown).canonicalText
    }

    /// What a session starts with.
    func start(
        _ key: SessionKey, _ arm: RunArm, _ level: RunLevel, _ item: JournalItem, _ messages: [ChatMessage],
        fieldsJSON: String
    ) -> SessionStart {
        SessionStart(
            itemID: item.id, input: item.input, fieldsJSON: fieldsJSON, messages: messages,
            parametersJSON: level.parametersJSON,
            seed: Seeds.session(
                suite: seed, itemID: item.id, armID: arm.id, levelJSON: level.levelJSON, repeatIndex: key.repeatIndex),
            models: arm.models, services: services, repeatIndex: key.repeatIndex, arm: arm.id)
    }
}
