/// One question with its target, as the journal keeps it. `ordinal` is its place in the run, from 0.
package struct JournalItem: Hashable, Sendable {
    package var ordinal: Int
    /// Identity by content.
    package var id: String
    package var input: String
    package var target: String
    /// All fields as a JSON object with sorted keys.
    package var fieldsJSON: String

    package init(ordinal: Int, id: String, input: String, target: String, fieldsJSON: String) {
        self.ordinal = ordinal
        self.id = id
        self.input = input
        self.target = target
        self.fieldsJSON = fieldsJSON
    }
}
