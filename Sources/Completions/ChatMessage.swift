/// Who speaks in a chat message.
package enum ChatRole: String, Codable, Hashable, Sendable {
    case system, user, assistant
}

/// One message of a prompt.
package struct ChatMessage: Codable, Hashable, Sendable {
    package var role: ChatRole
    package var content: String

    package init(role: ChatRole, content: String) {
        self.role = role
        self.content = content
    }
}
