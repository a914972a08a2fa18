/// How a suite names a plugin: `id`, or `id@version` where several versions stand side by side.
package struct PluginReference: Hashable, Sendable, CustomStringConvertible {
    package var id: String
    /// A whole version, or its beginning: `1`, `1.2`; `nil`: any.
    package var version: String?

    package init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        id = String(parts.first ?? "")
        version = parts.count == 2 ? String(parts[1]) : nil
    }

    package init(id: String, version: String?) {
        self.id = id
        self.version = version
    }

    package var description: String { version.map { "\(id)@\($0)" } ?? id }

    /// Whether a plugin of that version is meant. `1` means 1.0.0 and 1.9.3, and not 10.0.0.
    package func includes(version other: String) -> Bool {
        guard let version, version != other else { return true }
        guard other.hasPrefix(version), !version.isEmpty else { return false }
        return ".-+".contains(other[other.index(other.startIndex, offsetBy: version.count)])
    }
}

/// The order of semantic versions (semver.org, point 11): numbers, then anything before what comes after `-`. What
/// follows `+` does not count, except that no two different texts are equal.
package struct PluginVersion: Comparable, Hashable, Sendable {
    private let numbers: [String]
    private let prerelease: [String]
    private let text: String

    package init(_ text: String) {
        self.text = text
        let bare = text.prefix { $0 != "+" }
        let core = bare.prefix { $0 != "-" }
        numbers = core.split(separator: ".").map(String.init)
        prerelease = bare.dropFirst(core.count + 1).split(separator: ".").map(String.init)
    }

    package static func < (a: PluginVersion, b: PluginVersion) -> Bool {
        if let isLess = less(a.numbers, b.numbers) { return isLess }
        if a.prerelease.isEmpty != b.prerelease.isEmpty { return !a.prerelease.isEmpty }
        return less(a.prerelease, b.prerelease) ?? (a.text < b.text)
    }

    /// `nil`: equal.
    private static func less(_ a: [String], _ b: [String]) -> Bool? {
        for (left, right) in zip(a, b) where left != right {
            switch (digits(left), digits(right)) {
            case (let left?, let right?) where left == right: continue
            case (let left?, let right?): return left.count == right.count ? left < right : left.count < right.count
            // Numbers come before words.
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return left < right
            }
        }
        return a.count == b.count ? nil : a.count < b.count
    }

    /// Without leading zeros: numbers of any length compare by length, then as text.
    private static func digits(_ text: String) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let bare = text.drop { $0 == "0" }
        return bare.isEmpty ? "0" : String(bare)
    }
}
