import Reporting
import Testing

struct SafeTextTests {
    @Test func `hostile text stays text`() {
        #expect(
            SafeText.html("<script>alert('x')</script>\u{202E}\u{0}")
                == "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\u{FFFD}\u{FFFD}")
        #expect(SafeText.terminal("a\u{1B}[31mb\u{7}") == "a\\u{1b}[31mb\\u{7}")
        #expect(SafeText.markdown("a|b\n<img>") == "a\\|b &lt;img&gt;")
    }
}
