package import CEvalhPlugin

extension Session {
    func submit(
        n: Int, sampling: Sampling?, prefix: String, messages: [Message]?, model: String, priority: Int, isStream: Bool
    ) throws -> PendingRequest {
        var arena = Arena()
        return try open(isStream: isStream) { request in
            var action = evalh_action_submit()
            action.header = header(
                EVALH_ACTION_SUBMIT, of: evalh_action_submit.self, flags: isStream ? EVALH_SUBMIT_STREAM : 0)
            action.request = request
            action.model = arena.text(model)
            if let messages {
                action.messages = Self.wire(messages, in: &arena)
                action.message_count = UInt64(messages.count)
            }
            action.prefix = arena.text(prefix)
            if let sampling { action.sampling = arena.pointer(to: sampling.wire(in: &arena)) }
            action.n = UInt32(clamping: n)
            action.priority = Int32(clamping: priority)
            return (action.header.seq, push(action))
        }
    }

    func submitFork(
        of parent: RequestID, choice: Int, at offset: Int, append: String, n: Int, sampling: Sampling?, priority: Int,
        isStream: Bool = false
    ) throws -> PendingRequest {
        var arena = Arena()
        return try open(isStream: isStream) { request in
            var action = evalh_action_fork()
            action.header = header(
                EVALH_ACTION_FORK, of: evalh_action_fork.self, flags: isStream ? EVALH_SUBMIT_STREAM : 0)
            action.request = request
            action.parent = parent.number
            action.parent_choice = UInt32(clamping: choice)
            action.n = UInt32(clamping: n)
            action.offset = UInt64(clamping: offset)
            action.append = arena.text(append)
            if let sampling { action.sampling = arena.pointer(to: sampling.wire(in: &arena)) }
            action.priority = Int32(clamping: priority)
            return (action.header.seq, push(action))
        }
    }

    /// Opens a request with the action that asks for it. A cancelled task asks for nothing.
    func open(isStream: Bool, _ action: (_ request: UInt64) -> (seq: UInt64, isTaken: Bool)) throws -> PendingRequest {
        if let stopped { throw stopped }
        try Task.checkCancellation()
        let id = nextRequest()
        let pushed = action(id)
        guard pushed.isTaken else { throw Rejected(.limit, message: "the host takes no more actions in this step") }
        let request = PendingRequest(id: id, submitSeq: pushed.seq, isStream: isStream)
        openRequests.append(request)
        return request
    }

    /// Asks the host to end a request, once.
    func pushCancel(of request: PendingRequest) {
        guard stopped == nil, request.ending == nil, request.cancelSeq == nil else { return }
        var action = evalh_action_cancel()
        action.header = header(EVALH_ACTION_CANCEL, of: evalh_action_cancel.self)
        action.request = request.id
        request.cancelSeq = action.header.seq
        push(action)
    }

    /// Ends a request that nobody waits for any more; what still comes of it is dropped.
    func abandon(_ request: PendingRequest) {
        guard request.ending == nil else { return }
        pushCancel(of: request)
        close(request, .abandoned)
    }

    func close(_ request: PendingRequest, _ ending: PendingRequest.Ending) {
        if let index = openIndex(request.id) { openRequests.remove(at: index) }
        request.end(ending)
    }

    func openRequest(_ id: UInt64) -> PendingRequest? {
        openIndex(id).map { openRequests[$0] }
    }

    /// Ids only grow, so the list is sorted.
    private func openIndex(_ id: UInt64) -> Int? {
        var range = openRequests.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let found = openRequests[middle].id
            if found == id { return middle }
            range = found < id ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    package static func wire(_ messages: [Message], in arena: inout Arena) -> UnsafePointer<
        UnsafePointer<evalh_message>?
    >? {
        var list: [evalh_message] = []
        for message in messages {
            let size = UInt32(MemoryLayout<evalh_message>.size)
            list.append(
                evalh_message(struct_size: size, role: message.role.rawValue, content: arena.text(message.content)))
        }
        return arena.pointers(list)
    }
}
