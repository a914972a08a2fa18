import Foundation
import JSON
import Testing

@testable import Services

/// A server that others wrote, from PyPI.
@Suite(.enabled(if: PyPIEnvironment.python != nil, "PyPI cannot be reached: no real MCP server to talk to"))
struct RealMCPServerTests {
    @Test func `mcp-server-time tells what it offers and converts times`() throws {
        let bench = try Bench()
        let python = try #require(PyPIEnvironment.python)
        let settings = ProgramSettings(
            name: "clock", command: [python, "-m", "mcp_server_time", "--local-timezone", "UTC"], folder: bench.folder)
        let service = try MCPService(settings, tools: ["convert_time"], clientVersion: "1.0.0")
        defer { service.close() }
        #expect(service.description["server"]?.string == "mcp-time")
        let tool = try #require(service.description["tools"]?.elements?.first)
        #expect(tool["input_schema"]?["required"]?.elements?.count == 3)
        let result = try service.ask(
            #"""
            {"tool": "convert_time", "arguments":
             {"source_timezone": "Asia/Tokyo", "time": "09:00", "target_timezone": "Asia/Kolkata"}}
            """#)
        #expect(!result.isError)
        let answer = try JSONValue(parsing: result.value["text"]?.string ?? "")
        #expect(answer["time_difference"]?.string == "-3.5h")
        let wrong = try service.ask(
            #"{"tool": "convert_time", "arguments": {"source_timezone": "Mars", "time": "x", "target_timezone": "UTC"}}"#
        )
        #expect(wrong.isError)
    }
}
