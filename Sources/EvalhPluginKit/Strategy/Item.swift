package import CEvalhPlugin

/// The question a session is about. Its target is not here: no strategy sees it.
public struct Item: Hashable, Sendable {
    public var id: String
    /// The item's input field.
    public var input: String
    /// The prompt as rendered by the suite; what `generate` sends if it is given no messages.
    public var messages: [Message]
    /// All fields of the item but the target's, as a JSON object.
    public var fieldsJSON: String

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
        case system = 0
        case user = 1
        case assistant = 2
    }

    public var role: Role
    public var content: String

    public init(_ role: Role, _ content: String) {
        self.role = role
        self.content = content
    }

    package init(_ message: evalh_message) {
        self.init(Role(rawValue: message.role) ?? .user, String(message.content))
    }
}
