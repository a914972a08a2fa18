import Testing

struct CommandLineTests {
    @Test func `placeholder`() {}
}
