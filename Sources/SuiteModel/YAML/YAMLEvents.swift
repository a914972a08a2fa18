internal import CYAML

/// One event of libyaml, copied out of its memory.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        case scalar(text: String, style: YAMLNode.Style)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var span: SourceSpan
}

/// libyaml's event parser over a text in memory. Pointers don't leave this type.
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>
    private let file: String
    private let firstColumn: Int
    private let isReady: Bool

    /// - Parameters:
    ///   - bytes: valid UTF-8.
    ///   - firstColumn: the column at which the first line begins, for texts that stand in a longer line.
    init(bytes: some Collection<UInt8>, file: String, firstColumn: Int) {
        self.file = file
        self.firstColumn = firstColumn
        // libyaml keeps pointing into the text it reads, so it gets a copy that lives as long as the parser.
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        parser = .allocate(capacity: 1)
        isReady = yaml_parser_initialize(parser) == 1
        if isReady {
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
        }
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
        text.deallocate()
    }

    /// The next event; throws libyaml's syntax errors with their place.
    func next() throws(Diagnostic) -> YAMLEvent {
        guard isReady else { throw Diagnostic(at: .file(file), "out of memory while reading YAML") }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        var result = YAMLEvent(kind: .streamEnd, span: span(event.start_mark, event.end_mark))
        switch event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_ALIAS_EVENT: result.kind = .alias(string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = scalar.value.map {
                String(decoding: UnsafeBufferPointer(start: $0, count: scalar.length), as: UTF8.self)
            }
            result.kind = .scalar(text: text ?? "", style: style(scalar.style))
            result.anchor = string(scalar.anchor)
            result.tag = string(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.anchor = string(event.data.sequence_start.anchor)
            result.tag = string(event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.anchor = string(event.data.mapping_start.anchor)
            result.tag = string(event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        default: result.kind = .streamEnd
        }
        return result
    }

    private func failure() -> Diagnostic {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "not YAML"
        if state.error == YAML_READER_ERROR {
            // Reader errors carry a byte offset instead of a mark.
            let place = SourceText(name: file, bytes: Array(text)).span(ofByte: state.problem_offset)
            return Diagnostic(at: shifted(place), "\(problem) in the YAML text")
        }
        let context = state.context.map { " (\(String(cString: $0)), line \(state.context_mark.line + 1))" } ?? ""
        let tab =
            problem.contains("cannot start any token")
            ? "tabs cannot indent YAML; quote texts that begin with @, ` or %" : nil
        return Diagnostic(at: clamped(span(state.problem_mark, state.problem_mark)), "\(problem)\(context)", hint: tab)
    }

    /// A text that ends too early is faulted behind its last line; its last character is the better place.
    private func clamped(_ span: SourceSpan) -> SourceSpan {
        guard var end = text.lastIndex(where: { $0 > 0x20 }) else { return span }
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        let last = shifted(SourceText(name: file, bytes: Array(text)).span(ofByte: end))
        return (span.line, span.column) > (last.line, last.column) ? last : span
    }

    private func span(_ start: yaml_mark_t, _ end: yaml_mark_t) -> SourceSpan {
        shifted(
            SourceSpan(
                file: file, line: Int(start.line) + 1, column: Int(start.column) + 1, endLine: Int(end.line) + 1,
                endColumn: Int(end.column) + 1))
    }

    private func shifted(_ span: SourceSpan) -> SourceSpan {
        var span = span
        if span.line == 1 { span.column += firstColumn - 1 }
        if span.endLine == 1 { span.endColumn += firstColumn - 1 }
        return span
    }

    private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func style(_ style: yaml_scalar_style_t) -> YAMLNode.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}
