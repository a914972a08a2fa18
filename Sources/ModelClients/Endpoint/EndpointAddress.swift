package import Completions
internal import Foundation

/// A base URL taken apart and checked.
package struct EndpointAddress: Hashable, Sendable {
    /// "http" or "https".
    package let scheme: String
    /// "localhost" for a Unix socket.
    package let host: String
    package let port: Int
    /// Path without a slash at the end: "/v1", or "".
    package let path: String
    package let unixSocketPath: String?

    /// - Parameter text: "http://host:port/path", "https://host/path", "unix:/path.sock" or "unix:/path.sock#/v1".
    /// - Throws: `badRequest` that says what is wrong with it.
    package init(_ text: String) throws(ModelFailure) {
        if text.hasPrefix("unix:") {
            let parts = text.dropFirst(5).split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            let socket = parts[0].hasPrefix("//") ? String(parts[0].dropFirst(2)) : parts[0]
            guard socket.hasPrefix("/"), socket.utf8.count < 108 else {
                throw EndpointAddress.bad("a socket needs an absolute path of at most 107 bytes", text)
            }
            self.init(
                scheme: "http", host: "localhost", port: 80, path: parts.count > 1 ? parts[1] : "",
                unixSocketPath: socket)
            return
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https"
        else { throw EndpointAddress.bad("http://, https:// or unix: is expected", text) }
        guard let host = parts.host?.lowercased(), !host.isEmpty else {
            throw EndpointAddress.bad("the host is missing", text)
        }
        guard parts.user == nil, parts.password == nil else {
            throw ModelFailure(
                kind: .badRequest, message: "base_url: name the key with api_key_env, do not write it into the URL")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw EndpointAddress.bad("it cannot have a query or a fragment", text)
        }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        guard (1...65535).contains(port) else { throw EndpointAddress.bad("there is no such port", text) }
        self.init(scheme: scheme, host: host, port: port, path: parts.percentEncodedPath, unixSocketPath: nil)
    }

    private init(scheme: String, host: String, port: Int, path: String, unixSocketPath: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        var path = path
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
        self.unixSocketPath = unixSocketPath
    }

    private static func bad(_ reason: String, _ text: String) -> ModelFailure {
        ModelFailure(kind: .badRequest, message: "base_url '\(CleanText.clean(text))': \(reason)")
    }

    private var origin: String {
        let isDefault = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host)" + (isDefault ? "" : ":\(port)")
    }

    /// The URL of a path below the base; `openAI` paths stand below "/v1" where a llama.cpp server's base URL has no
    /// path.
    package func url(_ path: String, addsVersion: Bool = false) -> String {
        origin + (addsVersion && self.path.isEmpty ? "/v1" : self.path) + path
    }

    /// The URL of one of llama.cpp's own services, which stand beside "/v1".
    package func serviceURL(_ path: String) -> String {
        origin + (self.path.hasSuffix("/v1") ? String(self.path.dropLast(3)) : self.path) + path
    }

    func url(of format: WireFormat, isLlama: Bool) -> String {
        format == .llama ? serviceURL(format.path) : url(format.path, addsVersion: isLlama)
    }

    /// Names the endpoint for people and in fingerprints: "host:port", or the socket's path.
    package var identity: String { unixSocketPath.map { "unix:\($0)" } ?? "\(host):\(port)" }
}
