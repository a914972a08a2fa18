/// What a call into a plugin is about, for the message if it never returns.
package struct CallSubject: Hashable, Sendable {
    /// Empty: none.
    package var arm: String
    /// The item's id; empty: none.
    package var item: String

    package init(arm: String = "", item: String = "") {
        self.arm = arm
        self.item = item
    }

    package static let none = CallSubject()
}
