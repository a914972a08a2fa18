internal import CEvalhPlugin
internal import Completions

extension EventEncoder {
    func startEvent(_ header: evalh_event, _ start: SessionStart) -> evalh_event_start {
        evalh_event_start(
            header: header, item_id: arena.copy(start.itemID), input: arena.copy(start.input),
            fields_json: arena.copy(start.fieldsJSON),
            messages: pointers(start.messages.map(message)), message_count: UInt64(start.messages.count),
            parameters_json: arena.copy(start.parametersJSON), seed: start.seed,
            models: pointers(start.models.map(model)),
            model_count: UInt64(start.models.count), repeat: Int64(start.repeatIndex),
            services: pointers(start.services.map(service)), service_count: UInt64(start.services.count))
    }

    private func service(_ service: SessionService) -> evalh_service_info {
        evalh_service_info(
            struct_size: UInt32(MemoryLayout<evalh_service_info>.size), reserved: 0, name: arena.copy(service.name),
            kind: arena.copy(service.kind), description: arena.copy(service.descriptionJSON))
    }

    private func message(_ message: ChatMessage) -> evalh_message {
        let role =
            switch message.role {
            case .system: EVALH_ROLE_SYSTEM
            case .user: EVALH_ROLE_USER
            case .assistant: EVALH_ROLE_ASSISTANT
            }
        return evalh_message(
            struct_size: UInt32(MemoryLayout<evalh_message>.size), role: UInt32(role),
            content: arena.copy(message.content))
    }

    private func model(_ model: SessionModel) -> evalh_model {
        let can = model.capabilities
        var needs: PluginNeeds = []
        if can.stream { needs.insert(.stream) }
        if can.topLogprobs != nil { needs.insert(.logprobs) }
        if can.prefix { needs.insert(.prefix) }
        if can.cancel { needs.insert(.cancel) }
        // Not probed yet counts as able: the host splits n where the endpoint cannot.
        let bits = needs.rawValue | (can.multipleChoices ?? true ? UInt32(EVALH_CAN_N) : 0)
        return evalh_model(
            struct_size: UInt32(MemoryLayout<evalh_model>.size), can: bits,
            top_logprobs: UInt32(clamping: can.topLogprobs ?? 0),
            reserved: 0, role: arena.copy(model.role), name: arena.copy(model.name),
            sampling: arena.copy(sampling(model.sampling)))
    }

    private func sampling(_ sampling: SamplingParameters) -> evalh_sampling {
        let stop = arena.room(for: evalh_str.self, count: sampling.stop.count)
        for (index, text) in sampling.stop.enumerated() { stop[index] = arena.copy(text) }
        return evalh_sampling(
            struct_size: UInt32(MemoryLayout<evalh_sampling>.size), max_tokens: Int32(clamping: sampling.maxTokens),
            temperature: sampling.temperature, top_p: sampling.topP, min_p: sampling.minP,
            top_k: Int32(clamping: sampling.topK),
            top_logprobs: Int32(clamping: sampling.topLogprobs ?? -1),
            stop: sampling.stop.isEmpty ? nil : UnsafePointer(stop),
            stop_count: UInt64(sampling.stop.count), seed: -1, json_schema: arena.copy(sampling.jsonSchema ?? ""))
    }

    /// Arrays of structs that may grow are passed as arrays of pointers (rule 1 of the header).
    private func pointers<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<UnsafePointer<T>?>? {
        guard !values.isEmpty else { return nil }
        let structs = arena.room(for: T.self, count: values.count)
        let list = arena.room(for: UnsafePointer<T>?.self, count: values.count)
        for (index, value) in values.enumerated() {
            structs[index] = value
            list[index] = UnsafePointer(structs + index)
        }
        return UnsafePointer(list)
    }
}
