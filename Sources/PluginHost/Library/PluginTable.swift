internal import CEvalhPlugin

/// The function tables of all kinds, as copied from a library with all required functions present.
enum PluginTable {
    case strategy(StrategyTable)
    case grader(GraderTable)
    case metric(MetricTable)
    case allocator(AllocatorTable)
    case service(ServiceTable)
}

struct StrategyTable {
    typealias Create = @convention(c) (UnsafePointer<evalh_host>?, UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    typealias Step =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<UnsafePointer<evalh_event>?>?, UInt64, UnsafePointer<evalh_out>?
        ) -> Int32
    typealias Destroy = @convention(c) (UnsafeMutableRawPointer?) -> Void
    typealias Estimate = @convention(c) (evalh_str, UnsafeMutablePointer<evalh_estimate>?) -> Int32
    typealias Validate = @convention(c) (evalh_str, UnsafePointer<evalh_text_sink>?) -> Int32

    let create: Create
    let step: Step
    let destroy: Destroy
    let estimate: Estimate?
    let validate: Validate?

    /// `nil` if the table is too small or lacks a required function.
    init?(_ table: UnsafePointer<evalh_strategy>) {
        let size = Int(table.pointee.struct_size)
        guard size >= MemoryLayout<evalh_strategy>.offset(of: \.estimate) ?? 0,
            let create = table.pointee.create, let step = table.pointee.step, let destroy = table.pointee.destroy
        else { return nil }
        self.create = create
        self.step = step
        self.destroy = destroy
        estimate =
            size >= MemoryLayout<evalh_strategy>.offset(of: \.validate) ?? 0 ? table.pointee.estimate : nil
        validate = size >= MemoryLayout<evalh_strategy>.size ? table.pointee.validate : nil
    }
}

struct GraderTable: Sendable {
    typealias Create = @convention(c) (evalh_str, UnsafePointer<evalh_text_sink>?) -> UnsafeMutableRawPointer?
    typealias Grade =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<evalh_grade_input>?, UnsafeMutablePointer<evalh_grade_output>?
        ) -> Int32
    typealias Extract =
        @convention(c) (
            UnsafeMutableRawPointer?, evalh_str, UnsafePointer<evalh_text_sink>?, UnsafePointer<evalh_text_sink>?
        ) -> Int32
    typealias Same = @convention(c) (UnsafeMutableRawPointer?, evalh_str, evalh_str) -> Int32
    typealias ExtractItem =
        @convention(c) (
            UnsafeMutableRawPointer?, evalh_str, evalh_str, UnsafePointer<evalh_text_sink>?,
            UnsafePointer<evalh_text_sink>?
        ) -> Int32
    typealias Expected =
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalh_grade_input>?, UnsafePointer<evalh_text_sink>?) ->
        Int32

    let create: Create
    let destroy: StrategyTable.Destroy
    let grade: Grade
    let extract: Extract?
    let same: Same?
    let extractItem: ExtractItem?
    let expected: Expected?

    init?(_ table: UnsafePointer<evalh_grader>) {
        let size = Int(table.pointee.struct_size)
        guard size >= MemoryLayout<evalh_grader>.offset(of: \.extract) ?? 0,
            let create = table.pointee.create, let destroy = table.pointee.destroy, let grade = table.pointee.grade
        else { return nil }
        self.create = create
        self.destroy = destroy
        self.grade = grade
        func has<T>(_ next: KeyPath<evalh_grader, T>) -> Bool {
            size >= MemoryLayout<evalh_grader>.offset(of: next) ?? 0
        }
        extract = has(\.same) ? table.pointee.extract : nil
        same = has(\.extract_item) ? table.pointee.same : nil
        extractItem = has(\.expected) ? table.pointee.extract_item : nil
        expected = size >= MemoryLayout<evalh_grader>.size ? table.pointee.expected : nil
    }
}

struct MetricTable {
    typealias Create = @convention(c) (evalh_str, UInt64, UnsafePointer<evalh_text_sink>?) -> UnsafeMutableRawPointer?
    typealias Add =
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalh_session_row>?, UnsafePointer<evalh_text_sink>?) ->
        Int32
    typealias Result =
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalh_metric_sink>?, UnsafePointer<evalh_text_sink>?) ->
        Int32

    let create: Create
    let destroy: StrategyTable.Destroy
    let add: Add
    let result: Result

    init?(_ table: UnsafePointer<evalh_metric>) {
        guard Int(table.pointee.struct_size) >= MemoryLayout<evalh_metric>.size,
            let create = table.pointee.create, let destroy = table.pointee.destroy,
            let add = table.pointee.add, let result = table.pointee.result
        else { return nil }
        self.create = create
        self.destroy = destroy
        self.add = add
        self.result = result
    }
}

struct AllocatorTable {
    typealias Create =
        @convention(c) (
            evalh_str, UnsafePointer<evalh_allocation>?, UInt64, UnsafePointer<evalh_text_sink>?
        ) -> UnsafeMutableRawPointer?
    typealias Next =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<evalh_allocation_sink>?, UnsafePointer<evalh_text_sink>?
        ) -> Int32
    typealias Weights =
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalh_weight_sink>?, UnsafePointer<evalh_text_sink>?) ->
        Int32

    let create: Create
    let destroy: StrategyTable.Destroy
    let add: MetricTable.Add
    let next: Next
    let weights: Weights?
    let result: MetricTable.Result?

    init?(_ table: UnsafePointer<evalh_allocator>) {
        let size = Int(table.pointee.struct_size)
        guard size >= MemoryLayout<evalh_allocator>.offset(of: \.weights) ?? 0,
            let create = table.pointee.create, let destroy = table.pointee.destroy, let add = table.pointee.add,
            let next = table.pointee.next
        else { return nil }
        self.create = create
        self.destroy = destroy
        self.add = add
        self.next = next
        weights = size >= MemoryLayout<evalh_allocator>.offset(of: \.result) ?? 0 ? table.pointee.weights : nil
        result = size >= MemoryLayout<evalh_allocator>.size ? table.pointee.result : nil
    }
}

struct ServiceTable {
    typealias Call =
        @convention(c) (
            UnsafeMutableRawPointer?, evalh_str, UnsafePointer<evalh_text_sink>?, UnsafePointer<evalh_text_sink>?
        ) -> Int32
    typealias Fingerprint = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalh_text_sink>?) -> Int32

    let create: GraderTable.Create
    let destroy: StrategyTable.Destroy
    let call: Call
    let fingerprint: Fingerprint?

    init?(_ table: UnsafePointer<evalh_service>) {
        let size = Int(table.pointee.struct_size)
        guard size >= MemoryLayout<evalh_service>.offset(of: \.fingerprint) ?? 0,
            let create = table.pointee.create, let destroy = table.pointee.destroy, let call = table.pointee.call
        else { return nil }
        self.create = create
        self.destroy = destroy
        self.call = call
        fingerprint = size >= MemoryLayout<evalh_service>.size ? table.pointee.fingerprint : nil
    }
}
