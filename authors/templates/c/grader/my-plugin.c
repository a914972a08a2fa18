/*
 * org.example.my-plugin: right if the answer's last word is the target's, upper and lower case alike.
 *
 * A grader has no state after create: it is called from several threads at once. Change `last_word`, which says what an
 * answer is; votes are counted by it too.
 */
#include <evalh_plugin.h>

#include <math.h>
#include <stdlib.h>

#define TEXT(s) {(s), sizeof(s) - 1}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static int is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

static void put(const evalh_text_sink *sink, evalh_str text) { sink->set(sink, text); }

/* The canonical answer in a text: its last word in lower case, without a full stop, as a copy that the caller frees.
 * ptr NULL: there is none, or memory is short. */
static evalh_str last_word(evalh_str text) {
    uint64_t end = text.len;
    while (end > 0 && (is_space(text.ptr[end - 1]) || text.ptr[end - 1] == '.')) end--;
    uint64_t start = end;
    while (start > 0 && !is_space(text.ptr[start - 1])) start--;
    char *word = start < end ? malloc(end - start) : NULL;
    for (uint64_t i = start; word != NULL && i < end; i++) word[i - start] = lower(text.ptr[i]);
    return (evalh_str){word, word != NULL ? end - start : 0};
}

static int are_equal(evalh_str first, evalh_str other) {
    if (first.len != other.len) return 0;
    for (uint64_t i = 0; i < first.len; i++)
        if (first.ptr[i] != other.ptr[i]) return 0;
    return 1;
}

/* Takes no parameters; the instance only has to be no NULL. */
static void *create(evalh_str parameters_json, const evalh_text_sink *error) {
    (void)parameters_json;
    (void)error;
    static const char instance = 0;
    return (void *)&instance;
}

static void destroy(void *grader) { (void)grader; }

static int32_t grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
    (void)grader;
    evalh_str answer = last_word(input->answer), target = last_word(input->target);
    /* What was cut off is never right. */
    int is_whole = input->finish == EVALH_FINISH_STOP;
    out->score = is_whole && answer.len > 0 && are_equal(answer, target) ? 1 : 0;
    out->strict_score = NAN;
    put(out->extracted, answer);
    put(out->stage, (evalh_str)TEXT("last-word"));
    free((void *)answer.ptr);
    free((void *)target.ptr);
    return EVALH_OK;
}

static int32_t extract(void *grader, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage) {
    (void)grader;
    evalh_str word = last_word(text);
    if (word.ptr == NULL) return EVALH_FAILED;
    put(answer, word);
    put(stage, (evalh_str)TEXT("last-word"));
    free((void *)word.ptr);
    return EVALH_OK;
}

static const evalh_grader grader = {
    .struct_size = sizeof(evalh_grader), .create = create, .destroy = destroy, .grade = grade, .extract = extract};

static const evalh_descriptor descriptor = {
    .struct_size = sizeof(evalh_descriptor),
    .kind = TEXT(EVALH_KIND_GRADER),
    .id = TEXT("org.example.my-plugin"),
    .version = TEXT("1.0.0"),
    .title = TEXT("The last word"),
    .description = TEXT("Right if the answer's last word is the target's, upper and lower case alike and without a "
                        "full stop. A text without words has no answer."),
    .source = TEXT("an example"),
    .table = &grader,
};

static const evalh_descriptor *const plugins[] = {&descriptor};

static const evalh_library library = {
    .struct_size = sizeof(evalh_library),
    .abi_major = EVALH_ABI_MAJOR,
    .abi_minor_built = EVALH_ABI_MINOR,
    .abi_minor_required = 0,
    .name = TEXT("my-plugin"),
    .version = TEXT("1.0.0"),
    .plugins = plugins,
    .plugin_count = sizeof plugins / sizeof *plugins,
};

EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
    (void)host;
    return &library;
}
