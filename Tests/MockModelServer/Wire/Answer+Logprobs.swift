import NIOCore

extension Answer {
    /// `[{"id":…,"token":…,"bytes":[…],"logprob":…,"top_logprobs":[…]},…]` of the pieces in `range`; the same shape for
    /// chat, completions and (as `completion_probabilities`) `/completion`.
    func writeLogprobs(of choice: Generation, pieces range: Range<Int>, alternatives: Int, to out: inout ByteBuffer) {
        out.writeStaticString("[")
        for index in range {
            if index > range.lowerBound { out.writeStaticString(",") }
            let piece = choice.piece(index)
            let position = choice.position + index
            writeToken(piece, logprob: Confidence.logprob(at: position), to: &out)
            out.writeStaticString(",\"top_logprobs\":[")
            for (rank, other) in Confidence.alternatives(to: piece, at: position, count: alternatives).enumerated() {
                if rank > 0 { out.writeStaticString(",") }
                writeToken(other.piece[...], logprob: other.logprob, to: &out)
                out.writeStaticString("}")
            }
            out.writeStaticString("]}")
        }
        out.writeStaticString("]")
    }

    /// An object that is left open.
    private func writeToken(_ piece: ArraySlice<UInt8>, logprob: Double, to out: inout ByteBuffer) {
        out.writeStaticString("{\"id\":")
        out.writeNumber(Pieces.id(of: piece))
        out.writeStaticString(",\"token\":")
        out.writeQuoted(piece)
        out.writeStaticString(",\"bytes\":[")
        for (index, byte) in piece.enumerated() {
            if index > 0 { out.writeStaticString(",") }
            out.writeNumber(Int(byte))
        }
        out.writeStaticString("],\"logprob\":")
        out.writeNumber(logprob)
    }
}
