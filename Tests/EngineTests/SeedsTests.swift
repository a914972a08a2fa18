import Completions
import Engine
import EvalhStatistics
import Testing

/// Seeds decide what models sample and what strategies draw: a changed one makes every resumed run another run.
/// The values were computed twice, by evalh and by a separate program.
struct SeedsTests {
    private static let key = RequestKey(
        fingerprint: "model",
        request: CompletionRequest(
            messages: [ChatMessage(role: .user, content: "What is 2 + 2?")], sampling: SamplingParameters()))

    @Test(
        arguments: [
            (0, 0, 0, 3_989_543_828_647_816_849), (7, 0, 0, 5_218_216_298_010_545_709),
            (7, 0, 1, 266_004_082_764_601_597), (7, 1, 0, 16_606_289_327_664_221_357),
            (UInt64.max, 3, 41, 5_276_351_801_971_405_822), (7, -1, 0, 12_704_099_331_937_266_662),
        ] as [(UInt64, Int, Int, UInt64)])
    func `the seed of a sample stays what it is`(suite: UInt64, repeatIndex: Int, index: Int, seed: UInt64) {
        let sample = SampleIndex(repeatIndex: repeatIndex, index: index)
        #expect(Seeds.sample(suite: suite, key: Self.key, sample: sample) == seed)
    }

    @Test(
        arguments: [
            (0, "", "", "", 0, 15_572_536_250_335_445_118),
            (7, "item0", "vote3", "", 0, 11_689_837_611_393_293_622),
            (7, "item0", "vote3", #"{"samples":4}"#, 0, 8_966_364_628_983_124_459),
            (7, "item0", "vote3", #"{"samples":4}"#, 1, 17_477_280_255_207_319_632),
            (UInt64.max, "世界", "\u{E9}", "", 2, 12_518_125_305_209_317_600),
        ] as [(UInt64, String, String, String, Int, UInt64)])
    func `the seed of a session stays what it is`(
        suite: UInt64, item: String, arm: String, level: String, repeatIndex: Int, seed: UInt64
    ) {
        #expect(
            Seeds.session(suite: suite, itemID: item, armID: arm, levelJSON: level, repeatIndex: repeatIndex) == seed)
    }

    @Test func `the generator gives the published numbers`() {
        // The first outputs of the authors' splitmix64.c from state 0.
        var generator = SplitMix64(seed: 0)
        #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
        #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
        #expect(generator.next() == 0x06C4_5D18_8009_454F)
    }
}
