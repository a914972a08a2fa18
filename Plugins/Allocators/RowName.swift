import EvalhPluginKit

/// A row as suites name it: `arm`, `arm@4` (the level whose only value is 4) or `arm@{"samples":4}`.
enum RowName {
    static func find(_ name: String, in allocation: Allocation, parameter: String) throws -> Int {
        let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
        let places = allocation.rows.indices.filter { index in
            let row = allocation.rows[index]
            guard row.arm == parts.first else { return false }
            guard parts.count == 2 else { return true }
            return row.level == parts[1] || onlyValue(row.level) == parts[1]
        }
        guard places.count == 1 else {
            let known = allocation.rows.map {
                $0.level.isEmpty ? $0.arm : "\($0.arm)@\(onlyValue($0.level) ?? $0.level)"
            }
            let why = places.isEmpty ? "names no row" : "names \(places.count) rows: say which level"
            throw ParameterError("\(parameter): `\(name)` \(why); there are \(known.joined(separator: ", "))")
        }
        return places[0]
    }

    private static func onlyValue(_ level: String) -> String? {
        guard case .object(let members)? = try? JSONValue(parsing: level), members.count == 1 else { return nil }
        return members[0].value.string ?? members[0].value.description
    }
}
