/// How the embedded model is told to use its inside: where predictions are taken, and how a draft proposes tokens.
package struct ModelInside: Hashable, Sendable {
    package struct Exit: Hashable, Sendable {
        /// `none`, `fixed`, `confidence`, `lambda-q` or `lambda-sample`.
        package var policy: String
        /// In [0, 1].
        package var threshold: Double?
        /// From 1.
        package var layer: Int?

        package init(policy: String, threshold: Double? = nil, layer: Int? = nil) {
            self.policy = policy
            self.threshold = threshold
            self.layer = layer
        }
    }

    package struct Speculative: Hashable, Sendable {
        /// `none`, `fixed` or `adaptive`.
        package var policy: String
        /// Tokens proposed at most.
        package var length: Int?
        /// In [0, 1].
        package var threshold: Double?

        package init(policy: String, length: Int? = nil, threshold: Double? = nil) {
            self.policy = policy
            self.length = length
            self.threshold = threshold
        }
    }

    package var exit: Exit?
    package var speculative: Speculative?

    package init(exit: Exit? = nil, speculative: Speculative? = nil) {
        self.exit = exit
        self.speculative = speculative
    }

    /// One line that differs where samples may differ.
    package var text: String {
        var parts: [String] = []
        if let exit {
            parts.append(
                "exit "
                    + [exit.policy, exit.threshold.map { "\($0)" }, exit.layer.map { "\($0)" }].compactMap(\.self)
                    .joined(separator: " "))
        }
        if let speculative {
            parts.append(
                "speculative "
                    + [speculative.policy, speculative.length.map { "\($0)" }, speculative.threshold.map { "\($0)" }]
                    .compactMap(\.self)
                    .joined(separator: " "))
        }
        return parts.joined(separator: ", ")
    }
}
