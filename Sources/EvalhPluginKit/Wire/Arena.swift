package import CEvalhPlugin

/// Memory that one call across the line lends to the other side, freed when the arena ends. The testing product plays
/// the host with it.
package struct Arena: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []

    package init() {}

    package mutating func text(_ value: String) -> evalh_str {
        var value = value
        return value.withUTF8 { bytes in
            guard let start = bytes.baseAddress, !bytes.isEmpty else { return evalh_str(ptr: nil, len: 0) }
            let block = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 1)
            block.copyMemory(from: start, byteCount: bytes.count)
            blocks.append(block)
            return evalh_str(ptr: UnsafePointer(block.assumingMemoryBound(to: CChar.self)), len: UInt64(bytes.count))
        }
    }

    package mutating func array<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafePointer<Element>? {
        guard !values.isEmpty else { return nil }
        let block = UnsafeMutablePointer<Element>.allocate(capacity: values.count)
        block.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(block))
        return UnsafePointer(block)
    }

    /// One struct, addressed.
    package mutating func pointer<Element: BitwiseCopyable>(to value: Element) -> UnsafePointer<Element> {
        let block = UnsafeMutablePointer<Element>.allocate(capacity: 1)
        block.initialize(to: value)
        blocks.append(UnsafeMutableRawPointer(block))
        return UnsafePointer(block)
    }

    /// An array of pointers to structs, as the ABI passes structs that may grow.
    package mutating func pointers<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafePointer<
        UnsafePointer<Element>?
    >? {
        var list: [UnsafePointer<Element>?] = []
        list.reserveCapacity(values.count)
        for value in values { list.append(pointer(to: value)) }
        return array(list)
    }

    /// Keeps the memory until the process ends, for tables that the host may read at any time.
    consuming func keepForever() {
        blocks = []
    }

    deinit {
        for block in blocks { block.deallocate() }
    }
}
