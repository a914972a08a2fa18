import EvalhPluginKit

private let library = Library(
    name: "graders", version: "1.0.0",
    plugins: [
        .grader(ChoiceGrader.self), .grader(ExactGrader.self), .grader(NumericGrader.self), .grader(RegexGrader.self),
        .grader(SubjectGrader.self),
    ])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
