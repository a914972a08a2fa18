internal import Completions
internal import Foundation
internal import GRDB

/// A run's durable record and the sample pool in it: one SQLite file in WAL mode. What `write` has returned from
/// survives a kill of the process and, with `synchronous = FULL`, of the machine.
///
/// One writer: the engine. Readers open the same file with `Journal(reading:)`, also while a run goes on. Nothing here
/// holds all sessions or completions in memory.
package final class Journal: @unchecked Sendable {
    // Sendable: `queue` serialises every access, and the writer's caches are touched inside it only.
    let queue: DatabaseQueue
    package let path: String
    /// Somebody else may be writing: what is not there now may be there the next time.
    let isReadOnly: Bool
    /// 0: known not to be there.
    var requestIDs = IDCache<RequestKey>(limit: 4096)
    var textIDs = IDCache<[UInt8]>(limit: 4096)
    /// `nil`: not made yet.
    var requestFilter: RequestFilter?
    /// Items read together with the one asked for, by their ordinals.
    var itemsAhead: [JournalItem] = []
    /// No session of a later item is there; `nil`: not known yet.
    var lastItemWithSession: Int?
    /// The sampling written last with its JSON: most requests of a run have the same.
    var lastSampling: (value: SamplingParameters, json: String)?
    /// By the address of their literal.
    var statements: [UnsafePointer<UInt8>: PreparedStatement] = [:]
    var columnStatements: [ColumnStatement: PreparedStatement] = [:]

    /// A new journal at `path`, which must not exist.
    package convenience init(creating path: String) throws(JournalError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw JournalError(path: path, message: "there is a journal already; use `evalh resume`")
        }
        try self.init(path: path, isReadOnly: false)
        try migrate()
    }

    /// An existing journal, for going on with its run. One of an older format is brought to the newest.
    package convenience init(resuming path: String) throws(JournalError) {
        try self.init(existing: path, isReadOnly: false)
    }

    /// An existing journal, for reading. The file stays as it is, also one of an older format.
    package convenience init(reading path: String) throws(JournalError) {
        try self.init(existing: path, isReadOnly: true)
    }

    private convenience init(existing path: String, isReadOnly: Bool) throws(JournalError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw JournalError(path: path, message: "no journal here; name a run's folder, such as reports/gsm/latest")
        }
        try self.init(path: path, isReadOnly: isReadOnly)
        let version = try access { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
        guard version > 0 else {
            throw JournalError(path: path, message: "this is no journal, or one whose run was ended before it began")
        }
        guard version <= JournalFormat.newest else {
            throw JournalError(
                path: path,
                message:
                    "the journal has format \(version), and this evalh knows formats 1 to \(JournalFormat.newest); "
                    + "use the evalh that wrote it, or a newer one")
        }
        guard version < JournalFormat.newest else { return }
        if isReadOnly {
            try access { db in try JournalFormat.view(version, db) }
        } else {
            try access { db in try JournalFormat.noteFormat(version, db) }
            try migrate()
        }
    }

    private func migrate() throws(JournalError) {
        try guarded { try JournalFormat.migrator.migrate(queue) }
    }

    private init(path: String, isReadOnly: Bool) throws(JournalError) {
        self.path = path
        self.isReadOnly = isReadOnly
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { db in
            if !isReadOnly {
                try db.execute(
                    sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000")
            }
            try db.execute(sql: "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw JournalError(path: path, message: "\(error)")
        }
    }

    /// Runs `body` on the database and gives its errors the journal's form.
    func access<T>(_ body: (Database) throws -> T) throws(JournalError) -> T {
        try guarded { try queue.inDatabase(body) }
    }

    private func guarded<T>(_ body: () throws -> T) throws(JournalError) -> T {
        do {
            return try body()
        } catch let error as JournalError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL || error.resultCode == .SQLITE_IOERR {
            throw JournalError(
                path: path, message: "\(error.message ?? "disk error"); free some space, then `evalh resume`")
        } catch {
            throw JournalError(path: path, message: "\(error)")
        }
    }

    /// Folds the write-ahead log into the file, so that the file alone can be copied.
    package func close() throws(JournalError) {
        try access { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }
}

/// Row ids of what was written lately; forgets everything when full, which costs one query each.
struct IDCache<Key: Hashable> {
    let limit: Int
    private var ids: [Key: Int64] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    subscript(key: Key) -> Int64? {
        get { ids[key] }
        set {
            if ids.count >= limit { ids.removeAll(keepingCapacity: true) }
            ids[key] = newValue
        }
    }

    mutating func removeAll() { ids.removeAll() }
}
