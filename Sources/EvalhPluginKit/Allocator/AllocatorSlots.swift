import CEvalhPlugin
import Synchronization

/// An allocator of any type, as the tables know it.
struct AnyAllocator: Sendable {
    let make: @Sendable (_ parametersJSON: String, _ allocation: Allocation, _ seed: UInt64) throws -> AllocatorInstance

    init<A: Allocator>(_ type: A.Type) {
        make = { AllocatorInstance(try A(parameters: A.Parameters(json: $0), allocation: $1, seed: $2)) }
    }
}

/// What the host's calls on an allocator work on; they never overlap.
final class AllocatorInstance {
    private var allocator: any Allocator

    init(_ allocator: any Allocator) {
        self.allocator = allocator
    }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> AllocatorInstance? {
        pointer.map { Unmanaged<AllocatorInstance>.fromOpaque($0).takeUnretainedValue() }
    }

    func add(_ row: evalh_session_row) throws { try allocator.add(SessionRow(row)) }

    func next(into sink: UnsafePointer<evalh_allocation_sink>) throws {
        let round = try allocator.next()
        for wish in round.wishes where wish.item >= 0 && wish.row >= 0 && wish.more > 0 {
            sink.pointee.want?(sink, UInt64(wish.item), UInt64(wish.row), UInt64(wish.more))
        }
        var arena = Arena()
        sink.pointee.reason?(sink, arena.text(round.reason))
        withExtendedLifetime(arena) {}
    }

    func weights(into sink: UnsafePointer<evalh_weight_sink>) throws {
        for weight in try allocator.weights() ?? [] where weight.item >= 0 {
            sink.pointee.push?(sink, UInt64(weight.item), weight.weight)
        }
    }

    func result(into sink: UnsafePointer<evalh_metric_sink>) throws { try allocator.result().push(into: sink) }
}

/// C functions for each allocator of a library, see `StrategySlots`.
enum AllocatorSlots {
    static let capacity = 8

    private static let allocators = Mutex<[AnyAllocator]>([])

    static func table(for allocator: AnyAllocator) -> evalh_allocator? {
        let slot = allocators.withLock { allocators -> Int? in
            guard allocators.count < capacity else { return nil }
            allocators.append(allocator)
            return allocators.count - 1
        }
        guard let slot else { return nil }
        var table = evalh_allocator()
        table.struct_size = UInt32(MemoryLayout<evalh_allocator>.size)
        table.create = creators[slot]
        table.destroy = { allocator in
            if let allocator { Unmanaged<AllocatorInstance>.fromOpaque(allocator).release() }
        }
        table.add = { allocator, row, error in
            guard let instance = AllocatorInstance.of(allocator), let row,
                row.pointee.struct_size >= UInt32(MemoryLayout<evalh_session_row>.size)
            else { return EVALH_FAILED }
            return error.result { try instance.add(row.pointee) }
        }
        table.next = { allocator, sink, error in
            guard let instance = AllocatorInstance.of(allocator), let sink else { return EVALH_FAILED }
            return error.result { try instance.next(into: sink) }
        }
        table.weights = { allocator, sink, error in
            guard let instance = AllocatorInstance.of(allocator), let sink else { return EVALH_FAILED }
            return error.result { try instance.weights(into: sink) }
        }
        table.result = { allocator, sink, error in
            guard let instance = AllocatorInstance.of(allocator), let sink else { return EVALH_FAILED }
            return error.result { try instance.result(into: sink) }
        }
        return table
    }

    private static func create(
        _ slot: Int, _ parameters: evalh_str, _ allocation: UnsafePointer<evalh_allocation>?, _ seed: UInt64,
        _ error: UnsafePointer<evalh_text_sink>?
    ) -> UnsafeMutableRawPointer? {
        guard let allocator = allocators.withLock({ $0.indices.contains(slot) ? $0[slot] : nil }), let allocation else {
            return nil
        }
        do {
            return Unmanaged.passRetained(try allocator.make(String(parameters), Allocation(allocation), seed))
                .toOpaque()
        } catch let failure {
            error.set("\(failure)")
            return nil
        }
    }

    private typealias Creator =
        @convention(c) (
            evalh_str, UnsafePointer<evalh_allocation>?, UInt64, UnsafePointer<evalh_text_sink>?
        ) -> UnsafeMutableRawPointer?

    private static let creators: [Creator] = [
        { create(0, $0, $1, $2, $3) }, { create(1, $0, $1, $2, $3) }, { create(2, $0, $1, $2, $3) },
        { create(3, $0, $1, $2, $3) },
        { create(4, $0, $1, $2, $3) }, { create(5, $0, $1, $2, $3) }, { create(6, $0, $1, $2, $3) },
        { create(7, $0, $1, $2, $3) },
    ]
}

extension Allocation {
    /// Unchecked: it is used in `create` only, on the host's thread.
    private struct Fields: @unchecked Sendable {
        let allocation: UnsafePointer<evalh_allocation>

        func text(of item: Int) -> String {
            guard item >= 0, item < allocation.pointee.item_count, let read = allocation.pointee.item_fields else {
                return "{}"
            }
            return String(read(allocation, UInt64(item)))
        }
    }

    init(_ wire: UnsafePointer<evalh_allocation>) {
        let fields = Fields(allocation: wire)
        self.init(
            itemCount: Int(clamping: wire.pointee.item_count),
            rows: Array(copying: wire.pointee.rows, count: wire.pointee.row_count) { row in
                Row(
                    arm: String(row.pointee.arm), level: String(row.pointee.level),
                    levelIndex: row.pointee.level_index < 0 ? nil : Int(row.pointee.level_index))
            },
            repeats: Int(wire.pointee.repeats), itemFields: { fields.text(of: $0) })
    }
}
