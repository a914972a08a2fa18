import EvalhPluginKit
import Testing

@testable import MyPlugin

@Suite struct LastWordTests {
    private let grader = LastWord(parameters: NoParameters())

    private func score(_ answer: String, _ finish: Finish = .stop, target: String) -> Double {
        grader.grade(GradeInput(answer: answer, finish: finish, target: target)).score
    }

    @Test func `compares the last words`() {
        #expect(score("The capital is Paris.", target: "paris") == 1)
        #expect(score("It is Rome", target: "paris") == 0)
        #expect(score("", target: "") == 0)
    }

    @Test func `what was cut off is never right`() {
        #expect(score("It is Paris", .length, target: "paris") == 0)
    }

    @Test func `finds the answer that votes are counted by`() {
        #expect(grader.extract("so it is\n PARIS.\n")?.answer == "paris")
        #expect(grader.extract(" ") == nil)
    }
}
