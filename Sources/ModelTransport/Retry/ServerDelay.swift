internal import Foundation

/// How long a server asks us to wait, in seconds.
package enum ServerDelay {
    /// From `Retry-After` (seconds or a date), `retry-after-ms`, OpenAI's `x-ratelimit-reset-*` where nothing remains,
    /// or Anthropic's `anthropic-ratelimit-*-reset`. `nil`: the server does not say. Nonsense is ignored, and no delay
    /// is negative.
    /// - Parameter now: seconds since 1970.
    package static func parse(_ headers: HTTPHeaders, now: Double) -> Double? {
        if let text = headers["retry-after-ms"], let value = Double(text), value >= 0, value < 1e10 {
            return value / 1000
        }
        if let text = headers["retry-after"] {
            if let value = Double(text), value >= 0, value < 1e7 { return value }
            if let date = httpDate(text) { return max(0, date - now) }
        }
        var longest: Double?
        for kind in ["requests", "tokens"] {
            if headers["x-ratelimit-remaining-\(kind)"] == "0", let text = headers["x-ratelimit-reset-\(kind)"],
                let value = duration(text)
            {
                longest = max(longest ?? 0, value)
            }
            if headers["anthropic-ratelimit-\(kind)-remaining"] == "0",
                let text = headers["anthropic-ratelimit-\(kind)-reset"],
                let date = try? Date(text, strategy: .iso8601).timeIntervalSince1970
            {
                longest = max(longest ?? 0, max(0, date - now))
            }
        }
        return longest
    }

    /// `1s`, `6m0s`, `20ms`, `1h2m3.5s`, or bare seconds.
    static func duration(_ text: String) -> Double? {
        if let value = Double(text) { return value >= 0 && value < 1e7 ? value : nil }
        var total = 0.0
        var number = ""
        var rest = Substring(text)
        while let character = rest.first {
            rest = rest.dropFirst()
            if character.isNumber || character == "." {
                number.append(character)
                continue
            }
            guard let value = Double(number) else { return nil }
            number = ""
            switch character {
            case "h": total += value * 3600
            case "m":
                if rest.first == "s" {
                    rest = rest.dropFirst()
                    total += value / 1000
                } else {
                    total += value * 60
                }
            case "s": total += value
            default: return nil
            }
        }
        return number.isEmpty && !text.isEmpty && total < 1e7 ? total : nil
    }

    private static func httpDate(_ text: String) -> Double? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text)?.timeIntervalSince1970
    }
}
