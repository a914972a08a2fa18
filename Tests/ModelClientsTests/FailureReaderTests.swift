import Completions
import Testing

@testable import ModelClients

@Suite struct FailureReaderTests {
    private func failure(_ status: Int, _ body: String, type: String? = nil) -> ModelFailure {
        FailureReader.failure(status: status, contentType: type, body: Array(body.utf8))
    }

    @Test(arguments: [
        (
            429, #"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            ModelFailure.Kind.quota
        ),
        (429, #"{"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}}"#, .rateLimited),
        (429, "", .rateLimited),
        (400, #"{"error":{"message":"m","code":"context_length_exceeded"}}"#, .contextExceeded),
        (400, #"{"message":"This model's maximum context length is 4096 tokens.","code":400}"#, .contextExceeded),
        (401, #"{"error":"who are you"}"#, .authentication), (403, "", .authentication), (404, "not json", .badRequest),
        (501, "", .unsupported), (500, "", .server), (503, "[1,2]", .server), (504, "", .timeout), (402, "", .quota),
        (422, #"{"detail":[{"loc":1}]}"#, .badRequest),
    ])
    func `Kinds follow codes first, then the status`(status: Int, body: String, kind: ModelFailure.Kind) {
        let failure = failure(status, body)
        #expect(failure.kind == kind)
        #expect(failure.httpStatus == status)
    }

    @Test func `An HTML page is named by its title`() {
        let page =
            "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>"
            + String(repeating: "x", count: 9999)
        #expect(failure(502, page, type: "text/html").message == "HTTP 502: an HTML page: 502 Bad Gateway")
        #expect(failure(502, "<html></html>").message == "HTTP 502: an HTML page")
    }

    @Test func `Messages are one bounded line without control characters`() {
        let message = failure(400, "a\u{1B}[31mred\u{7}\n\n\u{202E}b" + String(repeating: " long", count: 10_000))
            .message
        #expect(message.hasPrefix("HTTP 400: a [31mred b long"))
        #expect(message.unicodeScalars.count <= 500)
    }
}
