import Testing

/// What graders make of targets.
struct TargetTests {
    @Test(arguments: [
        ("numeric", "{}", "#### 19", #"["18", "19"]"#), ("numeric", "{}", "#### 18", "[18, 19]"),
        ("choice", "{}", "Answer: C", #"["B","C"]"#), ("exact", "{}", "New York", #"["NYC","New York"]"#),
        ("regex", #"{"pattern":"result: (\\w+)"}"#, "result: yes", #"["yes","yeah"]"#),
    ]) func `of a list any one is right`(_ name: String, _ parameters: String, _ answer: String, _ target: String)
        throws
    {
        let grader = try GraderUnderTest(name, parameters)
        #expect(try grader.grade(answer, target).score == 1)
        #expect(try grader.grade("result: 7 Answer: 7 #### 7", target).score == 0)
    }

    @Test func `a text that only looks like a list stays whole`() throws {
        let exact = try GraderUnderTest("exact")
        #expect(try exact.grade("[1, 2]", "[1, 2]", fieldsJSON: #"{"target":"[1, 2]"}"#).score == 1)
        #expect(try exact.grade("1", "[1, 2]", fieldsJSON: #"{"target":"[1, 2]"}"#).score == 0)
        #expect(try exact.grade("1", "[1,2]", fieldsJSON: #"{"target":[1,2]}"#).score == 1)
    }

    @Test func `votes of numbers count by their equality`() throws {
        let grader = try GraderUnderTest("numeric")
        let answers = try ["The answer is 50%.", "\\boxed{\\frac{1}{2}}", "#### 0.5"].compactMap {
            try grader.extract($0)?.answer
        }
        #expect(answers == ["50%", "0.5", "0.5"])
        #expect(grader.areSame("50%", "0.5") && grader.areSame("0.5", "50%") && grader.areSame("50", "50%"))
        #expect(!grader.areSame("0.5", "0.51") && !grader.areSame("1/3", "33%"))
        let close = try GraderUnderTest("numeric", #"{"tolerance":0.02}"#)
        #expect(close.areSame("0.5", "0.51") && !close.areSame("0.5", "0.53"))
        let relative = try GraderUnderTest("numeric", #"{"relative_tolerance":0.01}"#)
        #expect(relative.areSame("100", "101") && relative.areSame("101", "100") && !relative.areSame("100", "102"))
    }

    @Test func `what is no number has no vote, and its target is not read`() throws {
        let grader = try GraderUnderTest("numeric")
        for text in ["\\boxed{\\sqrt{18}}", "\\boxed{x>3}", "\\boxed{1331 and 1728}", "The answer is 5 or 6."] {
            #expect(try grader.extract(text) == nil)
            #expect(try grader.grade(text, "18").stage == "not_a_number")
        }
        #expect(grader.expected("\\sqrt{5}") == nil && grader.expected("1,-2") == nil)
        #expect(grader.expected("so 18\n#### 1,800") == "1800")
    }
}
