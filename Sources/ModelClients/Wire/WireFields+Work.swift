internal import Completions
internal import JSON

extension WireFields {
    /// The embedded model's report on its inside: `{"layers": [8, 6], "depth": 0.875, "compute": 0.9, "speculative":
    /// {...}}`.
    static func work(_ reader: inout JSONReader) throws(JSONError) -> ModelWork? {
        var tokens = 0
        var (depth, compute): (Double?, Double?) = (nil, nil)
        var work = ModelWork(tokens: 0, depth: 0, compute: 0)
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "layers":
                try reader.array { (reader) throws(JSONError) in
                    try reader.skip()
                    tokens += 1
                }
            case "depth": depth = try reader.double()
            case "compute": compute = try reader.double()
            case "speculative":
                try reader.object { (reader, key) throws(JSONError) in
                    switch key {
                    case "drafted": work.drafted = max(0, try reader.int() ?? 0)
                    case "accepted": work.accepted = max(0, try reader.int() ?? 0)
                    case "target_calls": work.targetCalls = max(0, try reader.int() ?? 0)
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        guard let depth, let compute, depth.isFinite, compute.isFinite, tokens > 0 else { return nil }
        work.tokens = tokens
        work.depth = depth * Double(tokens)
        work.compute = compute * Double(tokens)
        return work
    }
}
