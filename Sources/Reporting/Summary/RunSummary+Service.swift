extension RunSummary {
    /// Sessions that answered although samples they asked for had failed: neither errors nor silently whole.
    package var servedInPart: Int { arms.reduce(0) { $0 + $1.servedInPart } }

    /// The same for people, with the number of sessions; `nil`: there are none.
    package var serviceText: String? {
        guard servedInPart > 0 else { return nil }
        let all = arms.reduce(0) { $0 + $1.sessions }
        return "\(servedInPart) of \(all) sessions answered on fewer samples than asked, because requests failed"
    }
}

extension RunSummary.Arm {
    /// For the column of errors: "2", or "2, 5 in part", or "2, 7 left out".
    package var errorsText: String {
        "\(errors)" + (servedInPart > 0 ? ", \(servedInPart) in part" : "")
            + (leftOut.map { ", " + ($0.sessions.map { "\($0) " } ?? "") + "left out" } ?? "")
    }
}
