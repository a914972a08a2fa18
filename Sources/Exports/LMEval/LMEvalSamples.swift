internal import Files
internal import Hashing
internal import JSON
internal import Reporting

/// A task's samples: two lines an item with at least one graded session, one a filter; repeats stand in one line, as
/// lm-eval has them.
final class LMEvalSamples {
    /// What lm-eval's regular expression filters write where nothing was found.
    static let nothing = "[invalid]"
    static let filters = ["flexible-extract", "strict-match"]

    let path: String
    /// Items written.
    private(set) var documents = 0
    private let file: WholeFile
    private let repeats: Int
    private var hash = SHA256()
    private var pending: [ExportedSession] = []
    private var line = JSONWriter()

    init(_ path: String, repeats: Int) throws {
        self.path = path
        self.repeats = repeats
        file = try WholeFile(path)
    }

    func add(_ session: ExportedSession) throws {
        if let first = pending.first, first.item !== session.item { try flush() }
        pending.append(session)
    }

    /// Puts the file in place and gives lm-eval's hash of the task.
    func finish() throws -> String {
        try flush()
        try file.finish()
        return hash.finalize().hex
    }

    private func flush() throws {
        defer { pending.removeAll(keepingCapacity: true) }
        let graded = pending.filter { $0.record.error == nil && $0.record.score != nil }
        guard let item = graded.first?.item else { return }
        documents += 1
        let hashes = [PythonJSON.indented(item.document), item.item.input, item.item.target].map {
            SHA256.hash($0.utf8).hex
        }
        for filter in Self.filters {
            for part in hashes { hash.update(part.utf8) }
            write(item, graded, filter, hashes)
            try file.write(line.take() + [UInt8(ascii: "\n")])
        }
    }

    private func write(_ item: ExportedItem, _ graded: [ExportedSession], _ filter: String, _ hashes: [String]) {
        let isStrict = filter == Self.filters[1]
        let scores = graded.compactMap { isStrict ? $0.record.strictScore ?? $0.record.score : $0.record.score }
        line.object { json in
            json.field("doc_id", item.item.ordinal)
            json.field("doc", item.document)
            json.field("target", item.item.target)
            json.field("arguments") { json in
                json.object { json in
                    json.field("gen_args_0") { json in
                        json.object { json in
                            json.field("arg_0", item.item.input)
                            json.field("arg_1") { $0.object { $0.field("until") { $0.array { _ in } } } }
                        }
                    }
                }
            }
            json.field("resps") { json in
                json.array { json in
                    json.array { json in for session in graded { json.add(session.record.answer ?? "") } }
                }
            }
            json.field("filtered_resps") { json in
                json.array { json in
                    let found = graded.map { $0.record.extracted ?? Self.nothing }
                    if repeats > 1 {
                        json.array { json in for text in found { json.add(text) } }
                    } else {
                        json.add(found.first)
                    }
                }
            }
            json.field("filter", filter)
            json.field("metrics") { $0.array { $0.add("acc") } }
            for (name, hash) in zip(["doc_hash", "prompt_hash", "target_hash"], hashes) { json.field(name, hash) }
            json.field("acc", scores.reduce(0, +) / Double(scores.count))
            json.field("evalh") { json in
                json.object { json in
                    json.field("item", item.item.id)
                    json.field("graded", graded.count)
                    json.field("errors", pending.count - graded.count)
                    json.field("completion_tokens", pending.reduce(0) { $0 + $1.record.measure.usage.completionTokens })
                    json.field("total_tokens", pending.reduce(0) { $0 + $1.record.measure.usage.totalTokens })
                }
            }
        }
    }
}

extension ExportedItem {
    /// The item as lm-eval's document: an object.
    var document: JSONValue { fields.isObject ? fields : .object([]) }
}
