package import CEvalhPlugin

/// The question a session is about. Its target is not here: no strategy sees it.
public struct Item: Hashable, Sendable {
    /// The item's id in its data set.
    public var id: String
    /// The item's input field.
    public var input: String
    /// The prompt as rendered by the suite; what `generate` sends if it is given no messages.
    public var messages: [Message]
    /// All fields of the item but the target's, as a JSON object.
    public var fieldsJSON: String

    /// An item; for tests, as strategies get theirs from the host.
    public init(id: String, input: String, messages: [Message], fieldsJSON: String = "{}") {
        self.id = id
        self.input = input
        self.messages = messages
        self.fieldsJSON = fieldsJSON
    }

    /// One field of the item; `nil` if it has none of this name.
    public func field(_ name: String) -> JSONValue? {
        (try? JSONValue(parsing: fieldsJSON))?[name]
    }

    /// One of the item's fields as a number, be it written as one or as a text; `nil` if it is neither or not there.
    public func number(_ name: String) -> Double? {
        guard let value = field(name) else { return nil }
        return value.double ?? value.string.flatMap { Double($0) }
    }

    init(_ event: evalh_event_start) {
        self.init(
            id: String(event.item_id), input: String(event.input),
            messages: Array(copying: event.messages, count: event.message_count) { Message($0.pointee) },
            fieldsJSON: String(event.fields_json))
    }
}

/// One message of a chat.
public struct Message: Hashable, Sendable {
    /// Who says it.
    public enum Role: UInt32, Hashable, Sendable {
        /// Who sets the rules.
        case system = 0
        /// Who asks.
        case user = 1
        /// The model.
        case assistant = 2
    }

    /// Who says it.
    public var role: Role
    /// What is said.
    public var content: String

    /// A message of a role.
    public init(_ role: Role, _ content: String) {
        self.role = role
        self.content = content
    }

    package init(_ message: evalh_message) {
        self.init(Role(rawValue: message.role) ?? .user, String(message.content))
    }
}
