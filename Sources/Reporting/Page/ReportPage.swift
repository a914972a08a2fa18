internal import Foundation
internal import Hashing

/// `report.html`: one file without outside references, so that it opens from disk. Its policy lets nothing run but its
/// own one script, and that writes texts as texts only, so nothing a model said can act. Without scripts all but the
/// sessions can still be read.
enum ReportPage {
    /// What stands before the sessions' chunks.
    /// - Parameter isLive: it may ask the server that it comes from how the run goes.
    static func beginning(_ summary: RunSummary, _ contents: PageContents, isLive: Bool = false) -> String {
        PageTemplate.render(
            "beginning",
            [
                "policy": policy + (isLive ? "; connect-src 'self'" : ""), "suite": summary.suite,
                "style": PageAssets.style, "live": isLive, "body": body(summary, contents),
                "data": PageData.json(summary, contents),
            ]) + "\n"
    }

    /// What stands after them.
    static var end: String { "<script>\(PageAssets.script)</script></body></html>\n" }

    /// All that is seen without the script.
    static func body(_ summary: RunSummary, _ contents: PageContents) -> String {
        let sections = sections(summary, contents).filter { !$0.content.isEmpty }
        return PageTemplate.render(
            "body",
            [
                "header": HeaderSection.render(summary),
                "sections": sections.map {
                    ["id": $0.id, "title": $0.title, "short": $0.short, "content": $0.content]
                },
            ])
    }

    private static func sections(_ summary: RunSummary, _ contents: PageContents) -> [PageSection] {
        let names = OracleNames(summary.arms)
        return [
            PageSection("gates", "Gates", GateSection.render(summary, names)),
            PageSection("failures", "Why sessions failed", short: "Failures", FailureSection.render(summary)),
            PageSection(
                "frontier", "Accuracy against cost", short: "Frontier",
                FrontierSection.render(summary.arms, summary.frontier)),
            PageSection("scaling", "Scaling with compute", short: "Scaling", ScalingSection.render(summary)),
            PageSection("arise", "What each step of compute brought", short: "ARISE", AriseSection.render(summary)),
            PageSection(
                "calibration", "Confidence, risk and regret", short: "Calibration", CalibrationSection.render(summary)),
            PageSection("arms", "Arms", ArmsSection.render(summary)),
            PageSection("by", "Results by field", short: "By field", FieldSection.render(summary)),
            PageSection("metrics", "Further metrics", short: "Metrics", MetricsSection.render(summary)),
            PageSection("judging", "Judging", JudgingSection.render(summary)),
            PageSection(
                "comparisons", "Paired comparisons", short: "Comparisons", ComparisonSection.render(summary, names)),
            PageSection(
                "flips", "Flips between two arms", short: "Flips",
                contents.sessions > 0 ? FlipSection.render(summary) : ""),
            PageSection("truncation", "Cut-off answers", short: "Cut off", TruncationSection.render(summary)),
            PageSection("extraction", "How answers were found", short: "Extraction", ExtractionSection.render(summary)),
            PageSection("sessions", "Sessions", SessionSection.render(contents)),
            PageSection("provenance", "Provenance", ProvenanceSection.render(summary)),
        ]
    }

    private static var policy: String {
        let digest = Data(SHA256.hash(PageAssets.script.utf8).bytes).base64EncodedString()
        return
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(digest)'; base-uri 'none'; "
            + "form-action 'none'"
    }
}

/// A part of the page with a heading; left out where it has no content.
struct PageSection {
    var id: String
    var title: String
    /// For the list of sections.
    var short: String
    var content: String

    init(_ id: String, _ title: String, short: String? = nil, _ content: String) {
        self.id = id
        self.title = title
        self.short = short ?? title
        self.content = content
    }
}
