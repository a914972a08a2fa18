package import CEvalhPlugin

extension String {
    /// Copies a text out of memory that belongs to the host. A length without a pointer is the empty text.
    package init(_ text: evalh_str) {
        guard let pointer = text.ptr, let count = Int(exactly: text.len), count > 0 else {
            self = ""
            return
        }
        self = String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self)
    }
}

extension Double {
    /// A number of the ABI, where NaN stands for absent.
    package var present: Double? { isNaN ? nil : self }
}

extension Optional where Wrapped == Double {
    /// The ABI's form of a number that may be absent.
    package var orNaN: Double { self ?? .nan }
}

extension Array {
    /// Copies an array of pointers to structs, as the ABI passes structs that may grow. Null entries are skipped.
    package init<Struct>(
        copying pointers: UnsafePointer<UnsafePointer<Struct>?>?, count: UInt64,
        _ copy: (UnsafePointer<Struct>) -> Element
    ) {
        self = []
        guard let pointers, let count = Int(exactly: count) else { return }
        for index in 0..<count {
            if let pointer = pointers[index] { append(copy(pointer)) }
        }
    }
}
