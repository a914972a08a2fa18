internal import CEvalhPlugin
internal import Synchronization

/// Memory for what one step hands to a plugin: bump allocation, freed as a whole when the step is over.
final class StepArena: @unchecked Sendable {
    // Sendable: an arena belongs to the one step that took it from the pool.
    private static let chunkBytes = 65_536
    private static let pool = Mutex<[StepArena]>([])

    private var first: UnsafeMutableRawPointer
    /// Where chunks are from; `nil`: the heap.
    private let guarded: GuardedMemory?
    private var further: [UnsafeMutableRawPointer] = []
    private var free: UnsafeMutableRawPointer
    private var left: Int
    /// Bytes handed out since the last reset, about.
    private(set) var used = 0

    /// - Parameter guarded: memory that cannot be read any more once the arena is reset, to find plugins that keep
    ///   pointers into it. Such an arena is not given back.
    init(guarded: GuardedMemory? = nil) {
        self.guarded = guarded
        first = guarded?.take(Self.chunkBytes) ?? .allocate(byteCount: Self.chunkBytes, alignment: 16)
        free = first
        left = Self.chunkBytes
    }

    deinit {
        guard guarded == nil else { return }
        for chunk in further { chunk.deallocate() }
        first.deallocate()
    }

    /// An empty arena; give it back with `giveBack`. There are as many as steps run at once.
    static func take() -> StepArena {
        pool.withLock { $0.popLast() } ?? StepArena()
    }

    func giveBack() {
        reset()
        Self.pool.withLock { $0.append(self) }
    }

    /// Frees all that was handed out.
    func reset() {
        if let guarded {
            guarded.revoke()
            first = guarded.take(Self.chunkBytes)
        } else {
            for chunk in further { chunk.deallocate() }
        }
        further.removeAll(keepingCapacity: true)
        free = first
        left = Self.chunkBytes
        used = 0
    }

    /// Uninitialised room for `count` trivial values, aligned to 16 bytes.
    func room<T: BitwiseCopyable>(for type: T.Type, count: Int = 1) -> UnsafeMutablePointer<T> {
        bytes(count * MemoryLayout<T>.stride).bindMemory(to: T.self, capacity: count)
    }

    /// One struct, addressed.
    func copy<T: BitwiseCopyable>(_ value: T) -> UnsafePointer<T> {
        let target = room(for: T.self)
        target.initialize(to: value)
        return UnsafePointer(target)
    }

    /// A copy of `text`, valid until the arena is reset.
    func copy(_ text: String) -> evalh_str {
        var text = text
        return text.withUTF8 { source in
            guard let base = source.baseAddress, source.count > 0 else { return evalh_str(ptr: nil, len: 0) }
            let target = bytes(source.count)
            target.copyMemory(from: base, byteCount: source.count)
            return evalh_str(ptr: UnsafePointer(target.assumingMemoryBound(to: CChar.self)), len: UInt64(source.count))
        }
    }

    private func bytes(_ count: Int) -> UnsafeMutableRawPointer {
        let rounded = (count + 15) & ~15
        used += rounded
        if rounded > left { grow(rounded) }
        let start = free
        free += rounded
        left -= rounded
        return start
    }

    private func grow(_ count: Int) {
        let size = max(count, Self.chunkBytes)
        let chunk = guarded?.take(size) ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        further.append(chunk)
        free = chunk
        left = size
    }
}
