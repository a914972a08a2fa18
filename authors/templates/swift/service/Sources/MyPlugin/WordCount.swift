import EvalhPluginKit

/// Counts the words of a text: `{"text": "one two"}` gives `{"words": 2}`.
///
/// A service may use files, the network and time. Calls on one instance never overlap; there are as many instances as
/// run at once.
struct WordCount: Service {
    static let descriptor = Descriptor(
        id: "org.example.my-plugin", version: "1.0.0", title: "Counts words",
        description: """
            Payload: `{"text": "one two"}`. Result: `{"words": 2}`. A payload without a text is an error of the call.
            """,
        source: "an example")

    init(parameters: NoParameters) {}

    /// What is thrown is the call's result as well, and recorded.
    func call(_ payload: JSONValue) throws -> JSONValue {
        guard let text = payload["text"]?.string else { throw ServiceError("the payload needs a text under \"text\"") }
        return .object([.init("words", .integer(text.split { $0.isWhitespace }.count))])
    }
}
