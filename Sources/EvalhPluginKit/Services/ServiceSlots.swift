import CEvalhPlugin
import Synchronization

/// A service of any type, as the tables know it.
struct AnyService: Sendable {
    let make: @Sendable (_ parametersJSON: String) throws -> any Service

    init<S: Service>(_ type: S.Type) {
        make = { json in try S(parameters: S.Parameters(json: json)) }
    }
}

/// One instance: what the host's `call`, `fingerprint` and `destroy` work on. Calls on it never overlap.
final class ServiceInstance {
    private var service: any Service

    init(_ service: any Service) { self.service = service }

    static func of(_ opaque: UnsafeMutableRawPointer?) -> ServiceInstance? {
        opaque.map { Unmanaged<ServiceInstance>.fromOpaque($0).takeUnretainedValue() }
    }

    func call(
        _ payload: evalh_str, _ result: UnsafePointer<evalh_text_sink>?, _ error: UnsafePointer<evalh_text_sink>?
    ) -> Int32 {
        do {
            result.set(try service.call(JSONValue(parsing: String(payload))).text)
            return EVALH_OK
        } catch let missing as ServiceUnavailable {
            error.set(missing.description)
            return EVALH_UNSUPPORTED
        } catch let failure {
            error.set("\(failure)")
            return EVALH_FAILED
        }
    }

    var fingerprint: String { service.fingerprint }
}

/// C functions for each service of a library, see `StrategySlots`.
enum ServiceSlots {
    static let capacity = 16

    private static let services = Mutex<[AnyService]>([])

    static func table(for service: AnyService) -> evalh_service? {
        let slot = services.withLock { services -> Int? in
            guard services.count < capacity else { return nil }
            services.append(service)
            return services.count - 1
        }
        guard let slot else { return nil }
        var table = evalh_service()
        table.struct_size = UInt32(MemoryLayout<evalh_service>.size)
        table.create = creators[slot]
        table.destroy = { service in
            if let service { Unmanaged<ServiceInstance>.fromOpaque(service).release() }
        }
        table.call = { service, payload, result, error in
            ServiceInstance.of(service)?.call(payload, result, error) ?? EVALH_FAILED
        }
        table.fingerprint = { service, text in
            guard let instance = ServiceInstance.of(service) else { return EVALH_FAILED }
            text.set(instance.fingerprint)
            return EVALH_OK
        }
        return table
    }

    private static func create(_ slot: Int, _ parameters: evalh_str, _ error: UnsafePointer<evalh_text_sink>?)
        -> UnsafeMutableRawPointer?
    {
        guard let service = services.withLock({ $0.indices.contains(slot) ? $0[slot] : nil }) else { return nil }
        do {
            return Unmanaged.passRetained(ServiceInstance(try service.make(String(parameters)))).toOpaque()
        } catch let failure {
            error.set("\(failure)")
            return nil
        }
    }

    private typealias Creator = @convention(c) (evalh_str, UnsafePointer<evalh_text_sink>?) -> UnsafeMutableRawPointer?

    private static let creators: [Creator] = [
        { create(0, $0, $1) }, { create(1, $0, $1) }, { create(2, $0, $1) }, { create(3, $0, $1) },
        { create(4, $0, $1) }, { create(5, $0, $1) }, { create(6, $0, $1) }, { create(7, $0, $1) },
        { create(8, $0, $1) }, { create(9, $0, $1) }, { create(10, $0, $1) }, { create(11, $0, $1) },
        { create(12, $0, $1) }, { create(13, $0, $1) }, { create(14, $0, $1) }, { create(15, $0, $1) },
    ]
}
