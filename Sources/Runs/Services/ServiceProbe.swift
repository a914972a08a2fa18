package import Completions
internal import Foundation
package import JSON
internal import ModelTransport
internal import Services
internal import SuiteModel
internal import Synchronization

/// What a tiny call of a service came to: `evalh services probe` shows it.
package struct ServiceReport: Encodable, Sendable {
    package enum Status: String, Encodable, Sendable {
        /// It was opened and answered.
        case works
        /// It was opened; there was nothing to call it with.
        case opened
        /// It was opened, and the call failed.
        case failed
        /// It cannot be opened, or takes no such payload.
        case refused
    }

    package var name: String
    package var kind: String
    package var status: Status
    package var openSeconds: Double?
    package var callSeconds: Double?
    package var payload: JSONValue?
    package var result: JSONValue?
    /// Why not, for people.
    package var reason: String?
    package var usage: TokenUsage?
    /// What strategies are told of it.
    package var description: JSONValue?
    package var fingerprint: String?

    enum CodingKeys: String, CodingKey {
        case name, kind, status, payload, result, reason, usage, description, fingerprint
        case openSeconds = "open_seconds"
        case callSeconds = "call_seconds"
    }
}

/// Opens the services of a suite one by one and calls each once.
package enum ServiceProbe {
    /// - Parameters:
    ///   - payloads: what to call services with, by name, in place of a tiny payload of the kind.
    ///   - report: told as soon as a service is through.
    package static func run(
        _ opened: OpenedSuite, payloads: [String: JSONValue], _ host: RunHost, report: (ServiceReport) -> Void
    ) throws {
        // Only models that services ask are reached.
        let roles = Set(opened.suite.services.compactMap(\.role))
        var suite = opened.suite
        suite.models.removeAll { !roles.contains($0.role) }
        let endpoints = try OpenedEndpoints.open(
            suite, loop: try BegunRun.network(), folder: NSTemporaryDirectory(), maxConnections: nil, host)
        defer { endpoints.close() }
        var services: [String: any HostService] = [:]
        defer { for service in services.values { service.close() } }
        let specs = suite.services.sorted { $0.kind == .embed && $1.kind != .embed }
        for spec in specs {
            let said = Mutex("")
            var listening = host
            listening.say = { notice in
                if case .located(let text) = notice { said.withLock { $0 += text } } else { host.say(notice) }
            }
            let opening = ServiceOpening(opened: opened, endpoints: endpoints, host: listening)
            var found = ServiceReport(name: spec.name, kind: spec.kind.rawValue, status: .refused)
            let start = ContinuousClock.now
            do {
                let service = try opening.open(spec, others: services)
                services[spec.name] = service
                found.openSeconds = seconds(since: start)
                found.description = service.description
                found.fingerprint = service.fingerprint
                call(service, payloads[spec.name] ?? tinyPayload(spec.kind), &found)
            } catch {
                let text = said.withLock { $0 }
                found.reason = text.isEmpty ? "\(error)" : text
            }
            report(found)
        }
    }

    private static func call(_ service: any HostService, _ payload: JSONValue?, _ found: inout ServiceReport) {
        guard let payload else {
            found.status = .opened
            return
        }
        found.payload = payload
        if let problem = service.problem(with: payload) {
            found.reason = problem
            return
        }
        let start = ContinuousClock.now
        switch PendingAnswer(service, payload).wait() {
        case .success(let answer):
            found.status = answer.isError ? .failed : .works
            found.result = answer.value
            found.usage = answer.usage
            if answer.isError { found.reason = answer.value["error"]?.string ?? "the service says that it failed" }
        case .failure(let failure):
            found.status = .failed
            found.reason = failure.message
        }
        found.callSeconds = seconds(since: start)
    }

    /// `nil`: what it takes is known to its makers alone.
    private static func tinyPayload(_ kind: ServiceSpec.Kind) -> JSONValue? {
        switch kind {
        case .score: .object([.init("text", .string("The sky is blue."))])
        case .embed: .object([.init("texts", .strings(["The sky is blue."]))])
        case .retrieve: .object([.init("query", .string("the")), .init("limit", .integer(1))])
        case .execute: .object([.init("code", .string("print(6 * 7)\n"))])
        case .judge:
            .object([
                .init("question", .string("What is 2 + 2?")), .init("reference", .string("4")),
                .init("answer", .string("4")),
            ])
        case .tool, .mcp, .plugin: nil
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .seconds(1)
    }
}
