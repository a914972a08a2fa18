internal import Foundation
internal import JSON
internal import Synchronization

/// A value that must not be seen: whatever prints, logs or encodes it shows "<redacted>". Every secret made is known to
/// `Redactor.shared` from then on.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
        Redactor.shared.add(value)
    }

    /// The value itself, for the one place that sends it.
    package func reveal() -> String { value }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// Takes live secrets out of text: as they are, URL-encoded, in base64, and as they stand in JSON.
package final class Redactor: Sendable {
    /// The one that knows every `Secret` of this process. All that leaves the process for people or files goes through
    /// it.
    package static let shared = Redactor()

    /// Shorter values are not looked for: replacing every "a" helps nobody.
    private static let shortest = 6
    /// Longest first, so that a part never hides the whole.
    private let patterns = Mutex<[String]>([])

    package init() {}

    package func add(_ secret: String) {
        guard secret.utf8.count >= Redactor.shortest else { return }
        var forms = Set([secret])
        var unreserved = CharacterSet.alphanumerics
        for allowed in ["", "-._~", "-._~!$&'()*+,;=:@/"] {
            unreserved.insert(charactersIn: allowed)
            if let encoded = secret.addingPercentEncoding(withAllowedCharacters: unreserved) { forms.insert(encoded) }
        }
        forms.formUnion(Redactor.base64Forms(secret))
        var writer = JSONWriter(capacity: 64)
        writer.add(secret)
        forms.insert(String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self))
        patterns.withLock { patterns in
            patterns = Set(patterns).union(forms).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        }
    }

    /// `text` with "<redacted>" in place of every secret.
    package func redact(_ text: String) -> String {
        let patterns = patterns.withLock { $0 }
        var text = text
        for pattern in patterns where text.contains(pattern) {
            text = text.replacingOccurrences(of: pattern, with: "<redacted>")
        }
        return text
    }

    /// Base64 of the secret within longer data: what is the same for each of the three places it can begin at
    /// ("user:key" of basic authentication begins anywhere).
    private static func base64Forms(_ secret: String) -> Set<String> {
        var forms = Set<String>()
        for shift in 0..<3 {
            let data = Data(repeating: 0, count: shift) + Data(secret.utf8)
            // Digits that hold bits of the neighbours are left out at both ends.
            let first = shift == 0 ? 0 : shift + 1
            let whole = data.count * 8 / 6
            let digits = data.base64EncodedString().prefix(whole).dropFirst(first)
            guard digits.count >= shortest else { continue }
            forms.insert(String(digits))
            forms.insert(digits.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_"))
        }
        return forms
    }
}
