/* Grades answers with a grader of a plugin library, and says how long each took.
 *
 *     cc -O2 -ISources/CEvalhPlugin/include -o grade_answers Benchmarks/grade_answers.c -ldl
 *     grade_answers libEvalhPlugins.so math [PARAMETERS] < pairs > grades
 *
 * A pair is the answer's length (four bytes, least first), the answer, the same of the target, and of the item's fields
 * as JSON. A grade is a line:
 * score, nanoseconds.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <evalh_plugin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void drop(const evalh_text_sink *sink, evalh_str text) {
    (void)sink;
    (void)text;
}

static int read_text(evalh_str *text) {
    unsigned char size[4];
    if (fread(size, 1, 4, stdin) != 4) return 0;
    text->len = size[0] | size[1] << 8 | size[2] << 16 | (uint64_t)size[3] << 24;
    char *bytes = malloc(text->len + 1);
    if (!bytes || fread(bytes, 1, text->len, stdin) != text->len) return 0;
    text->ptr = bytes;
    return 1;
}

static int is(evalh_str text, const char *other) {
    return text.len == strlen(other) && !memcmp(text.ptr, other, text.len);
}

static const evalh_grader *find(const evalh_library *library, const char *id) {
    for (uint64_t i = 0; i < library->plugin_count; i++) {
        const evalh_descriptor *plugin = library->plugins[i];
        if (is(plugin->kind, EVALH_KIND_GRADER) && is(plugin->id, id)) return plugin->table;
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 3 || argc > 4) return fprintf(stderr, "usage: grade_answers LIBRARY GRADER [PARAMETERS] < pairs\n"), 2;
    const char *parameters = argc == 4 ? argv[3] : "{}";
    void *handle = dlopen(argv[1], RTLD_NOW);
    evalh_entry_fn entry = handle ? (evalh_entry_fn)dlsym(handle, EVALH_ENTRY_NAME) : NULL;
    if (!entry) return fprintf(stderr, "grade_answers: %s\n", dlerror()), 1;
    evalh_host_info host = {sizeof host, EVALH_ABI_MAJOR, 0, EVALH_ABI_MINOR, {"bench", 5}, {"1.0.0", 5}, NULL, 0};
    const evalh_library *library = entry(&host);
    const evalh_grader *grader = library ? find(library, argv[2]) : NULL;
    if (!grader) return fprintf(stderr, "grade_answers: no grader %s in %s\n", argv[2], argv[1]), 1;
    evalh_text_sink sink = {sizeof sink, 0, NULL, drop};
    void *instance = grader->create((evalh_str){parameters, strlen(parameters)}, &sink);
    if (!instance) return fprintf(stderr, "grade_answers: %s refuses its parameters\n", argv[2]), 1;
    evalh_grade_input input = {.struct_size = sizeof input, .finish = EVALH_FINISH_STOP};
    while (read_text(&input.answer) && read_text(&input.target) && read_text(&input.fields_json)) {
        evalh_grade_output out = {.struct_size = sizeof out, .extracted = &sink, .stage = &sink, .explanation = &sink};
        struct timespec start, end;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
        int32_t failed = grader->grade(instance, &input, &out);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        long long time = (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec;
        printf("%g %lld\n", failed ? -1.0 : out.score, time);
        free((void *)input.answer.ptr);
        free((void *)input.target.ptr);
        free((void *)input.fields_json.ptr);
    }
    grader->destroy(instance);
    return 0;
}
