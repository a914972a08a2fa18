import NIOCore

/// The same answer as server-sent events, one at a time: choices interleaved by index; for chat first the role with a
/// null content, as llama.cpp does it; then pieces; then the finish; then, when asked, one usage event for each choice;
/// then `[DONE]` (not for `/completion`).
struct EventStream {
    private let answer: Answer
    /// The same end for every event, written once.
    private let trailer: ByteBuffer
    /// For each choice: how many of its events were written.
    private var steps: [Int]
    private var turn = 0
    private var open: Int
    private var saidDone = false
    /// Pieces written so far, over all choices.
    private(set) var tokensSent = 0

    init(_ answer: Answer) {
        self.answer = answer
        var trailer = ByteBuffer()
        answer.writeTrailer(
            object: answer.request.endpoint == .chat ? "chat.completion.chunk" : "text_completion", to: &trailer)
        self.trailer = trailer
        steps = Array(repeating: 0, count: answer.choices.count)
        open = answer.choices.count
    }

    var choices: Int { answer.choices.count }

    /// Pieces that all choices have together; what `tokensSent` ends at.
    var visibleTokens: Int { answer.choices.reduce(0) { $0 + $1.ends.count } }

    /// The next event with its blank line; `false` when there is none.
    mutating func writeNext(to out: inout ByteBuffer) -> Bool {
        guard open > 0 else {
            guard !saidDone, answer.request.endpoint != .native else { return false }
            saidDone = true
            out.writeStaticString("data: [DONE]\n\n")
            return true
        }
        while steps[turn] < 0 { turn = (turn + 1) % steps.count }
        let index = turn
        turn = (turn + 1) % steps.count
        let choice = answer.choices[index]
        let lead = answer.request.endpoint == .chat ? 1 : 0
        let step = steps[index]
        steps[index] += 1
        out.writeStaticString("data: ")
        if step < lead {
            writeRole(index: index, to: &out)
        } else if step - lead < choice.ends.count {
            writePiece(step - lead, of: choice, index: index, to: &out)
            tokensSent += 1
        } else {
            writeFinish(of: choice, index: index, to: &out)
            steps[index] = -1
            open -= 1
        }
        out.writeStaticString("\n\n")
        return true
    }

    private func writeRole(index: Int, to out: inout ByteBuffer) {
        writeChatStart(finish: "null", index: index, to: &out)
        out.writeStaticString("{\"role\":\"assistant\",\"content\":null}}]")
        out.writeImmutableBuffer(trailer)
        out.writeStaticString("}")
    }

    private func writePiece(_ number: Int, of choice: Generation, index: Int, to out: inout ByteBuffer) {
        let piece = choice.piece(number)
        switch answer.request.endpoint {
        case .chat:
            writeChatStart(finish: "null", index: index, to: &out)
            out.writeStaticString("{")
            out.writeStaticString(
                choice.ends[number] <= choice.apart ? answer.reasoningField ?? "" : "\"content\":")
            out.writeQuoted(piece)
            out.writeStaticString("}")
            if answer.request.alternatives != nil {
                answer.writeNullableLogprobs(of: choice, pieces: number..<number + 1, to: &out)
            }
            out.writeStaticString("}]")
            out.writeImmutableBuffer(trailer)
        case .text:
            out.writeStaticString("{\"choices\":[{\"text\":")
            out.writeQuoted(piece)
            out.writeStaticString(",\"index\":")
            out.writeNumber(index)
            answer.writeNullableLogprobs(of: choice, pieces: number..<number + 1, to: &out)
            out.writeStaticString(",\"finish_reason\":null}]")
            out.writeImmutableBuffer(trailer)
        case .native:
            out.writeStaticString("{\"index\":0,\"content\":")
            out.writeQuoted(piece)
            out.writeStaticString(",\"tokens\":[")
            out.writeNumber(Pieces.id(of: piece))
            out.writeStaticString("],\"stop\":false,\"id_slot\":-1,\"tokens_predicted\":")
            out.writeNumber(number + 1)
            out.writeStaticString(",\"tokens_evaluated\":")
            out.writeNumber(answer.request.question.words)
            if let alternatives = answer.request.alternatives {
                out.writeStaticString(",\"completion_probabilities\":")
                answer.writeLogprobs(of: choice, pieces: number..<number + 1, alternatives: alternatives, to: &out)
            }
        }
        out.writeStaticString("}")
    }

    private func writeFinish(of choice: Generation, index: Int, to out: inout ByteBuffer) {
        let asksUsage = answer.request.includesUsage
        switch answer.request.endpoint {
        case .chat:
            writeChatStart(finish: Answer.name(of: choice.finish), index: index, to: &out)
            out.writeStaticString("{}}]")
            out.writeImmutableBuffer(trailer)
            if asksUsage {
                out.writeStaticString("}\n\ndata: {\"choices\":[]")
                out.writeImmutableBuffer(trailer)
                answer.writeUsage(of: choice, to: &out)
            }
            answer.writeTimings(of: choice, to: &out)
        case .text:
            out.writeStaticString("{\"choices\":[{\"text\":\"\",\"index\":")
            out.writeNumber(index)
            out.writeStaticString(",\"logprobs\":null,\"finish_reason\":")
            out.writeStaticString(Answer.name(of: choice.finish))
            out.writeStaticString("}]")
            out.writeImmutableBuffer(trailer)
            if asksUsage { answer.writeUsage(of: choice, to: &out) }
            answer.writeTimings(of: choice, to: &out)
        case .native:
            out.writeStaticString("{\"index\":0,\"content\":\"\"")
            answer.writeNativeEnd(of: choice, to: &out)
        }
        out.writeStaticString("}")
    }

    private func writeChatStart(finish: StaticString, index: Int, to out: inout ByteBuffer) {
        out.writeStaticString("{\"choices\":[{\"finish_reason\":")
        out.writeStaticString(finish)
        out.writeStaticString(",\"index\":")
        out.writeNumber(index)
        out.writeStaticString(",\"delta\":")
    }
}
