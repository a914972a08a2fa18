import Completions
import Engine
import Journal
import PluginHost
import Testing

struct RehearsalTests {
    private func refusals(_ factory: TestFactory, items: Int = 3) -> [Rehearsal.Refusal] {
        let simulation = Simulation(arms: [(.vote(1), 0), (factory, 2)], items: items)
        let items = (0..<items).map { ordinal in
            (
                item: JournalItem(
                    ordinal: ordinal, id: "item\(ordinal)", input: "Question \(ordinal)?", target: "7",
                    fieldsJSON: "{}"),
                messages: [ChatMessage(role: .user, content: "Question \(ordinal)?")]
            )
        }
        return Rehearsal.refusals(of: simulation.plan(), MarkerGrader(), on: items)
    }

    private func refusing(_ text: @escaping (SessionStart) -> String?) -> TestFactory {
        TestFactory("refusing") { services in
            TestStrategy(services) { event, _ throws(PluginFault) in
                guard case .start(let start) = event, let text = text(start) else {
                    return [.submit(SubmitAction(request: 1))]
                }
                return [.finish(FinishAction(kind: .error, answer: "", reason: text))]
            }
        }
    }

    @Test func `what a strategy refuses of all items is told once an arm`() {
        #expect(refusals(refusing { _ in "no model with the role judge" }).map(\.arm) == ["refusing"])
        #expect(
            refusals(refusing { _ in "no model with the role judge" }).first?.message.contains("role judge") == true)
    }

    @Test func `what it refuses of one item is that item's session's error`() {
        #expect(refusals(refusing { $0.itemID == "item1" ? "no such field" : nil }).isEmpty)
        #expect(refusals(refusing { "no field in \($0.itemID)" }).isEmpty)
    }

    @Test func `a strategy that asks, and a data set without items, have nothing to refuse`() {
        #expect(refusals(.vote(3)).isEmpty)
        #expect(refusals(refusing { _ in "never" }, items: 0).isEmpty)
    }

    @Test func `a plugin at fault is left to its sessions`() {
        let faulty = TestFactory("faulty") { services in
            TestStrategy(services) { _, _ throws(PluginFault) in
                throw PluginFault(plugin: "faulty", message: "step failed")
            }
        }
        #expect(refusals(faulty).isEmpty)
    }
}
