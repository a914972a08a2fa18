package import Completions
package import PluginHost
internal import Synchronization

/// A grader in workers. Stateless: each call goes to the next of them.
package final class IsolatedGrader: GraderPlugin {
    package let info: PluginInfo
    package let canExtract: Bool
    private let instances: [RemoteInstance]
    private let calls = Atomic<Int>(0)
    package let pace = GradingPace()

    init(
        _ info: PluginInfo, parametersJSON: String, _ pool: WorkerPool, _ quarantine: Quarantine
    ) throws(PluginFault) {
        self.info = info
        instances = (0..<pool.slotCount).map { _ in
            RemoteInstance(info, pool, quarantine, within: pool.limits.grader, .makeGrader) { writer in
                writer.text(info.id)
                writer.text(parametersJSON)
            }
        }
        canExtract = try instances[0].create { (reader) throws(WireFault) in try reader.get(Bool.self) }
    }

    package func grade(
        answer: String, target: String, fieldsJSON: String, finish: FinishReason
    ) throws(PluginFault) -> Grade {
        let start = ContinuousClock.now
        defer { pace.add(.now - start) }
        return try call(.grade) { writer in
            writer.text(answer)
            writer.text(target)
            writer.text(fieldsJSON)
            writer.put(finish)
        } _: { (reader) throws(WireFault) in
            try reader.get(Grade.self)
        }
    }

    package func extract(_ text: String, fieldsJSON: String) throws(PluginFault) -> (answer: String, stage: String)? {
        let found = try call(.extract) { writer in
            writer.text(text)
            writer.text(fieldsJSON)
        } _: { (reader) throws(WireFault) in
            try reader.get(ForeseenExtraction?.self)
        }
        return found.flatMap { found in found.answer.map { ($0, found.stage) } }
    }

    package func expected(target: String, fieldsJSON: String) -> String? {
        let answer = try? call(.expected) { writer in
            writer.text(target)
            writer.text(fieldsJSON)
        } _: { (reader) throws(WireFault) in
            try reader.get(String?.self)
        }
        return answer ?? nil
    }

    package func areSame(_ first: String, _ other: String) throws(PluginFault) -> Bool {
        guard first != other else { return true }
        return try call(.same) { writer in
            writer.text(first)
            writer.text(other)
        } _: { (reader) throws(WireFault) in
            try reader.get(Bool.self)
        }
    }

    private func call<T>(
        _ call: WorkerCall, _ write: (inout WireWriter) -> Void,
        _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(PluginFault) -> T {
        let next = calls.wrappingAdd(1, ordering: .relaxed).oldValue
        let instance = instances[Int(UInt(bitPattern: next) % UInt(instances.count))]
        return try instance.call(call, keeps: false, at: { call.name }, write, RemoteInstance.nothing, read)
    }
}
