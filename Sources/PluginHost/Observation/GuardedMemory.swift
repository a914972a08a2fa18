internal import Glibc

/// Memory that is taken away from its reader after use: pages that were handed out and revoked cannot be touched, so
/// that whoever kept a pointer into them ends with a signal at an address within `range`.
///
/// Used by one thread at a time.
package final class GuardedMemory {
    private static let pageBytes = 4096

    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    private var used = 0
    private var revoked = 0

    /// Reserves addresses, no memory; `nil` if there are none.
    package init?(byteCount: Int = 512 << 20) {
        guard let base = mmap(nil, byteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
            base != MAP_FAILED
        else { return nil }
        self.base = base
        self.byteCount = byteCount
    }

    deinit { munmap(base, byteCount) }

    /// Where all that it hands out lies.
    package var range: Range<UInt> { UInt(bitPattern: base)..<UInt(bitPattern: base) + UInt(byteCount) }

    /// Fresh zeroed bytes, aligned to a page. Addresses come again only when all have been used.
    func take(_ count: Int) -> UnsafeMutableRawPointer {
        let rounded = (count + Self.pageBytes - 1) & ~(Self.pageBytes - 1)
        precondition(rounded <= byteCount, "more than the guarded memory has")
        if used + rounded > byteCount {
            revoke()
            (used, revoked) = (0, 0)
        }
        let start = base + used
        mprotect(start, rounded, PROT_READ | PROT_WRITE)
        used += rounded
        return start
    }

    /// From now on nothing that was handed out may be touched.
    func revoke() {
        guard used > revoked else { return }
        let start = base + revoked
        madvise(start, used - revoked, MADV_DONTNEED)
        mprotect(start, used - revoked, PROT_NONE)
        revoked = used
    }
}
