/// Why a weight file cannot be used.
package struct ModelFileError: Error, CustomStringConvertible {
    package let description: String

    init(_ path: String, _ reason: String) {
        description = "\(path): \(reason); it is written by tools/reference-model/export.py"
    }
}
