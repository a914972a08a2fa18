import Foundation
import Testing

@testable import Exports

@Suite("CSV")
struct CSVTests {
    @Test(
        "texts are quoted as RFC 4180 says and do nothing in a spreadsheet, numbers stay numbers",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            (" padded", "\" padded\""), ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("@x", "'@x"), ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("-5", "-5"), ("+3.5e2", "+3.5e2"), ("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0"), ("-", "'-"),
            ("=,", "\"'=,\""),
            ("-inf", "'-inf"), ("a\0b", "a\u{FFFD}b"), ("a-b", "a-b"),
        ])
    func texts(text: String, cell: String) {
        var line = CSVLine()
        line.add(text)
        line.add(-2)
        line.add(0.5)
        line.add(Double.nan)
        line.add(nil as String?)
        #expect(String(decoding: line.end(), as: UTF8.self) == cell + ",-2,0.5,,\r\n")
    }

    @Test func `sessions.csv is its golden text`() throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try ExportFixture.journal(in: folder)
        let paths = try RunExport.write([.csv], journal: journal, description: ExportFixture.description, to: folder)
        #expect(paths == [folder + "/sessions.csv", folder + "/arms.csv"])
        let lines = try String(contentsOfFile: folder + "/sessions.csv", encoding: .utf8).components(
            separatedBy: "\r\n")
        #expect(
            lines[0].hasSuffix(
                ",samples,cut_off_samples,failed_samples,error_kind,error_message,eflops,told_eflops,service_calls,"
                    + "numbers"))
        #expect(lines[0].hasPrefix("item,arm,level,repeat,score,score_strict,extraction_stage,extracted,finish,"))
        #expect(
            lines[1]
                == "plain:0123,greedy,,0,1,0,last_number,The answer is "
                + "4.,stop,'=complete,0.75,1,100,40,11,3,2,,1.25,0.1,1,0,0,,,,,,"
        )
        let failed = try #require(lines.first { $0.contains("broken") })
        #expect(
            failed == "plain:0123,broken,,0,,,,,stop,'=complete,0.75,1,100,40,11,3,2,0,1.25,,1,0,0,timeout,"
                + "\"'+no answer\n\"\"within\"\" 3 s; ]]> \u{1B}[31m\",,,,")
        let arms = try String(contentsOfFile: folder + "/arms.csv", encoding: .utf8).components(separatedBy: "\r\n")
        #expect(arms.count == 6)
        #expect(arms[2].hasPrefix("vote,samples=2,false,self-consistency,org/model:8b,\"{\"\"samples\"\":2}\",16,32,"))
        #expect(arms[4].hasPrefix("broken,,true,oracle,../..,{},16,32,32,"))
    }
}
