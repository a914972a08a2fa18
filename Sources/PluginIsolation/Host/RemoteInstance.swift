internal import Foundation
internal import PluginHost

/// One instance of a plugin in a worker. It is a function of what it was told: when its worker is gone it is made anew
/// in another one and told everything again, and what it does then has to be what it did.
///
/// Guarded by its slot.
final class RemoteInstance: @unchecked Sendable {
    // Sendable: all that changes is touched inside `slot.use` alone.
    /// What one instance was told is kept up to so many bytes; one that was told more is not brought back.
    private static let maximumLogBytes = 64 << 20
    /// Workers that may break down under one instance: it is tried once more.
    private static let breakdowns = 2

    typealias Serve = (WorkerRequest, inout WireReader, _ isAgain: Bool) throws(WireFault) -> [UInt8]

    private struct Entry {
        var message: [UInt8]
        /// Of the reply.
        var digest: Int
    }

    private let info: PluginInfo
    private let quarantine: Quarantine
    private let number: UInt64
    private let slot: WorkerSlot
    private let seconds: Double
    private let creation: [UInt8]
    private var createdDigest: Int?
    private var log: [Entry] = []
    private var logBytes = 0
    private var worksIn = 0
    private var breakdowns = 0
    /// Told before the instance is made, each time: it begins at its beginning.
    var onBeginning: () -> Void = {}

    /// - Parameters:
    ///   - call: makes it, with what `write` adds.
    ///   - seconds: that each of its calls may take.
    init(
        _ info: PluginInfo, _ pool: WorkerPool, _ quarantine: Quarantine, within seconds: Double, _ call: WorkerCall,
        _ write: (inout WireWriter) -> Void
    ) {
        self.info = info
        self.quarantine = quarantine
        self.seconds = seconds
        (number, slot) = pool.next()
        creation = Self.message(call, number, write)
    }

    deinit { slot.forget(number) }

    private static func message(_ call: WorkerCall, _ number: UInt64, _ write: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        writer.put(call.rawValue)
        writer.put(number)
        write(&writer)
        return writer.bytes
    }

    /// Makes the instance.
    func create<T>(
        _ serve: Serve = RemoteInstance.nothing, _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(PluginFault) -> T {
        try carryOut(nil, keeps: false, at: { "create" }, serve, read)
    }

    /// Lets the plugin do something and reads its reply.
    ///
    /// - Parameters:
    ///   - keeps: whether it changes the instance.
    ///   - place: what is being done, for messages about a breakdown.
    func call<T>(
        _ call: WorkerCall, keeps: Bool, at place: () -> String, _ write: (inout WireWriter) -> Void,
        _ serve: Serve = RemoteInstance.nothing, _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(PluginFault) -> T {
        try carryOut(Self.message(call, number, write), keeps: keeps, at: place, serve, read)
    }

    /// Where what makes it is a question that makes nothing: the answer.
    func ask<T>(at place: String, _ read: (inout WireReader) throws(WireFault) -> T) throws(PluginFault) -> T {
        try carryOut(nil, keeps: false, at: { place }, Self.nothing, read)
    }

    static func nothing(_ request: WorkerRequest, _ reader: inout WireReader, _ isAgain: Bool) throws(WireFault)
        -> [UInt8]
    {
        throw WireFault("asks for \(request) in a call that may not")
    }

    /// - Parameter message: `nil`: the instance is made, no more.
    private func carryOut<T>(
        _ message: [UInt8]?, keeps: Bool, at place: () -> String, _ serve: Serve,
        _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(PluginFault) -> T {
        try quarantine.check(info)
        let result: Result<T, PluginFault>
        do throws(WorkerEnd) {
            result = try slot.use { (slot) throws(WorkerEnd) in
                while true {
                    do throws(WorkerEnd) {
                        let outcome = try attempt(message, keeps: keeps, serve, read)
                        // What keeps nothing begins anew with each call.
                        if !keeps, log.isEmpty { breakdowns = 0 }
                        return outcome
                    } catch {
                        slot.discard()
                        breakdowns += 1
                        guard error.isWorthAnotherTry, breakdowns < Self.breakdowns else { throw error }
                    }
                }
            }
        } catch {
            throw broken(error, place())
        }
        return try result.get()
    }

    /// In the worker that is there: first what it has to know of this instance, then the message.
    private func attempt<T>(
        _ message: [UInt8]?, keeps: Bool, _ serve: Serve, _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(WorkerEnd) -> Result<T, PluginFault> {
        let worker = try slot.worker()
        if worksIn != slot.generation {
            guard logBytes <= Self.maximumLogBytes else { throw WorkerEnd(.forgotten) }
            onBeginning()
            let reply = try exchange(worker, creation, serve, isAgain: createdDigest != nil)
            if let createdDigest, createdDigest != reply.hashValue { throw WorkerEnd(.changed) }
            createdDigest = reply.hashValue
            if message == nil || reply.first == WorkerWord.fault.rawValue {
                worksIn = slot.generation
                return try outcome(worker, reply, read)
            }
            for entry in log {
                let reply = try exchange(worker, entry.message, serve, isAgain: true)
                guard reply.hashValue == entry.digest else { throw WorkerEnd(.changed) }
            }
            worksIn = slot.generation
        }
        guard let message else { return try outcome(worker, exchange(worker, creation, serve, isAgain: false), read) }
        let reply = try exchange(worker, message, serve, isAgain: false)
        let outcome = try outcome(worker, reply, read)
        if keeps {
            logBytes += message.count
            if logBytes <= Self.maximumLogBytes {
                log.append(Entry(message: message, digest: reply.hashValue))
            } else {
                log = []
            }
        }
        return outcome
    }

    private func exchange(
        _ worker: WorkerProcess, _ message: [UInt8], _ serve: Serve, isAgain: Bool
    ) throws(WorkerEnd) -> [UInt8] {
        var whole = WireWriter()
        whole.put(slot.takeForgotten())
        whole.append(message)
        return try worker.exchange(whole.bytes, within: seconds) { (reader) throws(WireFault) in
            guard let request = WorkerRequest(rawValue: try reader.get(UInt8.self)) else {
                throw WireFault("no request")
            }
            return try serve(request, &reader, isAgain)
        }
    }

    /// Reads a reply to its end.
    private func outcome<T>(
        _ worker: WorkerProcess, _ reply: [UInt8], _ read: (inout WireReader) throws(WireFault) -> T
    ) throws(WorkerEnd) -> Result<T, PluginFault> {
        do throws(WireFault) {
            var reader = WireReader(reply)
            switch WorkerWord(rawValue: try reader.get(UInt8.self)) {
            case .value:
                let value = try read(&reader)
                try reader.end()
                return .success(value)
            case .fault:
                let message = try reader.text()
                return .failure(PluginFault(plugin: info.id, message: String(message.prefix(65_536))))
            case .request, nil: throw WireFault("no reply")
            }
        } catch {
            throw worker.isNonsense(error)
        }
    }

    private func broken(_ end: WorkerEnd, _ place: String) -> PluginFault {
        var message = end.text
        if let function = end.function, function != .destroy, end.isWorthAnotherTry {
            message += ", in \(function.name)"
            if place != function.name { message += " at \(place)" }
        } else if end.isWorthAnotherTry {
            message += ", at \(place)"
        }
        if breakdowns > 1 { message += "; it was tried twice, in fresh processes" }
        quarantine.count(info, message)
        return PluginFault(plugin: info.id, message: message, isBreakdown: true)
    }
}
