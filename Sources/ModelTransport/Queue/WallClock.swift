internal import Foundation

/// Seconds since 1970: what servers' dates are compared with.
package enum WallClock {
    package static var seconds: Double { Date().timeIntervalSince1970 }
}
