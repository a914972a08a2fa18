import Foundation
import Testing

@testable import ModelClients

@Suite struct RedactorTests {
    @Test func `A secret is taken out as it is, URL-encoded, in base64 at any place, and in JSON`() {
        let key = "k+y/\"ä 42 long"
        let redactor = Redactor()
        redactor.add(key)
        let basic = { (user: String) in Data("\(user):\(key)!".utf8).base64EncodedString() }
        let encoded = key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        for text in [
            "key \(key).", "?k=\(encoded)&", "Basic \(basic("u"))", "Basic \(basic("us"))", "Basic \(basic("use"))",
            #"{"k":"k+y/\"ä 42 long"}"#,
        ] {
            let clean = redactor.redact(text)
            #expect(clean.contains("<redacted>"), "\(text)")
            #expect(!clean.contains("42 long") && !clean.contains(encoded))
        }
        #expect(redactor.redact("nothing here") == "nothing here")
    }

    @Test func `A secret shows itself to nobody but who sends it`() throws {
        let secret = Secret("hunter2hunter2")
        #expect("\(secret)" == "<redacted>" && String(reflecting: secret) == "<redacted>")
        var dumped = ""
        dump(["x": secret], to: &dumped)
        #expect(!dumped.contains("hunter"))
        #expect(secret.reveal() == "hunter2hunter2")
        #expect(Redactor.shared.redact("a hunter2hunter2 b") == "a <redacted> b")
    }

    @Test func `Values too short to be keys are left alone`() {
        let redactor = Redactor()
        redactor.add("abc")
        #expect(redactor.redact("abcabc") == "abcabc")
    }
}
