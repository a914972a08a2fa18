import CEvalhPlugin
import EvalhPluginKit

// What a host writes and a plugin reads, and the other way round: the kit itself only needs the other directions.

extension Usage {
    var wire: evalh_usage {
        evalh_usage(
            prompt_tokens: Int64(promptTokens), cached_prompt_tokens: Int64(cachedPromptTokens),
            completion_tokens: Int64(completionTokens), reasoning_tokens: Int64(reasoningTokens), cancelled_tokens: 0)
    }
}

extension SessionRow {
    func wire(in arena: inout Arena) -> evalh_session_row {
        var row = evalh_session_row()
        row.struct_size = UInt32(MemoryLayout<evalh_session_row>.size)
        row.is_error = isError ? 1 : 0
        row.item = UInt64(item)
        row.arm = arena.text(arm)
        row.level = arena.text(level)
        row.level_index = levelIndex.map(Int64.init) ?? -1
        row.repeat = Int64(repeatIndex)
        row.score = score.orNaN
        row.confidence = confidence.orNaN
        row.finish = finish.rawValue
        row.usage = usage.wire
        row.usage.cancelled_tokens = Int64(cancelledTokens)
        row.usd = usd.orNaN
        row.critical_path_seconds = criticalPathSeconds
        row.answer = arena.text(answer)
        row.eflops = eflops.orNaN
        row.told_tokens = Int64(work?.tokens ?? 0)
        row.depth = work?.depth ?? 0
        row.compute = work?.compute ?? 0
        row.drafted_tokens = Int64(work?.drafted ?? 0)
        row.accepted_tokens = Int64(work?.accepted ?? 0)
        row.target_calls = Int64(work?.targetCalls ?? 0)
        row.told_eflops = toldEflops.orNaN
        row.service_calls = Int64(serviceCalls)
        row.stop_reason = arena.text(stopReason)
        row.fields_json = arena.text(fieldsJSON)
        var list: [evalh_named_number] = []
        for (name, value) in numbers.sorted(by: { $0.key < $1.key }) {
            list.append(evalh_named_number(name: arena.text(name), value: value))
        }
        row.numbers = arena.array(list)
        row.number_count = UInt64(list.count)
        return row
    }
}

extension MetricValue {
    init(_ wire: evalh_metric_value) {
        self.init(
            String(wire.name), arm: String(wire.arm), levelIndex: wire.level_index < 0 ? nil : Int(wire.level_index),
            value: wire.value.present, low: wire.ci_low.present, high: wire.ci_high.present,
            standardError: wire.stderr_.present,
            n: wire.n < 0 ? nil : Int(wire.n), method: String(wire.method), detailJSON: String(wire.detail_json))
    }
}
