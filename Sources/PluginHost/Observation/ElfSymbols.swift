internal import Foundation

/// The names in a shared library's dynamic symbol table, read without running any of its code.
package struct ElfSymbols: Sendable {
    /// Offered to others.
    package private(set) var exported: Set<String> = []
    /// Wanted from others.
    package private(set) var imported: Set<String> = []

    private static let maximumSymbols = 1 << 20

    /// `nil` if the file is no ELF-64 library with a section table.
    package init?(file: String) {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped) else { return nil }
        let bytes = ElfBytes(data: data)
        guard bytes.u32(0) == 0x464C_457F, bytes.u8(4) == 2, let table = bytes.offset(40),
            let entrySize = bytes.u16(58), let count = bytes.u16(60), entrySize >= 64
        else { return nil }
        func header(_ index: Int) -> Int? { index < Int(count) ? bytes.sum(table, index * Int(entrySize)) : nil }
        for index in 0..<Int(count) {
            let dynamicSymbols: UInt32 = 11
            guard let section = header(index), bytes.u32(section + 4) == dynamicSymbols else { continue }
            guard let symbols = bytes.offset(section + 24), let size = bytes.offset(section + 32),
                let link = bytes.u32(section + 40), let stringSection = header(Int(link)),
                let strings = bytes.offset(stringSection + 24)
            else { return nil }
            read(bytes, symbols, min(size, data.count) / 24, strings)
            return
        }
        return nil
    }

    private mutating func read(_ bytes: ElfBytes, _ symbols: Int, _ count: Int, _ strings: Int) {
        for index in 0..<min(count, Self.maximumSymbols) {
            let symbol = symbols + index * 24
            guard let name = bytes.u32(symbol), name != 0, let info = bytes.u8(symbol + 4),
                let section = bytes.u16(symbol + 6), let start = bytes.sum(strings, Int(name))
            else { continue }
            let text = bytes.text(at: start, maximum: 256)
            // The binding is in the upper half; 0 is local.
            if section == 0 { imported.insert(text) } else if info >> 4 != 0 { exported.insert(text) }
        }
    }
}
