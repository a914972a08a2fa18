import Foundation
import Testing

/// Plugins in C, built by tests against the header.
enum BuiltPlugin {
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang"].first { FileManager.default.isExecutableFile(atPath: $0) }
    static var isPossible: Bool { compiler != nil }

    /// - Parameter source: `#include <evalh_plugin.h>` stands before it.
    /// - Returns: the library's path.
    @discardableResult
    static func library(_ source: String, _ flags: [String] = [], at file: URL) throws -> String {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let code = file.deletingPathExtension().appendingPathExtension("c")
        try Data(("#include <evalh_plugin.h>\n" + source).utf8).write(to: code)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(compiler))
        process.arguments =
            [
                "-std=gnu11", "-shared", "-fPIC", "-fvisibility=hidden", "-I",
                BuiltBinary.root.appendingPathComponent("Sources/CEvalhPlugin/include").path,
            ] + flags + ["-o", file.path, code.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(file.lastPathComponent) does not compile")
        return file.path
    }

    /// A strategy that answers every item with a word.
    /// - Parameter before: what the library does when it is loaded.
    static func strategy(_ id: String, version: String = "1.0.0", answer: String = "42", before: String = "") -> String
    {
        """
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        #define TEXT(s) {s, sizeof s - 1}
        static int marker;
        static void *create(const evalh_host *host, void *session) { (void)host, (void)session; return &marker; }
        static int32_t step(void *p, const evalh_event *const *events, uint64_t n, const evalh_out *out) {
            (void)p;
            for (uint64_t i = 0; i < n; i++) {
                if (events[i]->type != EVALH_EVENT_START) continue;
                evalh_action_finish finish = {.header = {sizeof finish, EVALH_ACTION_FINISH, 0, 1},
                    .answer = TEXT("\(answer)"), .confidence = 1};
                if (out->push(out, &finish.header) != EVALH_OK) return EVALH_FAILED;
            }
            return EVALH_OK;
        }
        static void destroy(void *p) { (void)p; }
        static const evalh_strategy table = {sizeof table, 0, create, step, destroy, NULL};
        static const evalh_descriptor descriptor = {sizeof descriptor, 0, 0, 0, TEXT(EVALH_KIND_STRATEGY),
            TEXT("\(id)"), TEXT("\(version)"), TEXT("A word"), TEXT(""), TEXT(""), {NULL, 0}, &table};
        static const evalh_descriptor *const all[] = {&descriptor};
        static const evalh_library library = {sizeof library, 1, 0, 0, TEXT("word"), TEXT("0"), NULL, 0, all, 1,
            {NULL, 0}};
        __attribute__((constructor)) static void before(void) { \(before) }
        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
        """
    }
}
