internal import CReferenceKernels
internal import EvalhStatistics
internal import Foundation
internal import Synchronization

/// Generates for any number of requests at once: in every step each of them moves on by a token, and new ones join
/// between two steps.
///
/// What a request gets does not depend on which others run beside it: rows share no sums, and each has its own random
/// numbers.
package final class GenerationBatch: Sendable {
    private struct Inbox {
        var waiting: [Generation] = []
        var isClosed = false
    }

    private let inbox = Mutex(Inbox())
    private let wake = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// - Parameter sequences: how many run together; further ones wait.
    package init(_ model: ReferenceModel, sequences: Int = 48) throws {
        let draft = try DraftModel(model.file, model.vocabulary, context: ReferenceModel.context)
        let first = Handover(worker: BatchWorker(model, draft: draft, sequences: sequences))
        let thread = Thread { [self] in
            let worker = first.worker
            while let new = next(waits: worker.isIdle) { worker.step(new) }
            worker.cancelAll()
            done.signal()
        }
        thread.name = "evalh.reference"
        thread.start()
    }

    package func submit(_ generations: [Generation]) {
        inbox.withLock { $0.waiting.append(contentsOf: generations) }
        wake.signal()
    }

    /// Cancels what runs and ends the thread.
    package func close() {
        inbox.withLock { $0.isClosed = true }
        wake.signal()
        done.wait()
    }

    /// What was submitted since; `nil`: closed.
    private func next(waits: Bool) -> [Generation]? {
        while true {
            let (new, isClosed) = inbox.withLock { inbox in
                defer { inbox.waiting = [] }
                return (inbox.waiting, inbox.isClosed)
            }
            if isClosed { return nil }
            if !new.isEmpty || !waits { return new }
            wake.wait()
        }
    }

    /// Carries what is not Sendable to the thread that alone uses it.
    private struct Handover: @unchecked Sendable {
        let worker: BatchWorker
    }
}

/// The batch's thread.
final class BatchWorker {
    private let model: ReferenceModel
    private let draft: DraftModel?
    private let sequences: Int
    private let pass: ForwardPass
    private let distribution: TokenDistribution
    private let scratch: FloatBuffer
    private let prefixes = PrefixCache(capacity: 256)
    private var waiting: [Generation] = []
    private var active: [Generation] = []
    private var freeCaches: [KeyValueCache] = []

    init(_ model: ReferenceModel, draft: DraftModel?, sequences: Int) {
        self.model = model
        self.draft = draft
        self.sequences = sequences
        pass = ForwardPass(model.transformer)
        distribution = TokenDistribution(model.vocabulary, count: model.file.header.shape.vocabulary)
        scratch = FloatBuffer(model.file.header.shape.vocabulary)
    }

    var isIdle: Bool { waiting.isEmpty && active.isEmpty }

    func cancelAll() {
        for generation in active + waiting { generation.finish(.cancelled) }
        (active, waiting) = ([], [])
    }

    /// One step of all that runs.
    func step(_ new: [Generation]) {
        waiting.append(contentsOf: new)
        drop()
        admit()
        var rows: [PassRow] = []
        var parts: [(generation: Generation, rows: Range<Int>, proposals: [DraftModel.Proposal])] = []
        var finished: Set<ObjectIdentifier> = []
        func run() {
            guard !rows.isEmpty else { return }
            pass.run(&rows)
            for part in parts {
                let end =
                    part.generation.isPromptDone
                    ? continued(part.generation, rows, part.rows, part.proposals)
                    : prompted(part.generation, rows, part.rows)
                if end { finished.insert(ObjectIdentifier(part.generation)) }
            }
            (rows, parts) = ([], [])
        }
        for generation in active {
            let proposals = generation.isPromptDone ? draft?.propose(for: generation) ?? [] : []
            let own = self.rows(of: generation, proposals, room: ForwardPass.rows)
            if rows.count + own.count > ForwardPass.rows { run() }
            parts.append((generation, rows.count..<rows.count + own.count, proposals))
            rows.append(contentsOf: own)
        }
        run()
        guard !finished.isEmpty else { return }
        for generation in active where finished.contains(ObjectIdentifier(generation)) { release(generation) }
        active.removeAll { finished.contains(ObjectIdentifier($0)) }
    }

