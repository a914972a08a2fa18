import Testing

@testable import ModelClients

@Suite struct TokenPlacesTests {
    private func find(
        _ tokens: [String?], _ context: String, _ continuation: String, isWhole: Bool = true, generated: [Int] = [0]
    ) -> TokenPlaces? {
        TokenPlaces.find(
            tokens, in: context + continuation, boundary: context.utf8.count, isWhole: isWhole, generated: generated)
    }

    @Test func `A continuation begins where its text does, and not where a count of tokens would say`() throws {
        let places = try #require(find(["The", " cat", " sat", "."], "The cat", " sat."))
        #expect(places.scored == 2..<4 && places.overlap == 0)
    }

    @Test func `A token across the boundary belongs to the continuation, and says how much of the context it has`()
        throws
    {
        // Alone the context would be "un", "bel", of two tokens; the whole is "un", "believ", "able".
        let places = try #require(find(["un", "believ", "able"], "unbel", "ievable"))
        #expect(places.scored == 1..<3 && places.overlap == 3)
        // Joined from the very beginning: nothing of the context is left as a context.
        let all = try #require(find(["unbelievable"], "unbel", "ievable"))
        #expect(all.scored == 0..<1 && all.overlap == 5)
    }

    @Test func `Marks before a text are no part of it`() throws {
        for marks in [["<s>"], [""], ["<|begin_of_text|>", "<|x|>"], [nil]] {
            let places = try #require(find(marks + ["The", " cat", " sat"], "The cat", " sat"))
            #expect(places.scored == marks.count + 2..<marks.count + 3, "\(marks)")
        }
        // But nothing that is left out within it is one.
        #expect(find(["The", " dog", " sat"], "The cat", " sat") == nil)
        #expect(find(["cat", " sat"], "The cat", " sat") == nil)
    }

    @Test func `Blanks that a tokenizer's single words lack are found again`() throws {
        // SentencePiece, decoded token by token: "▁The ▁cat ▁sat" without the blanks.
        let places = try #require(find(["<s>", "The", "cat", "sat", "."], "The cat", " sat."))
        #expect(places.scored == 3..<5 && places.overlap == 0)
        // The blank is the context's; the token is "▁sat" all the same.
        let blank = try #require(find(["<s>", "The", "cat", "sat", "."], "The cat ", "sat."))
        #expect(blank.scored == 3..<5 && blank.overlap == 1)
        // A blank that is put before the first word.
        let first = try #require(find([" The", " cat", " sat"], "The cat", " sat"))
        #expect(first.scored == 2..<3)
    }

    @Test func `Parts of characters are followed through`() throws {
        // "東" in three tokens, "é" in two, each spelled as U+FFFD.
        let places = try #require(
            find(["caf", "\u{FFFD}", "\u{FFFD}", " ", "\u{FFFD}", "\u{FFFD}", "\u{FFFD}", "!"], "café ", "東!"))
        #expect(places.scored == 4..<8 && places.overlap == 0)
        // Blank and part of a character in one token.
        let joined = try #require(find(["a", " \u{FFFD}", "\u{FFFD}"], "a", " 東"))
        #expect(joined.scored == 1..<3)
        // A character of the text that is U+FFFD itself.
        let real = try #require(find(["a", "\u{FFFD}", "b"], "a", "\u{FFFD}b"))
        #expect(real.scored == 1..<3)
    }

    @Test func `A boundary that could be at several tokens is none`() {
        func pieces(_ count: Int) -> [String?] { [String?](repeating: "\u{FFFD}", count: count) }
        // Two characters of three bytes: with five pieces one has two of them, and nobody says which.
        #expect(find(pieces(5), "東", "京") == nil)
        #expect(find(pieces(4), "東", "京")?.scored == 2..<4)
        #expect(find(pieces(6), "東", "京")?.scored == 3..<6)
        // Fewer than that would be whole characters, which are spelled as they are.
        #expect(find(pieces(3), "東", "京") == nil)
    }

    @Test func `A long text of single bytes is followed through`() throws {
        let text = String(repeating: "東京は", count: 40)
        let pieces = [String?](repeating: "\u{FFFD}", count: text.utf8.count)
        // Nothing stands behind the boundary.
        #expect(find(pieces, text, "") == nil)
        let split = text.index(text.startIndex, offsetBy: 60)
        let found = try #require(find(pieces, String(text[..<split]), String(text[split...])))
        #expect(found.scored == 180..<360)
    }

    @Test func `Of a chat's prompt only the end is known`() throws {
        let template = ["<|im_start|>", "user", "\n", "Hi", "<|im_end|>", "\n", "<|im_start|>", "assistant", "\n"]
        let places = try #require(find(template + ["It", " is", " so"], "It", " is so", isWhole: false))
        #expect(places.scored == template.count + 1..<template.count + 3 && places.overlap == 0)
        let alone = try #require(find(template + ["It", " is"], "", "It is", isWhole: false))
        #expect(alone.scored == template.count..<template.count + 2 && alone.overlap == 0)
        // The template's line end and the text's in one token.
        let merged = try #require(find(["assistant", "\n\n", "It"], "", "\nIt", isWhole: false))
        #expect(merged.scored == 1..<3 && merged.overlap == 1)
        // A template that cuts the blank at the end.
        #expect(find(template + ["It", " is"], "It", " is ", isWhole: false) == nil)
        #expect(find(["is"], "It ", "is", isWhole: false) == nil)
    }

    @Test func `Generated tokens at the end are left out`() throws {
        let places = try #require(find(["a", "b", "c"], "a", "b", generated: [1, 0]))
        #expect(places.scored == 1..<2)
        // A server that was to generate one and did not.
        let none = try #require(find(["a", "b"], "a", "b", generated: [1, 0]))
        #expect(none.scored == 1..<2)
    }

    @Test func `Vocabulary spelling and texts of other tokens are refused`() {
        #expect(find(["The", "Ġcat", "Ġsat"], "The cat", " sat") == nil)
        #expect(find([nil, nil, nil], "The cat", " sat") == nil)
        #expect(find(["The cat sat"], "The cat", " sits") == nil)
        #expect(find([], "a", "b") == nil)
    }

    @Test func `A hostile list of pieces is given up`() {
        let pieces = [String?](repeating: "\u{FFFD}", count: 20_000)
        #expect(find(pieces, String(repeating: "é", count: 15_000), "é") == nil)
    }
}
