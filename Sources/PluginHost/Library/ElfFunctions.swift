internal import Foundation

/// The functions of a library's file by their places, also those that it does not export: to name where it crashed.
package enum ElfFunctions {
    private static let (allSymbols, dynamicSymbols) = (UInt32(2), UInt32(11))
    private static let maximumBytes = 256 << 20

    /// The function that holds a place, "step+0x1f"; `nil`: the file names none there.
    /// - Parameter offset: from where the library lies in memory.
    package static func name(at offset: UInt64, in file: String) -> String? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped),
            data.count <= maximumBytes, ElfImage(data).kind == .shared
        else { return nil }
        let bytes = ElfBytes(data: data)
        for type in [allSymbols, dynamicSymbols] {
            guard let table = ElfImage.symbols(type, in: bytes) else { continue }
            for index in 0..<min(table.size, data.count) / 24 {
                let symbol = table.symbols + index * 24
                // A function of the library's own.
                guard let info = bytes.u8(symbol + 4), info & 0xF == 2, let section = bytes.u16(symbol + 6),
                    section != 0, let value = bytes.u64(symbol + 8), let size = bytes.u64(symbol + 16),
                    offset >= value, offset - value < size, let name = bytes.u32(symbol),
                    let start = bytes.sum(table.strings, Int(name))
                else { continue }
                let text = bytes.text(at: start, maximum: 200)
                return offset == value ? text : text + "+0x" + String(offset - value, radix: 16)
            }
        }
        return nil
    }
}