    private func release(_ generation: Generation) {
        freeCaches.append(generation.cache)
        generation.heldCache = nil
        generation.draftCache = nil
    }

    private func drop() {
        for generation in active where generation.isCancelled {
            generation.finish(.cancelled)
            release(generation)
        }
        active.removeAll(where: \.isCancelled)
        for generation in waiting where generation.isCancelled { generation.finish(.cancelled) }
        waiting.removeAll(where: \.isCancelled)
    }

    /// Lets waiting ones in. One whose prompt another is just reading waits for it and takes over its keys and values.
    private func admit() {
        var reading = active.filter { !$0.isPromptDone }.map(\.request.prompt)
        var later: [Generation] = []
        for generation in waiting {
            guard active.count < sequences, !reading.contains(generation.request.prompt) else {
                later.append(generation)
                continue
            }
            generation.heldCache =
                freeCaches.popLast() ?? KeyValueCache(model.file.header.shape, capacity: ReferenceModel.context)
            if !generation.request.readsWholePrompt {
                generation.filled = prefixes.fill(generation.cache, for: generation.request.prompt)
            }
            generation.cachedPromptTokens = generation.filled
            if generation.filled < generation.request.prompt.count - 1 { reading.append(generation.request.prompt) }
            active.append(generation)
        }
        waiting = later
    }

    private func rows(of generation: Generation, _ proposals: [DraftModel.Proposal], room: Int) -> [PassRow] {
        let prompt = generation.request.prompt
        if !generation.isPromptDone {
            let end = min(prompt.count, generation.filled + min(room, 32))
            return (generation.filled..<end).map { position in
                let isLast = position == prompt.count - 1
                return PassRow(
                    cache: generation.cache, token: prompt[position], position: position,
                    wantsLogits: isLast || generation.request.scoresPrompt,
                    exit: isLast ? generation.request.exit : .none, random: generation.exitRandom)
            }
        }
        let tokens = [generation.all[generation.filled]] + proposals.map(\.token)
        return tokens.enumerated().map { index, token in
            PassRow(
                cache: generation.cache, token: token, position: generation.filled + index, wantsLogits: true,
                exit: generation.request.exit,
                random: generation.exitRandom)
        }
    }

    /// After rows of a prompt. Returns whether the generation has ended.
    private func prompted(_ generation: Generation, _ rows: [PassRow], _ range: Range<Int>) -> Bool {
        let request = generation.request
        if request.scoresPrompt {
            for row in range where rows[row].position + 1 < request.prompt.count {
                generation.promptScores.append(scored(request.prompt[rows[row].position + 1], row, rows[row], request))
            }
        }
        if request.embeds { for row in range { addState(of: row, to: generation) } }
        generation.filled += range.count
        guard generation.isPromptDone else { return false }
        if !request.embeds { prefixes.keep(request.prompt, generation.cache, model.file.header.shape) }
        guard request.maxTokens > 0 else {
            generation.finish(.length)
            return true
        }
        generation.exitRandom = rows[range.upperBound - 1].random
        return generation.take(sampled(range.upperBound - 1, rows, generation), model.vocabulary) != nil
    }

    /// After rows of generated and proposed tokens. Returns whether the generation has ended.
    private func continued(
        _ generation: Generation, _ rows: [PassRow], _ range: Range<Int>, _ proposals: [DraftModel.Proposal]
    ) -> Bool {
        generation.targetCalls += 1
        generation.exitRandom = rows[range.lowerBound].random
        generation.filled += 1
        if !proposals.isEmpty {
            generation.speculation.rounds += 1
            generation.speculation.drafted += proposals.count
        }
        for (index, proposal) in proposals.enumerated() {
            let row = range.lowerBound + index
            let token = verified(proposal, row, generation)
            if token == proposal.token { generation.speculation.accepted += 1 }
            let end = generation.take(described(token, row, rows[row], generation.request), model.vocabulary)
            guard end == nil else { return true }
            guard token == proposal.token else {
                generation.draftFilled = min(generation.draftFilled, generation.filled)
                return false
            }
            generation.filled += 1
        }
        // The token after the last proposal costs nothing more.
        let end = generation.take(sampled(range.upperBound - 1, rows, generation), model.vocabulary)
        generation.draftFilled = min(generation.draftFilled, generation.filled)
        return end != nil
    }

