import EvalhPluginKit
import Testing

@testable import MyPlugin

@Suite struct WordCountTests {
    private let service = WordCount(parameters: NoParameters())

    @Test func `counts words`() throws {
        let payload = try JSONValue(parsing: #"{"text": " one  two\nthree \"four\" "}"#)
        #expect(try service.call(payload).text == #"{"words":4}"#)
    }

    @Test func `a payload without a text is an error of the call`() throws {
        let payload = try JSONValue(parsing: "{}")
        #expect(throws: ServiceError.self) { try service.call(payload) }
    }
}
