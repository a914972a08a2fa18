import Completions
import Engine
import Foundation
import HostGraders
import Journal
import Sandbox

/// The grader `code` as a suite makes it.
struct CodeUnderTest {
    let grader: any HostGrader

    static let environment = ProcessInfo.processInfo.environment

    /// Why programs cannot be run here; `nil`: they can.
    static let refusal: String? = {
        do {
            try CodeUnderTest("{}").grader.check()
            return nil
        } catch {
            return "\(error)"
        }
    }()

    struct NoGrader: Error {}

    init(_ parameters: String = "{}", environment: [String: String] = environment) throws {
        guard let grader = try HostGraders.make("code", parametersJSON: parameters, environment: environment) else {
            throw NoGrader()
        }
        self.grader = grader
    }

    func grade(_ answer: String, _ fieldsJSON: String = CodeUnderTest.double) throws -> Grade {
        let item = JournalItem(ordinal: 0, id: "i", input: "", target: "", fieldsJSON: fieldsJSON)
        return try grader.grade(answer: answer, isUnfinished: false, item: item).waited()
    }

    /// An item of HumanEval's kind.
    static let double = #"""
        {"entry_point": "double", "prompt": "import math\n\ndef half(x):\n    return x / 2\n\ndef double(x):\n    \"\"\" Twice x. \"\"\"\n",
         "test": "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(0) == 0, 'nothing'\n"}
        """#
    /// An item of MBPP's kind.
    static let listed = #"""
        {"test_list": ["assert double(2) == 4", "assert set([double(1)]) == set([two.x])"], "test_setup_code": "two = Two()"}
        """#
}