    private func sampled(_ row: Int, _ rows: [PassRow], _ generation: Generation) -> GeneratedToken {
        let count = model.file.header.shape.vocabulary
        scratch.pointer.update(from: pass.logits(row), count: count)
        distribution.mask(scratch.pointer)
        if generation.request.rule.temperature == 0 {
            return described(TokenDistribution.argmax(scratch.pointer, count), row, rows[row], generation.request)
        }
        distribution.apply(generation.request.rule, to: scratch.pointer)
        return described(
            distribution.draw(scratch.pointer, unit: generation.random.unit()), row, rows[row], generation.request)
    }

    /// The proposed token with probability min(1, p/q), else one from the normalised positive part of p − q: what comes
    /// out is distributed as p (Leviathan et al. 2023, arXiv:2211.17192, §2.3).
    private func verified(_ proposal: DraftModel.Proposal, _ row: Int, _ generation: Generation) -> Int {
        let count = model.file.header.shape.vocabulary
        let (p, q) = (scratch.pointer, proposal.probabilities.pointer)
        p.update(from: pass.logits(row), count: count)
        distribution.mask(p)
        distribution.apply(generation.request.rule, to: p)
        return Speculation.verify(proposal.token, p: p, q: q, count: count, &generation.random)
    }

    /// A token of a prompt, by the prediction before it.
    private func scored(_ token: Int, _ row: Int, _ pass: PassRow, _ request: GenerationRequest) -> GeneratedToken {
        var request = request
        request.topLogprobs = request.promptLogprobs ?? request.topLogprobs
        var result = described(token, row, pass, request)
        let logits = self.pass.logits(row)
        result.rank = 1 + (0..<model.file.header.shape.vocabulary).count { logits[$0] > logits[token] }
        return result
    }

    private func addState(of row: Int, to generation: Generation) {
        let width = model.file.header.shape.width
        if generation.meanState.isEmpty { generation.meanState = Array(repeating: 0, count: width) }
        let share = 1 / Float(generation.request.prompt.count)
        pass.withFinalState(row) { state in
            for index in 0..<width { generation.meanState[index] += share * state[index] }
        }
    }

    private func described(_ token: Int, _ row: Int, _ pass: PassRow, _ request: GenerationRequest) -> GeneratedToken {
        var result = GeneratedToken(
            token: token, logprob: 0, alternatives: [], layers: pass.layersUsed, compute: pass.compute)
        let logits = self.pass.logits(row)
        if request.predicts, model.predicts { result.prediction = prediction(logits) }
        if let number = request.topLogprobs {
            distribution.mask(logits)
            let sum = distribution.logSum(logits)
            // What is never sampled may stand in a prompt; JSON has no infinity.
            result.logprob = max(Double(logits[token] - sum), -9999)
            result.alternatives = distribution.best(number, of: logits).map { ($0, Double(logits[$0] - sum)) }
        }
        return result
    }

    /// The joint distribution of reward and remaining length in the reserved logits (ZIP-RC, Manvi et al. 2025,
    /// arXiv:2512.01457, §3).
    private func prediction(_ logits: UnsafePointer<Float>) -> (correct: Double, remaining: Double) {
        let header = model.file.header
        let cells = FloatBuffer(header.rewards * header.lengths.count)
        var (correct, remaining) = (0.0, 0.0)
        cells.use { shares in
            shares.update(from: logits + header.reserved, count: cells.count)
            _ = evalh_softmax(shares, cells.count, 1)
            for reward in 0..<header.rewards {
                for (bin, tokens) in header.lengths.enumerated() {
                    let share = Double(shares[bin + header.lengths.count * reward])
                    correct += share * Double(reward) / Double(max(1, header.rewards - 1))
                    remaining += share * tokens
                }
            }
        }
        return (correct, remaining)
    }
}
