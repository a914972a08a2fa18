import EvalhNumbers

extension AnswerPlaces {
    /// The contents of whole `\boxed`, `\fbox` or what else `command` is, by place. A command behind another
    /// backslash is none.
    func boxes(of command: String) -> [Range<Int>] {
        let command = Array(command.utf8)
        let found = ByteSearch.places(of: command, in: bytes)
        guard !found.isEmpty else { return [] }
        let braces = BracePairs(bytes)
        return found.compactMap { place in
            let backslashes = bytes[..<place].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            guard backslashes.isMultiple(of: 2), let open = open(behind: place + command.count),
                let close = braces.close(of: open)
            else { return nil }
            return open + 1..<close
        }
    }

    /// Where the first byte stands that is no space.
    private func open(behind offset: Int) -> Int? { bytes[offset...].firstIndex { $0 != UInt8(ascii: " ") } }
}
