internal import Completions
internal import Journal

/// Grades that are not there at once: their work, and what they ask of models.
extension Engine {
    /// Records a session that has its grade; has done or asked what another waits for.
    func proceed(_ grading: SessionGrading, _ id: UInt64) throws(JournalError) {
        gradings[id] = nil
        switch grading.pending {
        case nil, .graded: finish(grading.record)
        case .work(let work):
            gradings[id] = grading
            runtime.perform(work, for: id)
        case .ask(let question):
            // A run that has ended asks nothing more: a resumed one finds the session's samples, and asks then.
            guard end == nil else { return }
            gradings[id] = grading
            try ask(question, id, repeatIndex: grading.record.key.repeatIndex)
        }
    }

    /// Takes what a grade's work gave, or what came of its question.
    func advance(_ id: UInt64, _ result: Result<GradingStep, any Error>) throws(JournalError) {
        guard var grading = gradings[id] else { return }
        grading.advance(result)
        try proceed(grading, id)
    }

    private func ask(_ question: GradingQuestion, _ id: UInt64, repeatIndex: Int) throws(JournalError) {
        questions[id] = OpenQuestion(question)
        for (number, asked) in question.requests.enumerated() {
            let model = plan.models[asked.role]
            let place = SamplePlace(
                key: RequestKey(fingerprint: model?.fingerprint ?? asked.role, request: asked.request),
                sample: SampleIndex(repeatIndex: repeatIndex, index: asked.sample))
            let found = try recordedAnswer(asked, place)
            let request = SampleRequest(
                request: UInt64(number), role: asked.role, key: place.key, completionRequest: asked.request,
                samples: [place.sample], stream: false, priority: 0,
                worstCase: .worstCase(of: asked.request, samples: 1, knownPromptTokens: nil, price: model?.price),
                promptBound: asked.request.unlearnedPromptBound, takesParts: false)
            perform(broker.request(request, by: id, at: 0, found: [found]))
        }
    }

    private func recordedAnswer(_ asked: GradingQuestion.Request, _ place: SamplePlace) throws(JournalError)
        -> Completion?
    {
        do {
            if let found = try judged?(asked, place.sample.repeatIndex) { return found }
        } catch {
            throw JournalError(path: journal.path, message: "\(error)")
        }
        return broker.isUnderWay(place) ? nil : try journal.completion(place.key, place.sample)
    }

    /// Takes what a model said to a grade's question.
    func answer(_ input: SessionInput, to id: UInt64) throws(JournalError) {
        switch input {
        case .completed(let request, _, let completion):
            guard questions[id]?.take(Int(request), completion) == true, let open = questions.removeValue(forKey: id)
            else { return }
            try advance(id, Result { try open.question.take(open.answers.compactMap(\.self)) })
        case .failed(let request, _, let failure):
            // What the other requests get is recorded all the same, and there when the session is tried again.
            guard let open = questions.removeValue(forKey: id) else { return }
            try advance(
                id, .failure(GradingFailure(role: open.question.requests[Int(request)].role, failure: failure)))
        case .delta, .reasoning, .cancelled, .timer, .stop: return
        }
    }

    /// Lets go of the sessions that wait for a model's answer to their grader.
    func letQuestionsGo() {
        for id in questions.keys { gradings[id] = nil }
        questions.removeAll()
    }

    /// Lets go of the sessions that wait for their grade: a resumed run finds their samples in the pool and asks again.
    func letGradingsGo() {
        questions.removeAll()
        gradings.removeAll()
        runtime.dropWork()
    }
}

/// A grade's question until all its requests are answered.
struct OpenQuestion {
    let question: GradingQuestion
    private(set) var answers: [Completion?]

    init(_ question: GradingQuestion) {
        self.question = question
        answers = Array(repeating: nil, count: question.requests.count)
    }

    /// - Returns: whether all are answered.
    mutating func take(_ request: Int, _ completion: Completion) -> Bool {
        guard answers.indices.contains(request) else { return false }
        answers[request] = completion
        return !answers.contains { $0 == nil }
    }
}
