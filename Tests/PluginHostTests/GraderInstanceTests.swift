import Completions
import Dispatch
import Foundation
import PluginHost
import Synchronization
import Testing

/// A grader's instances: as many as calls are under way.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct GraderInstanceTests {
    /// Its grade waits until `MEET` calls are under way at once, or for `WAIT` ms; it fails where calls on one instance
    /// overlap, and scores 1 where others were met.
    private static let source = #"""
        #define _GNU_SOURCE
        #include <evalh_plugin.h>
        #include <stdatomic.h>
        #include <stdlib.h>
        #include <unistd.h>
        #define TEXT(s) {s, sizeof s - 1}
        struct grader { atomic_int busy; };
        static atomic_int inside, most;
        static void *create(evalh_str parameters, const evalh_text_sink *error) {
            (void)parameters, (void)error;
            return calloc(1, sizeof(struct grader));
        }
        static int32_t grade(void *raw, const evalh_grade_input *input, evalh_grade_output *out) {
            struct grader *self = raw;
            (void)input;
            if (atomic_exchange(&self->busy, 1)) {
                out->explanation->set(out->explanation, (evalh_str)TEXT("overlap"));
                return EVALH_FAILED;
            }
            int now = atomic_fetch_add(&inside, 1) + 1;
            if (now > most) most = now;
            for (int i = 0; i < WAIT && most < MEET; i++) usleep(1000);
            atomic_fetch_sub(&inside, 1);
            atomic_store(&self->busy, 0);
            out->score = most >= MEET;
            return EVALH_OK;
        }
        static const evalh_grader table = {sizeof table, 0, create, free, grade, NULL};
        static const evalh_descriptor descriptor = {sizeof descriptor, 0, 0, 0, TEXT(EVALH_KIND_GRADER), TEXT("org.example.meet"),
            TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &table};
        static const evalh_descriptor *const all[] = {&descriptor};
        static const evalh_library library = {sizeof library, 1, 0, 0, TEXT("meet"), TEXT("0"), NULL, 0, all, 1, {NULL, 0}};
        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
        """#

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func grader(meet: Int, wait: Int) throws -> PluginGrader {
        let file = try CCompiler.library(
            Self.source, ["-DMEET=\(meet)", "-DWAIT=\(wait)"], name: "meet\(meet).so", in: folder.url)
        return try PluginCatalog(locations: [PluginLocation(path: file, origin: .suite)]).grader(
            "org.example.meet", parametersJSON: "{}")
    }

    private static func score(_ grader: PluginGrader) throws -> Double {
        try grader.grade(answer: "a", target: "a", fieldsJSON: "{}", finish: .stop).score
    }

    @Test func `calls at once each have an instance of their own`() throws {
        let grader = try grader(meet: 4, wait: 30_000)
        let scores = Mutex<[Double]>([])
        let all = DispatchGroup()
        for _ in 0..<4 {
            let thread = Thread {
                let score = (try? Self.score(grader)) ?? -1
                scores.withLock { $0.append(score) }
                all.leave()
            }
            all.enter()
            thread.start()
        }
        all.wait()
        #expect(scores.withLock { $0 } == [1, 1, 1, 1])
        #expect(try Self.score(grader) == 1)
    }

    @Test func `a grader is known to take time once a grade did`() throws {
        let quick = try grader(meet: 0, wait: 0)
        #expect(!quick.pace.isLong)
        let slow = try grader(meet: 2, wait: 60)
        #expect(!slow.pace.isLong && !slow.pace.isSlow)
        #expect(try Self.score(slow) == 0)
        #expect(slow.pace.isLong && slow.pace.isSlow)
    }
}
