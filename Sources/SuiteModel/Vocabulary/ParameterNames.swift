/// What parameters of plugins may name, by the `format` of their schema.
struct ParameterNames {
    /// `evalh-role`.
    var roles: [String] = []
    /// `evalh-service`.
    var services: [String] = []
    /// `evalh-file`: the absolute path of what is written, and whether there is such a file.
    var file: (String) -> (path: String, exists: Bool) = { ($0, true) }
}
