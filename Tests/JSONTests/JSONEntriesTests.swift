import EvalhPluginKit
import JSON
import Journal
import SuiteModel
import Testing

@testable import Exports
@testable import ModelClients

/// The same values through every door by which JSON comes in.
@Suite struct JSONEntriesTests {
    struct Verdict: Sendable, CustomTestStringConvertible {
        var value: String
        /// Data sets, plugins and exports.
        var strict: Bool
        /// What a server says, of which only known fields are looked at.
        var wire: Bool
        /// What a program says, whose numbers must be doubles.
        var command: Bool

        init(_ value: String, strict: Bool, wire: Bool, command: Bool) {
            (self.value, self.strict, self.wire, self.command) = (value, strict, wire, command)
        }
        init(_ value: String, everywhere verdict: Bool) {
            self.init(value, strict: verdict, wire: verdict, command: verdict)
        }
        var testDescription: String { value }
    }

    static let verdicts = [
        Verdict("1", everywhere: true), Verdict("2.5", everywhere: true), Verdict("-0", everywhere: true),
        Verdict("9007199254740993", everywhere: true), Verdict("\"\\ud83d\"", everywhere: true),
        Verdict("[{},[],null,true]", everywhere: true), Verdict(#"{"b":{"a":1}}"#, everywhere: true),
        Verdict("1e400", strict: true, wire: true, command: false),
        Verdict(#"{"b":1,"b":2}"#, strict: false, wire: true, command: false),
        Verdict("\"\n\"", strict: false, wire: true, command: true),
        Verdict("01", everywhere: false), Verdict("1.", everywhere: false), Verdict("+1", everywhere: false),
        Verdict("NaN", everywhere: false), Verdict("1}", everywhere: false), Verdict("", everywhere: false),
        Verdict("[1,]", everywhere: false), Verdict("{b:1}", everywhere: false), Verdict("'b'", everywhere: false),
        Verdict("[1", everywhere: false), Verdict("\"b", everywhere: false),
        Verdict(String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000), everywhere: false),
    ]

    @Test(arguments: verdicts) func `Every entry comes to its verdict`(_ verdict: Verdict) throws {
        let fields = "{\"a\":\(verdict.value)}"
        #expect(((try? JSONValue(parsing: fields)) != nil) == verdict.strict)
        let item = try? DatasetItem(ordinal: 0, id: "i", input: "", target: "", fieldsJSON: fields)
        #expect((item != nil) == verdict.strict, "suite")
        let field = Item(id: "i", input: "", messages: [], fieldsJSON: fields).field("a")
        #expect((field != nil) == verdict.strict, "kit")
        let exported = ExportedItem(JournalItem(ordinal: 0, id: "i", input: "", target: "", fieldsJSON: fields))
        #expect((exported.fields != .null) == verdict.strict, "exports")
        let answer = try? WireFormat.chat.read(Array("{\"choices\":[],\"a\":\(verdict.value)}".utf8))
        #expect((answer != nil) == verdict.wire, "wire")
    }

    @Test(arguments: verdicts.filter { !$0.value.contains("\n") })
    func `A program's last line comes to its verdict`(_ verdict: Verdict) throws {
        let line = "{\"score\":1,\"cost\":1,\"a\":\(verdict.value)}\n"
        let answer = try? CommandAnswer(output: Array(line.utf8))
        #expect((answer != nil) == verdict.command)
    }
}
