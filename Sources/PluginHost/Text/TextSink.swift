internal import CEvalhPlugin

/// Receives one text from a plugin (`evalh_text_sink`).
final class TextSink {
    private let maximumBytes: Int
    private(set) var text: String?

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// The C side of the sink. Valid until the arena is reset, and while the sink is kept alive.
    func pointer(in arena: StepArena) -> UnsafePointer<evalh_text_sink> {
        let sink = arena.room(for: evalh_text_sink.self)
        sink.initialize(
            to: evalh_text_sink(
                struct_size: UInt32(MemoryLayout<evalh_text_sink>.size), reserved: 0,
                context: Unmanaged.passUnretained(self).toOpaque(),
                set: { sink, text in
                    guard let context = sink?.pointee.context else { return }
                    Unmanaged<TextSink>.fromOpaque(context).takeUnretainedValue().set(text)
                }))
        return UnsafePointer(sink)
    }

    private func set(_ text: evalh_str) {
        self.text = BorrowedText.prefix(text, maximumBytes: maximumBytes)
    }
}
