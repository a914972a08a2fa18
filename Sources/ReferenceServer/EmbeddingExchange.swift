internal import NIOCore
internal import ReferenceModel

/// A request for vectors and its reply. On the connection's event loop only.
final class EmbeddingExchange: CancellableExchange {
    private let job: EmbeddingJob
    private let model: ReferenceModel
    private let reply: Reply
    private var generations: [Generation] = []
    private var left: Int
    private var isCancelled = false

    init(_ job: EmbeddingJob, _ model: ReferenceModel, _ reply: Reply) {
        self.job = job
        self.model = model
        self.reply = reply
        left = job.prompts.count
    }

    func start(_ batch: GenerationBatch, on loop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        generations = job.prompts.map { prompt in
            Generation(GenerationRequest(prompt: prompt, maxTokens: 0, seed: 0, embeds: true)) { _, _, end in
                guard end != nil else { return }
                loop.execute { bound.value.ended() }
            }
        }
        batch.submit(generations)
    }

    func cancel() {
        isCancelled = true
        for generation in generations { generation.cancel() }
    }

    private func ended() {
        left -= 1
        guard left == 0, !isCancelled else { return }
        reply.send(EmbeddingReply(generations, job, model))
    }
}
