import EvalhPluginKit
import Testing

@Suite struct JSONTests {
    @Test func `a value is read and written back`() throws {
        let text = #"{"a":[1,-2.5,true,null],"b":{"c":"x\"\\\nü😀"}}"#
        #expect(try JSONValue(parsing: text).description == text)
    }
}
