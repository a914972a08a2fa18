/// Where an instruction goes in a prompt. Many chat templates refuse two messages of one role in a row, or a system
/// message that is not the first, so it joins a message that is there.
public enum InstructionPlace: String, CaseIterable, ParameterValue {
    /// Behind the last user message's text.
    case user
    /// Behind the system message's text, or as a system message where there is none.
    case system

    /// The messages with the instruction in its place.
    public func adding(_ instruction: String, to messages: [Message]) -> [Message] {
        var messages = messages
        switch self {
        case .user:
            if let last = messages.lastIndex(where: { $0.role == .user }) {
                messages[last].content += "\n\n" + instruction
            } else {
                messages.append(Message(.user, instruction))
            }
        case .system:
            if let first = messages.firstIndex(where: { $0.role == .system }) {
                messages[first].content += "\n\n" + instruction
            } else {
                messages.insert(Message(.system, instruction), at: 0)
            }
        }
        return messages
    }
}
