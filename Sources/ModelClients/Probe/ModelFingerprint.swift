package import Completions
package import Foundation
internal import Hashing

/// A stable text that tells models apart: samples of two models are never mixed, and the same model is recognised by
/// `resume` and by replays.
///
/// It is `evalh-model/1` followed by `key=value` fields in fixed order, each after a semicolon, values percent-encoded,
/// fields that are not known left out:
///
/// | field | from |
/// |---|---|
/// | `provider` | the suite |
/// | `at` | host and port, or socket, of a remote endpoint; left out where evalh starts the server |
/// | `path` | the base URL's path, where it has one other than `/v1` |
/// | `api` | `completion`, when llama.cpp's own interface is used |
/// | `model` | the suite |
/// | `served`, `params`, `size`, `ftype`, `build` | what the server tells (`ServedModel`) |
/// | `file`, `bytes` | name and size of the model file, for a server that evalh starts |
/// | `weights` | checksum of the embedded model |
/// | `inside` | exits and speculative decoding of the embedded model, as the suite has them |
/// | `template` | hash of the prompt template, where one is set |
/// | `body` | hash of the fields that the suite adds to requests, where there are any |
///
/// The context length is not part of it: it decides which requests fail, not what a model says. Neither are keys and
/// headers.
package struct ModelFingerprint: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package var description: String { text }

    /// - Parameters:
    ///   - served: what the server tells; ask once at the beginning of a run.
    ///   - modelFile: the model file of a server that evalh starts (`ServerCommand.modelFile`).
    package init(_ configuration: EndpointConfiguration, served: ServedModel, modelFile: URL? = nil)
        throws(ModelFailure)
    {
        let address = try EndpointAddress(configuration.baseURL)
        let isManaged = configuration.provider.isManaged
        var fields: [(name: String, value: String?)] = [("provider", configuration.provider.rawValue)]
        fields.append(("at", isManaged ? nil : address.identity))
        fields.append(("path", isManaged || address.path.isEmpty || address.path == "/v1" ? nil : address.path))
        fields.append(("api", configuration.usesNativeCompletion ? "completion" : nil))
        fields.append(("model", configuration.model))
        // A server that evalh starts may name its model by a path of this machine; the file says it better.
        let name = isManaged ? served.id?.split(separator: "/").last.map(String.init) : served.id
        fields.append(("served", isManaged && modelFile != nil ? nil : name))
        fields.append(("params", served.parameters.map(String.init)))
        fields.append(("size", served.size.map(String.init)))
        fields.append(("ftype", served.fileType))
        fields.append(("build", served.build))
        fields.append(("weights", served.checksum))
        fields.append(("inside", configuration.inside.map(\.text).flatMap { $0.isEmpty ? nil : $0 }))
        if let modelFile {
            let size =
                (try? FileManager.default.attributesOfItem(atPath: modelFile.resolvingSymlinksInPath().path))?[.size]
                as? Int
            fields.append(("file", modelFile.lastPathComponent))
            fields.append(("bytes", size.map(String.init)))
        }
        fields.append(("template", configuration.template.map(ModelFingerprint.hash)))
        fields.append(("body", configuration.body.isEmpty ? nil : ModelFingerprint.hash(configuration.body)))
        self.init(fields: fields)
    }

    init(fields: [(name: String, value: String?)]) {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~/: ()")
        text = fields.reduce("evalh-model/1") { text, field in
            guard let value = field.value else { return text }
            return text + ";\(field.name)=" + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }
    }

    /// The first eight bytes of the SHA-256, in hexadecimal.
    static func short(_ bytes: CanonicalBytes) -> String {
        Hexadecimal.text(of: bytes.sha256.prefix(8))
    }

    private static func hash(_ body: [WireOptions.Field]) -> String {
        var bytes = CanonicalBytes()
        for field in body.sorted(by: { $0.name < $1.name }) {
            bytes.append(field.name)
            bytes.append(field.json)
        }
        return short(bytes)
    }

    private static func hash(_ template: ChatFrames) -> String {
        var bytes = CanonicalBytes()
        for frame in [template.system, template.user, template.assistant] {
            bytes.append(frame.before)
            bytes.append(frame.after)
        }
        return short(bytes)
    }
}

extension ServerCommand {
    /// The model file that the command names: what follows `-m` or `--model`, or else its only argument that ends in
    /// `.gguf`. Relative paths are relative to the suite's folder.
    package var modelFile: URL? {
        var name: String?
        for flag in ["-m", "--model"] {
            if let at = arguments.firstIndex(of: flag), arguments.indices.contains(at + 1) {
                name = name ?? arguments[at + 1]
            }
            name = name ?? arguments.first { $0.hasPrefix(flag + "=") }.map { String($0.dropFirst(flag.count + 1)) }
        }
        if name == nil {
            let files = arguments.dropFirst().filter { $0.hasSuffix(".gguf") }
            name = files.count == 1 ? files.first : nil
        }
        return name.map {
            URL(fileURLWithPath: $0, relativeTo: folder.appendingPathComponent("", isDirectory: true))
                .standardizedFileURL
        }
    }
}
