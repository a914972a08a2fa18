internal import Foundation

/// A file written in pieces and put in place whole: nobody ever reads half a report.
final class FileOutput {
    private let path: String
    private let temporary: String
    private let handle: FileHandle
    private var buffer = Data()

    init(_ path: String) throws {
        self.path = path
        temporary = path + ".part"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw ReportError(path: path, message: "cannot be written; is there space, and is the folder yours?")
        }
        self.handle = handle
    }

    func write(_ data: Data) throws {
        buffer.append(data)
        if buffer.count > 1 << 18 { try drain() }
    }

    func write(_ bytes: [UInt8]) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count > 1 << 18 { try drain() }
    }

    func write(_ text: String) throws { try write(Data(text.utf8)) }

    private func drain() throws {
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    func finish() throws {
        try drain()
        try handle.close()
        guard rename(temporary, path) == 0 else {
            throw ReportError(path: path, message: String(cString: strerror(errno)))
        }
    }
}

/// A report could not be written.
package struct ReportError: Error, CustomStringConvertible {
    package var path: String
    package var message: String
    package var description: String { "\(path): \(message)" }
}
