import Completions
import Foundation
import JSON
import PluginHost
import Testing

@testable import Services

/// Service plugins in C, compiled here.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/cc"), "no C compiler here"))
struct PluginServiceTests {
    static let source = #"""
        #include <evalh_plugin.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>

        struct lookup { int calls; char word[64]; };

        static evalh_str lit(const char *text) { return (evalh_str){text, strlen(text)}; }

        static int has(evalh_str text, const char *word) {
            size_t length = strlen(word);
            for (uint64_t at = 0; at + length <= text.len; at++)
                if (memcmp(text.ptr + at, word, length) == 0) return 1;
            return 0;
        }

        static void *create(evalh_str parameters, const evalh_text_sink *error) {
            if (has(parameters, "bad")) {
                error->set(error, lit("the word is bad"));
                return NULL;
            }
            struct lookup *lookup = calloc(1, sizeof *lookup);
            snprintf(lookup->word, sizeof lookup->word, "%s", has(parameters, "other") ? "other" : "word");
            return lookup;
        }

        static void destroy(void *service) { free(service); }

        static int32_t call(void *service, evalh_str payload, const evalh_text_sink *result, const evalh_text_sink *error) {
            struct lookup *lookup = service;
            if (has(payload, "\"fail\"")) return error->set(error, lit("there is no such word")), EVALH_FAILED;
            if (has(payload, "\"away\"")) return error->set(error, lit("the library is closed")), EVALH_UNSUPPORTED;
            if (has(payload, "\"odd\"")) return 77;
            if (has(payload, "\"junk\"")) return result->set(result, lit("{")), EVALH_OK;
            char text[128];
            snprintf(text, sizeof text, "{\"word\":\"%s\",\"calls\":%d}", lookup->word, ++lookup->calls);
            result->set(result, lit(text));
            return EVALH_OK;
        }

        static int32_t fingerprint(void *service, const evalh_text_sink *text) {
            text->set(text, lit(((struct lookup *)service)->word));
            return EVALH_OK;
        }

        static const evalh_service table = {sizeof table, 0, create, destroy, call, fingerprint};

        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
            (void)host;
            static evalh_descriptor lookup = {.struct_size = sizeof lookup};
            static const evalh_descriptor *plugins[] = {&lookup};
            static evalh_library library = {.struct_size = sizeof library};
            lookup.kind = lit(EVALH_KIND_SERVICE);
            lookup.id = lit("org.example.lookup");
            lookup.version = lit("1.2.0");
            lookup.title = lit("Looks words up");
            lookup.parameters_schema = lit("{\"type\": \"object\", \"properties\": {\"word\": {\"type\": \"string\"}}}");
            lookup.table = &table;
            library.abi_major = EVALH_ABI_MAJOR;
            library.name = lit("lookup");
            library.version = lit("1.0.0");
            library.plugins = plugins;
            library.plugin_count = 1;
            return &library;
        }
        """#

    /// Holds the library's file as long as the test runs.
    private let bench: Bench

    init() throws { bench = try Bench() }

    private func catalog() throws -> PluginCatalog {
        let input = try bench.write(Self.source, to: "lookup.c")
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
        process.arguments = [
            "-std=c11", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-shared", "-fPIC",
            "-fvisibility=hidden", "-I", root.appendingPathComponent("Sources/CEvalhPlugin/include").path, "-o",
            bench.folder.appendingPathComponent("lookup.so").path, input,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return PluginCatalog(locations: [
            PluginLocation(path: bench.folder.appendingPathComponent("lookup.so").path, origin: .suite)
        ])
    }

    private func service(_ catalog: PluginCatalog, _ parameters: String = "{}", connections: Int = 1) throws
        -> PluginService
    {
        try PluginService(
            name: "words", catalog.service("org.example.lookup", parametersJSON: parameters), connections: connections)
    }

    @Test func `a plugin's instance answers calls, one after the other`() throws {
        let service = try service(catalog())
        defer { service.close() }
        #expect(try service.ask("{}").value == json(#"{"word": "word", "calls": 1}"#))
        #expect(try service.ask("{}").value["calls"]?.int == 2)
        #expect(service.description["use"]?.string == "org.example.lookup")
        #expect(service.description["about"]?.string == "Looks words up")
        #expect(service.problem(with: json("3")) != nil)
    }

    @Test func `a failed call is a result, a service that is away and one that misspeaks are failures`() throws {
        let service = try service(catalog())
        defer { service.close() }
        let failed = try service.ask(#"{"word": "fail"}"#)
        #expect(failed.isError)
        #expect(failed.value == json(#"{"error": "there is no such word"}"#))
        let away = try #require(try service.failure(#"{"word": "away"}"#))
        #expect(away.kind == .server)
        #expect(away.isRetryable)
        #expect(away.message == "service 'words': the library is closed")
        let odd = try service.failure(#"{"word": "odd"}"#)
        #expect(odd?.message.contains("call returned 77") == true)
        #expect(try service.failure(#"{"word": "junk"}"#)?.message.contains("no JSON") == true)
    }

    @Test func `parameters are refused before anything is called, and are part of the fingerprint`() throws {
        let catalog = try catalog()
        let refusal = #expect(throws: ServiceRefusal.self) { try service(catalog, #"{"word": "bad"}"#) }
        #expect(refusal?.description.contains("the word is bad") == true)
        let one = try service(catalog)
        #expect(try service(catalog).fingerprint == one.fingerprint)
        #expect(try service(catalog, #"{"word": "other"}"#).fingerprint != one.fingerprint)
    }
}
