package import Completions
internal import Foundation
internal import Synchronization

/// One configured endpoint: takes calls, sends requests, and tells what comes back.
///
/// Each call is a `CallState`; this class does its I/O and keeps its events in order: they are put into a queue of the
/// call under its lock, and whoever finds the queue unattended empties it without the lock. So a caller may cancel from
/// within an event.
package final class ModelEndpoint: CallEndpoint {
    package let configuration: EndpointConfiguration
    package let address: EndpointAddress
    let transport: any ExchangeTransport
    private let options: WireOptions
    private let learned: Mutex<LearnedCapabilities>
    private let calls = Mutex<[CallID: RunningCall]>([:])

    /// - Parameter measured: what a probe found earlier; `nil`: what is assumed of the provider.
    init(_ configuration: EndpointConfiguration, measured: EndpointCapabilities?, transport: any ExchangeTransport)
        throws(ModelFailure)
    {
        self.configuration = configuration
        self.transport = transport
        let address = try EndpointAddress(configuration.baseURL)
        self.address = address
        options = configuration.wireOptions(address)
        learned = Mutex(LearnedCapabilities(configuration.declared.over(measured ?? configuration.assumed(address))))
    }

    package var role: String { configuration.role }
    package var capabilities: EndpointCapabilities { learned.withLock { $0.capabilities } }
    package var load: EndpointLoad { transport.load }
}

// MARK: - Calls

extension ModelEndpoint {
    package func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        let (objection, groups, capabilities) = learned.withLock { learned in
            (learned.objection(to: call.request), learned.groups(call.seeds.count), learned.capabilities)
        }
        let isPlainOnly = !capabilities.stream
        // llama.cpp counts only the first of several choices in a plain answer, but each of them in a stream.
        let countsOnlyStreams = configuration.provider.isLlama && groups.contains { $0.count > 1 }
        let setup = CallState.Setup(
            format: configuration.format, isStream: !isPlainOnly && (call.stream || countsOnlyStreams),
            showsDeltas: call.stream && !isPlainOnly, showsWhole: call.stream && isPlainOnly,
            maxAttempts: configuration.maxAttempts,
            // "4" after "4" is an answer there, and no repetition.
            mayRepeatPrefix: configuration.provider != .reference)
        let running = RunningCall(CallState(call: call, setup: setup), events: events)
        if let problem = objection
            ?? (call.seeds.isEmpty ? ModelFailure(kind: .badRequest, message: "a call needs a seed") : nil)
        {
            running.refuse(problem)
            return
        }
        calls.withLock { $0[call.id] = running }
        perform(running, isStream: setup.isStream) { state, now in state.begin(groups: groups, at: now) }
    }

    package func cancel(_ id: CallID) {
        guard let running = calls.withLock({ $0[id] }) else { return }
        perform(running, isStream: false) { state, now in state.cancel(at: now) }
    }

    /// Steps a call's state and does what it says.
    private func perform(
        _ running: RunningCall, isStream: Bool, _ step: (inout CallState, Double) -> [CallState.Action]
    ) {
        let outcome = running.step(step)
        for action in outcome.actions {
            switch action {
            case .start(let number, let choices): start(running, number, choices, isStream: isStream)
            case .learnChoices(let asked, let returned): learned.withLock { $0.learn(asked: asked, returned: returned) }
            case .stop: for id in running.takeExchanges() { transport.cancel(id) }
            case .emit: break
            }
        }
        if outcome.isOver { _ = calls.withLock { $0.removeValue(forKey: running.id) } }
        running.deliver()
    }

    private func start(_ running: RunningCall, _ number: Int, _ choices: [Int], isStream: Bool) {
        let call = running.call
        let wire = WireRequest(
            request: call.request,
            seed: choices.first.flatMap { call.seeds.indices.contains($0) ? call.seeds[$0] : nil } ?? 0,
            count: choices.count, isStream: isStream)
        let body: [UInt8]
        do {
            body = try configuration.format.encode(wire, options)
        } catch {
            perform(running, isStream: isStream) { state, now in state.receive(.failed(error), of: number, at: now) }
            return
        }
        let url = address.url(of: configuration.format, isLlama: configuration.provider.isLlama)
        var exchange = exchange(.post, url, body: body, priority: call.priority, isStream: isStream)
        exchange.attempts = (call.attempt ?? 1) - 1
        let id = transport.start(exchange) { [weak running] in
            running?.read { $0.isRestartable(number) } ?? false
        } _: { [weak self, running] event in
            self?.perform(running, isStream: isStream) { state, now in state.receive(event, of: number, at: now) }
        }
        if !running.keep(id) { transport.cancel(id) }
    }

    /// An exchange with this endpoint's credentials and deadlines.
    func exchange(
        _ method: Exchange.Method, _ url: String, body: [UInt8] = [], priority: Int = 0, isStream: Bool = false
    ) -> Exchange {
        var headers = [(name: "Accept", value: "*/*")]
        if method == .post { headers.append((name: "Content-Type", value: "application/json")) }
        if let key = configuration.apiKey { headers.append((name: "Authorization", value: "Bearer " + key.reveal())) }
        headers += configuration.headers.map { (name: $0.name, value: $0.value.reveal()) }
        return Exchange(
            method: method, url: url, unixSocketPath: address.unixSocketPath, headers: headers, body: body,
            deadlines: configuration.deadlines, priority: priority,
            maximumBody: isStream ? WireLimits.stream : WireLimits.body)
    }
}
