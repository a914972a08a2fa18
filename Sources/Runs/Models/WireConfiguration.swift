internal import JSON
internal import ModelClients
internal import SuiteModel

extension EndpointConfiguration {
    /// Takes over what the suite says of requests. A header whose variable is not set is left out, and said so.
    mutating func take(_ wire: WireSpec, _ host: RunHost) {
        usesNativeCompletion = wire.usesCompletion
        template = wire.template.map(ChatFrames.init)
        sendsContinueFlags = wire.sendsContinueFlags
        extraSampling = wire.extraSampling.flatMap { WireOptions.ExtraSampling(rawValue: $0.rawValue) }
        usesMaxCompletionTokens = wire.maxTokensKey.map { $0 == .maxCompletionTokens }
        body = wire.body.map { WireOptions.Field(name: $0.key, json: $0.value.canonicalText) }
        for header in wire.headers {
            switch header.value {
            case .text(let text): headers.append((header.name, Secret(text)))
            case .environment(let name):
                if let text = host.environment[name], !text.isEmpty {
                    headers.append((header.name, Secret(text)))
                } else {
                    host.say(
                        .warning(
                            "model '\(role)': the environment variable \(name) is not set; "
                                + "asking without the header \(header.name)"))
                }
            }
        }
    }
}

extension ChatFrames {
    fileprivate init(_ template: WireSpec.Template) {
        switch template {
        case .chatML: self = .chatML
        case .frames(let system, let user, let assistant):
            self.init(system: Frame(system), user: Frame(user), assistant: Frame(assistant))
        }
    }
}

extension ChatFrames.Frame {
    fileprivate init(_ frame: WireSpec.Frame) {
        self.init(before: frame.before, after: frame.after)
    }
}
