extension DatasetSpec {
    /// SHA-256 of the file's bytes, fetched first where it comes from an address and compared with the suite's.
    package func fileDigest(cache: DatasetCache, limits: DatasetLimits = DatasetLimits()) throws(DatasetFailure)
        -> String
    {
        do throws(Diagnostic) {
            let path = try cache.file(for: self, limit: limits.downloadBytes)
            if let sha256 { return sha256 }
            return try FileBytes.sha256(of: path)
        } catch {
            throw DatasetFailure(diagnostics: [error])
        }
    }
}
