/// What a data set may cost.
package struct DatasetLimits: Hashable, Sendable {
    /// Bytes of one line or CSV record.
    package var rowBytes = 16 << 20
    /// Bytes of a JSON file, which is read as a whole.
    package var jsonBytes = 512 << 20
    /// Bytes of a download.
    package var downloadBytes = 1 << 30
    /// Mistakes shown.
    package var shownMistakes = 20

    package init() {}
}
