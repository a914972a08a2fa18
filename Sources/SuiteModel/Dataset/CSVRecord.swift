/// Fields of one CSV record (RFC 4180): separated by commas, quoted fields with doubled quotation marks.
enum CSVRecord {
    struct Failure: Error {
        var offset: Int
        var message: String
    }

    static func fields(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [String] {
        let quote = UInt8(ascii: "\"")
        let comma = UInt8(ascii: ",")
        var fields: [String] = []
        var index = bytes.startIndex
        while true {
            var field: [UInt8] = []
            if index < bytes.endIndex, bytes[index] == quote {
                let opening = index
                index += 1
                var isClosed = false
                while index < bytes.endIndex {
                    if bytes[index] != quote {
                        field.append(bytes[index])
                        index += 1
                    } else if index + 1 < bytes.endIndex, bytes[index + 1] == quote {
                        field.append(quote)
                        index += 2
                    } else {
                        isClosed = true
                        index += 1
                        break
                    }
                }
                guard isClosed else {
                    throw Failure(offset: opening - bytes.startIndex, message: "this quotation mark is not closed")
                }
                guard index == bytes.endIndex || bytes[index] == comma else {
                    throw Failure(offset: index - bytes.startIndex, message: "text behind a closing quotation mark")
                }
            } else {
                let end = bytes[index...].firstIndex(of: comma) ?? bytes.endIndex
                field = Array(bytes[index..<end])
                if let stray = field.firstIndex(of: quote) {
                    throw Failure(
                        offset: index + stray - bytes.startIndex,
                        message: "a quotation mark inside of a field; quote the field and double it")
                }
                index = end
            }
            guard let text = String(validating: field, as: UTF8.self) else {
                throw Failure(
                    offset: index - field.count - bytes.startIndex + (firstInvalidUTF8(field) ?? 0),
                    message: "not UTF-8")
            }
            fields.append(text)
            guard index < bytes.endIndex else { return fields }
            index += 1
        }
    }
}
