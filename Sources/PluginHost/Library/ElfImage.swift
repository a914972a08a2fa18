internal import Foundation

/// What the header and the symbol table of a shared library say, read without running any of its code.
///
/// Layout: System V ABI, "Object Files" (ELF-64). Every offset comes from the file, so every read is checked.
struct ElfImage {
    enum Kind: Hashable {
        case notElf
        case wrongArchitecture(String)
        case notShared
        case shared
    }

    let kind: Kind
    /// Names of exported symbols starting with `evalh_plugin_v`; `nil` if the file has no section table to tell them.
    let entries: Set<String>?

    init(_ data: Data) {
        let bytes = ElfBytes(data: data)
        kind = Self.kind(of: bytes)
        entries = kind == .shared ? Self.entries(in: bytes) : nil
    }

    private static func kind(of bytes: ElfBytes) -> Kind {
        guard bytes.u32(0) == 0x464C_457F, bytes.u8(5) == 1 else { return .notElf }
        guard bytes.u8(4) == 2, let machine = bytes.u16(18), let type = bytes.u16(16) else {
            return .wrongArchitecture("32-bit")
        }
        guard machine == ownMachine else {
            return .wrongArchitecture(machineNames[machine] ?? "ELF machine \(machine)")
        }
        return type == 3 ? .shared : .notShared
    }

    private static let machineNames: [UInt16: String] = [
        3: "x86", 40: "32-bit ARM", 62: "x86-64", 183: "AArch64", 243: "RISC-V",
    ]

    private static var ownMachine: UInt16 {
        #if arch(x86_64)
            62
        #elseif arch(arm64)
            183
        #else
            243
        #endif
    }

    static var ownArchitecture: String { machineNames[ownMachine] ?? "this machine" }

    private static func entries(in bytes: ElfBytes) -> Set<String>? {
        let dynamicSymbols: UInt32 = 11
        return symbols(dynamicSymbols, in: bytes).map {
            names(in: bytes, symbols: $0.symbols, size: $0.size, strings: $0.strings)
        }
    }

    /// A symbol table with the texts of its names; `nil` if the file has none of the type.
    static func symbols(_ type: UInt32, in bytes: ElfBytes) -> (symbols: Int, size: Int, strings: Int)? {
        guard let table = bytes.offset(40), let entrySize = bytes.u16(58), let count = bytes.u16(60), entrySize >= 64,
            count > 0
        else {
            return nil
        }
        func header(_ index: Int) -> Int? { index < Int(count) ? bytes.sum(table, index * Int(entrySize)) : nil }
        for index in 0..<Int(count) {
            guard let section = header(index), bytes.u32(section + 4) == type else { continue }
            guard let symbols = bytes.offset(section + 24), let size = bytes.offset(section + 32),
                let link = bytes.u32(section + 40),
                let stringSection = header(Int(link)), let strings = bytes.offset(stringSection + 24)
            else { return nil }
            return (symbols, size, strings)
        }
        return nil
    }

    private static func names(in bytes: ElfBytes, symbols: Int, size: Int, strings: Int) -> Set<String> {
        let wanted = Array("evalh_plugin_v".utf8)
        var found: Set<String> = []
        for index in 0..<min(size, bytes.data.count) / 24 {
            let symbol = symbols + index * 24
            // A symbol of section 0 is imported, not offered.
            guard let name = bytes.u32(symbol), let section = bytes.u16(symbol + 6), section != 0,
                let start = bytes.sum(strings, Int(name)), bytes.has(wanted, at: start)
            else { continue }
            found.insert(bytes.text(at: start, maximum: 64))
        }
        return found
    }
}

/// Checked little-endian reads.
struct ElfBytes {
    let data: Data

    func u8(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < data.count ? data[data.startIndex + offset] : nil
    }

    func u16(_ offset: Int) -> UInt16? { integer(offset) }
    func u32(_ offset: Int) -> UInt32? { integer(offset) }

    func u64(_ offset: Int) -> UInt64? { integer(offset) }

    /// A 64-bit file offset or size that lies within the file.
    func offset(_ offset: Int) -> Int? {
        guard let value: UInt64 = integer(offset), value <= UInt64(data.count) else { return nil }
        return Int(value)
    }

    func sum(_ a: Int, _ b: Int) -> Int? {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow || sum > data.count ? nil : sum
    }

    func has(_ wanted: [UInt8], at start: Int) -> Bool {
        wanted.indices.allSatisfy { u8(start + $0) == wanted[$0] }
    }

    func text(at start: Int, maximum: Int) -> String {
        var characters: [UInt8] = []
        while characters.count < maximum, let byte = u8(start + characters.count), byte != 0 { characters.append(byte) }
        return String(decoding: characters, as: UTF8.self)
    }

    private func integer<T: FixedWidthInteger>(_ offset: Int) -> T? {
        let size = MemoryLayout<T>.size
        guard offset >= 0, offset <= data.count - size else { return nil }
        return data.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
    }
}
