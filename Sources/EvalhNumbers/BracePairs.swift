/// Which closing brace belongs to which opening one, found in one pass. Escaped braces (`\{`) are text.
public struct BracePairs: Sendable {
    private var closes: [Int32]

    /// - Parameter bytes: UTF-8; up to 2 GiB.
    public init(_ bytes: [UInt8]) {
        closes = []
        guard bytes.contains(UInt8(ascii: "{")) else { return }
        closes = Array(repeating: -1, count: bytes.count)
        // Until a brace is closed, its place holds the place of the one that is open around it.
        var open: Int32 = -1
        closes.withUnsafeMutableBufferPointer { closes in
            bytes.withUnsafeBufferPointer { bytes in
                var index = 0
                while index < bytes.count {
                    switch bytes[index] {
                    case UInt8(ascii: "\\"): index += 1
                    case UInt8(ascii: "{"):
                        closes[index] = open
                        open = Int32(truncatingIfNeeded: index)
                    case UInt8(ascii: "}") where open >= 0:
                        let start = Int(open)
                        open = closes[start]
                        closes[start] = Int32(truncatingIfNeeded: index)
                    default: break
                    }
                    index += 1
                }
                // What is still open is never closed.
                while open >= 0 {
                    let start = Int(open)
                    open = closes[start]
                    closes[start] = -1
                }
            }
        }
    }

    /// The offset of the brace that closes the one at `open`; `nil`: none does, or no brace opens there.
    public func close(of open: Int) -> Int? {
        guard closes.indices.contains(open), closes[open] >= 0 else { return nil }
        return Int(closes[open])
    }
}
