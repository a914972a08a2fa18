internal import CReferenceKernels
internal import Foundation
internal import Hashing

/// A weight file, mapped into memory: `EVALHRM1`, the length of a JSON header (4 bytes, little endian), the header,
/// then 16-bit numbers.
///
/// The header names every tensor with its shape and its place, the vocabulary, and the SHA-256 of all that follows the
/// header.
package final class ModelFile: Sendable {
    /// What the header says of a transformer.
    package struct Shape: Codable, Hashable, Sendable {
        package var layers: Int
        package var width: Int
        package var heads: Int
        package var hidden: Int
        package var vocabulary: Int

        var headSize: Int { width / heads }
    }

    struct Tensor: Codable {
        var name: String
        var shape: [Int]
        /// Bytes from the beginning of the data.
        var offset: Int
    }

    struct Header: Codable {
        var name: String
        var shape: Shape
        var draft: Shape?
        var words: [String]
        var reserved: Int
        var rewards: Int
        /// What a bin of remaining tokens stands for, in tokens.
        var lengths: [Double]
        var tensors: [Tensor]
        var sha256: String
    }

    let header: Header
    private let path: String
    private let data: Data
    private let start: Int
    private let tensors: [String: Tensor]

    /// The model's name, as `/v1/models` lists it.
    package var name: String { header.name }
    package var checksum: String { header.sha256 }

    /// Maps the file and checks it.
    /// - Throws: `ModelFileError` where it is missing, cut off, damaged or of another format.
    package init(path: String) throws {
        self.path = path
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw ModelFileError(path, "the weights cannot be read (\(error.localizedDescription))")
        }
        let data = data
        guard data.count >= 12, data.prefix(8) == Data("EVALHRM1".utf8) else {
            throw ModelFileError(path, "is no weight file of the embedded model")
        }
        let length = (0..<4).reduce(0) { $0 | Int(data[data.startIndex + 8 + $1]) << (8 * $1) }
        guard length <= data.count - 12 else { throw ModelFileError(path, "is cut off in its header") }
        do {
            header = try JSONDecoder().decode(Header.self, from: data[12..<12 + length])
        } catch {
            throw ModelFileError(path, "has a damaged header")
        }
        start = (12 + length + 63) / 64 * 64
        guard start <= data.count else { throw ModelFileError(path, "is cut off") }
        let digest = SHA256.hash(data[start...]).hex
        guard digest == header.sha256 else {
            throw ModelFileError(path, "is damaged: the SHA-256 of its numbers is \(digest), not \(header.sha256)")
        }
        tensors = Dictionary(header.tensors.map { ($0.name, $0) }) { first, _ in first }
        for shape in [header.shape] + (header.draft.map { [$0] } ?? []) {
            guard shape.layers > 0, shape.heads > 0, shape.width % 64 == 0, shape.hidden % 64 == 0,
                shape.vocabulary % 64 == 0,
                shape.width % shape.heads == 0, shape.headSize % 16 == 0
            else { throw ModelFileError(path, "has a shape that the kernels do not take") }
        }
    }

    func has(_ name: String) -> Bool { tensors[name] != nil }

    /// A tensor's numbers, in 32 bits, row by row.
    func floats(_ name: String, _ shape: [Int]) throws -> FloatBuffer {
        guard let tensor = tensors[name] else { throw ModelFileError(path, "has no tensor `\(name)`") }
        let count = shape.reduce(1, *)
        guard tensor.shape == shape, tensor.offset >= 0, start + tensor.offset + 2 * count <= data.count else {
            throw ModelFileError(path, "has the tensor `\(name)` in another shape: \(tensor.shape), not \(shape)")
        }
        let buffer = FloatBuffer(count)
        data.withUnsafeBytes { bytes in
            let half = bytes.baseAddress!.advanced(by: start + tensor.offset).assumingMemoryBound(to: UInt16.self)
            evalh_widen(half, buffer.pointer, count)
        }
        return buffer
    }
}
