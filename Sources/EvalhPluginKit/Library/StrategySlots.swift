import CEvalhPlugin
import Synchronization

/// Gives each strategy of a library C functions of its own.
///
/// The ABI's `create` and `estimate` get nothing that says which plugin is meant, and Swift makes no C function of
/// generic code. So there is a fixed row of functions, and each knows the number of its slot. Slots are filled when a
/// library's table is made and never emptied.
enum StrategySlots {
    static let capacity = 64

    private static let strategies = Mutex<[AnyStrategy]>([])

    /// The table of a new slot; `nil` if there are no more.
    static func table(for strategy: AnyStrategy) -> evalh_strategy? {
        let slot = strategies.withLock { strategies -> Int? in
            guard strategies.count < capacity else { return nil }
            strategies.append(strategy)
            return strategies.count - 1
        }
        guard let slot else { return nil }
        var table = evalh_strategy()
        table.struct_size = UInt32(MemoryLayout<evalh_strategy>.size)
        table.create = creators[slot]
        table.estimate = estimators[slot]
        table.validate = validators[slot]
        table.step = { instance, events, count, out in
            guard let instance else { return EVALH_FAILED }
            return Unmanaged<StrategyExecution>.fromOpaque(instance).takeUnretainedValue().step(
                events, count: count, out: out)
        }
        table.destroy = { instance in
            guard let instance else { return }
            Unmanaged<StrategyExecution>.fromOpaque(instance).takeRetainedValue().destroy()
        }
        return table
    }

    private static func strategy(_ slot: Int) -> AnyStrategy? {
        strategies.withLock { $0.indices.contains(slot) ? $0[slot] : nil }
    }

    private static func create(_ slot: Int, _ host: UnsafePointer<evalh_host>?, _ handle: UnsafeMutableRawPointer?)
        -> UnsafeMutableRawPointer?
    {
        guard let host, host.pointee.struct_size >= UInt32(MemoryLayout<evalh_host>.size), let strategy = strategy(slot)
        else {
            return nil
        }
        return Unmanaged.passRetained(StrategyExecution(strategy, session: Session(host: host, handle: handle)))
            .toOpaque()
    }

    private static func estimate(_ slot: Int, _ parameters: evalh_str, _ out: UnsafeMutablePointer<evalh_estimate>?)
        -> Int32
    {
        guard let out, out.pointee.struct_size >= UInt32(MemoryLayout<evalh_estimate>.size),
            let strategy = strategy(slot)
        else {
            return EVALH_FAILED
        }
        guard let estimate = try? strategy.estimate(String(parameters)) else { return EVALH_UNSUPPORTED }
        out.pointee.completions_min = Int64(estimate.completions.lowerBound)
        out.pointee.completions_max = Int64(estimate.completions.upperBound)
        out.pointee.prompt_passes = estimate.promptPasses
        return EVALH_OK
    }

    private static func validate(_ slot: Int, _ parameters: evalh_str, _ problem: UnsafePointer<evalh_text_sink>?)
        -> Int32
    {
        guard let strategy = strategy(slot) else { return EVALH_FAILED }
        do { try strategy.validate(String(parameters)) } catch {
            problem.set("\(error)")
            return EVALH_FAILED
        }
        return EVALH_OK
    }

