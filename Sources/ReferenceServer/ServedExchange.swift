internal import Foundation
internal import NIOCore
internal import ReferenceModel

/// A request's generations and its reply. On the connection's event loop only.
final class ServedExchange: CancellableExchange {
    private let job: CompletionJob
    private let writer: AnswerWriter
    private let reply: Reply
    private var generations: [Generation] = []
    private var ends: [GenerationEnd?]
    /// Tokens that have not been told, of each choice.
    private var untold: [[GeneratedToken]]
    /// Tokens that have been told.
    private var told: [Int]
    private var isCancelled = false

    init(_ job: CompletionJob, _ model: ReferenceModel, _ reply: Reply) {
        self.job = job
        self.reply = reply
        writer = AnswerWriter(
            job: job, model: model, id: (job.isChat ? "chatcmpl-" : "cmpl-") + UUID().uuidString.lowercased(),
            created: Int(Date().timeIntervalSince1970))
        ends = Array(repeating: nil, count: job.requests.count)
        untold = Array(repeating: [], count: job.requests.count)
        told = Array(repeating: 0, count: job.requests.count)
    }

    func start(_ batch: GenerationBatch, on loop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let isStream = job.isStream
        generations = job.requests.enumerated().map { index, request in
            Generation(request) { generation, text, end in
                guard isStream || end != nil else { return }
                // The batch goes on writing to the generation while the loop reads.
                let token = isStream && end != .cancelled ? generation.tokens.last : nil
                loop.execute { bound.value.progress(index, text, token, end) }
            }
        }
        if isStream { reply.beginStream() }
        batch.submit(generations)
    }

    func cancel() {
        isCancelled = true
        for generation in generations { generation.cancel() }
    }

    private func progress(_ index: Int, _ text: [UInt8], _ token: GeneratedToken?, _ end: GenerationEnd?) {
        guard !isCancelled else { return }
        if end == .cancelled { return }
        ends[index] = end
        if let token { untold[index].append(token) }
        let hasNews = !text.isEmpty || end != nil
        if job.isStream, hasNews {
            let isFirst = told[index] == 0
            told[index] += untold[index].count
            reply.sendEvent(
                writer.piece(
                    generations[index], index: index, text: text, new: untold[index][...], count: told[index],
                    isFirst: isFirst, end: end))
            untold[index] = []
        }
        let finished = ends.compactMap(\.self)
        guard finished.count == ends.count else { return }
        if job.isStream {
            if job.includesUsage { reply.sendEvent(writer.closing(generations)) }
            reply.endStream()
        } else {
            reply.send(writer.whole(generations, finished))
        }
    }
}
