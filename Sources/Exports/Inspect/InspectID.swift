/// Ids of samples in Inspect's logs. Inspect puts an id as it is into the name of an archive member,
/// `samples/<id>_epoch_<n>.json`, and finds the member by it; so an id that is no safe name is replaced, and the item's
/// own id stands in the sample's metadata.
enum InspectID {
    /// The id itself if it is at most 200 bytes without slashes, backslashes and control characters; else its first 100
    /// characters with `_` for those, and 12 digits of its SHA-256.
    static func safe(_ id: String) -> String {
        if !id.isEmpty, id.utf8.count <= 200, id.unicodeScalars.allSatisfy(isSafe) { return id }
        var safe = ""
        for scalar in id.unicodeScalars.prefix(100) { safe.unicodeScalars.append(isSafe(scalar) ? scalar : "_") }
        return safe + "-" + FileName.digest(id)
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: scalar != "/" && scalar != "\\"
        }
    }
}