    private typealias Creator =
        @convention(c) (UnsafePointer<evalh_host>?, UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    private typealias Estimator = @convention(c) (evalh_str, UnsafeMutablePointer<evalh_estimate>?) -> Int32
    private typealias Validator = @convention(c) (evalh_str, UnsafePointer<evalh_text_sink>?) -> Int32

    private static let creators: [Creator] = [
        { create(0, $0, $1) }, { create(1, $0, $1) }, { create(2, $0, $1) }, { create(3, $0, $1) },
        { create(4, $0, $1) }, { create(5, $0, $1) }, { create(6, $0, $1) }, { create(7, $0, $1) },
        { create(8, $0, $1) }, { create(9, $0, $1) }, { create(10, $0, $1) }, { create(11, $0, $1) },
        { create(12, $0, $1) }, { create(13, $0, $1) }, { create(14, $0, $1) }, { create(15, $0, $1) },
        { create(16, $0, $1) }, { create(17, $0, $1) }, { create(18, $0, $1) }, { create(19, $0, $1) },
        { create(20, $0, $1) }, { create(21, $0, $1) }, { create(22, $0, $1) }, { create(23, $0, $1) },
        { create(24, $0, $1) }, { create(25, $0, $1) }, { create(26, $0, $1) }, { create(27, $0, $1) },
        { create(28, $0, $1) }, { create(29, $0, $1) }, { create(30, $0, $1) }, { create(31, $0, $1) },
        { create(32, $0, $1) }, { create(33, $0, $1) }, { create(34, $0, $1) }, { create(35, $0, $1) },
        { create(36, $0, $1) }, { create(37, $0, $1) }, { create(38, $0, $1) }, { create(39, $0, $1) },
        { create(40, $0, $1) }, { create(41, $0, $1) }, { create(42, $0, $1) }, { create(43, $0, $1) },
        { create(44, $0, $1) }, { create(45, $0, $1) }, { create(46, $0, $1) }, { create(47, $0, $1) },
        { create(48, $0, $1) }, { create(49, $0, $1) }, { create(50, $0, $1) }, { create(51, $0, $1) },
        { create(52, $0, $1) }, { create(53, $0, $1) }, { create(54, $0, $1) }, { create(55, $0, $1) },
        { create(56, $0, $1) }, { create(57, $0, $1) }, { create(58, $0, $1) }, { create(59, $0, $1) },
        { create(60, $0, $1) }, { create(61, $0, $1) }, { create(62, $0, $1) }, { create(63, $0, $1) },
    ]

    private static let estimators: [Estimator] = [
        { estimate(0, $0, $1) }, { estimate(1, $0, $1) }, { estimate(2, $0, $1) }, { estimate(3, $0, $1) },
        { estimate(4, $0, $1) }, { estimate(5, $0, $1) }, { estimate(6, $0, $1) }, { estimate(7, $0, $1) },
        { estimate(8, $0, $1) }, { estimate(9, $0, $1) }, { estimate(10, $0, $1) }, { estimate(11, $0, $1) },
        { estimate(12, $0, $1) }, { estimate(13, $0, $1) }, { estimate(14, $0, $1) }, { estimate(15, $0, $1) },
        { estimate(16, $0, $1) }, { estimate(17, $0, $1) }, { estimate(18, $0, $1) }, { estimate(19, $0, $1) },
        { estimate(20, $0, $1) }, { estimate(21, $0, $1) }, { estimate(22, $0, $1) }, { estimate(23, $0, $1) },
        { estimate(24, $0, $1) }, { estimate(25, $0, $1) }, { estimate(26, $0, $1) }, { estimate(27, $0, $1) },
        { estimate(28, $0, $1) }, { estimate(29, $0, $1) }, { estimate(30, $0, $1) }, { estimate(31, $0, $1) },
        { estimate(32, $0, $1) }, { estimate(33, $0, $1) }, { estimate(34, $0, $1) }, { estimate(35, $0, $1) },
        { estimate(36, $0, $1) }, { estimate(37, $0, $1) }, { estimate(38, $0, $1) }, { estimate(39, $0, $1) },
        { estimate(40, $0, $1) }, { estimate(41, $0, $1) }, { estimate(42, $0, $1) }, { estimate(43, $0, $1) },
        { estimate(44, $0, $1) }, { estimate(45, $0, $1) }, { estimate(46, $0, $1) }, { estimate(47, $0, $1) },
        { estimate(48, $0, $1) }, { estimate(49, $0, $1) }, { estimate(50, $0, $1) }, { estimate(51, $0, $1) },
        { estimate(52, $0, $1) }, { estimate(53, $0, $1) }, { estimate(54, $0, $1) }, { estimate(55, $0, $1) },
        { estimate(56, $0, $1) }, { estimate(57, $0, $1) }, { estimate(58, $0, $1) }, { estimate(59, $0, $1) },
        { estimate(60, $0, $1) }, { estimate(61, $0, $1) }, { estimate(62, $0, $1) }, { estimate(63, $0, $1) },
    ]

    private static let validators: [Validator] = [
        { validate(0, $0, $1) }, { validate(1, $0, $1) }, { validate(2, $0, $1) }, { validate(3, $0, $1) },
        { validate(4, $0, $1) }, { validate(5, $0, $1) }, { validate(6, $0, $1) }, { validate(7, $0, $1) },
        { validate(8, $0, $1) }, { validate(9, $0, $1) }, { validate(10, $0, $1) }, { validate(11, $0, $1) },
        { validate(12, $0, $1) }, { validate(13, $0, $1) }, { validate(14, $0, $1) }, { validate(15, $0, $1) },
        { validate(16, $0, $1) }, { validate(17, $0, $1) }, { validate(18, $0, $1) }, { validate(19, $0, $1) },
        { validate(20, $0, $1) }, { validate(21, $0, $1) }, { validate(22, $0, $1) }, { validate(23, $0, $1) },
        { validate(24, $0, $1) }, { validate(25, $0, $1) }, { validate(26, $0, $1) }, { validate(27, $0, $1) },
        { validate(28, $0, $1) }, { validate(29, $0, $1) }, { validate(30, $0, $1) }, { validate(31, $0, $1) },
        { validate(32, $0, $1) }, { validate(33, $0, $1) }, { validate(34, $0, $1) }, { validate(35, $0, $1) },
        { validate(36, $0, $1) }, { validate(37, $0, $1) }, { validate(38, $0, $1) }, { validate(39, $0, $1) },
        { validate(40, $0, $1) }, { validate(41, $0, $1) }, { validate(42, $0, $1) }, { validate(43, $0, $1) },
        { validate(44, $0, $1) }, { validate(45, $0, $1) }, { validate(46, $0, $1) }, { validate(47, $0, $1) },
        { validate(48, $0, $1) }, { validate(49, $0, $1) }, { validate(50, $0, $1) }, { validate(51, $0, $1) },
        { validate(52, $0, $1) }, { validate(53, $0, $1) }, { validate(54, $0, $1) }, { validate(55, $0, $1) },
        { validate(56, $0, $1) }, { validate(57, $0, $1) }, { validate(58, $0, $1) }, { validate(59, $0, $1) },
        { validate(60, $0, $1) }, { validate(61, $0, $1) }, { validate(62, $0, $1) }, { validate(63, $0, $1) },
    ]
}
