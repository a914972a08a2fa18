/*
 * org.example.my-plugin: counts the words of a text: {"text": "one two"} gives {"words": 2}.
 *
 * A service may use files, the network and time. Each instance answers one call at a time; the host makes as many as
 * run at once.
 */
#include <evalh_plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) {(s), sizeof(s) - 1}

static void put(const evalh_text_sink *sink, const char *text) { sink->set(sink, (evalh_str){text, strlen(text)}); }

/* Takes no parameters; the instance only has to be no NULL. */
static void *create(evalh_str parameters_json, const evalh_text_sink *error) {
    (void)parameters_json;
    void *self = malloc(1);
    if (self == NULL) put(error, "out of memory");
    return self;
}

static void destroy(void *service) { free(service); }

/* The member `text` of an object, as it is written between its quotes; ptr NULL: there is none. Enough for counting
 * words: a service that needs more of its payload should use a JSON library. */
static evalh_str text_member(const char *json) {
    const char *key = strstr(json, "\"text\"");
    const char *colon = key != NULL ? strchr(key, ':') : NULL;
    const char *start = colon != NULL ? strchr(colon, '"') : NULL;
    if (start == NULL) return (evalh_str){NULL, 0};
    const char *end = ++start;
    while (*end != 0 && *end != '"') end += *end == '\\' && end[1] != 0 ? 2 : 1;
    return *end == '"' ? (evalh_str){start, (uint64_t)(end - start)} : (evalh_str){NULL, 0};
}

/* Spaces, and the escapes \n and \t, are between words. */
static long count_words(evalh_str text) {
    long words = 0;
    int within = 0;
    for (uint64_t i = 0; i < text.len; i++) {
        int is_space = text.ptr[i] == ' ';
        if (text.ptr[i] == '\\' && i + 1 < text.len) {
            i++;
            is_space = text.ptr[i] == 'n' || text.ptr[i] == 't';
        }
        words += !is_space && !within;
        within = !is_space;
    }
    return words;
}

static int32_t call(void *service, evalh_str payload_json, const evalh_text_sink *result,
                    const evalh_text_sink *error) {
    (void)service;
    char *payload = malloc(payload_json.len + 1);
    if (payload == NULL) {
        put(error, "out of memory");
        return EVALH_UNSUPPORTED; /* not now: it is asked again when the run is resumed */
    }
    memcpy(payload, payload_json.ptr, payload_json.len);
    payload[payload_json.len] = 0;
    evalh_str text = text_member(payload);
    int32_t status = EVALH_FAILED; /* a result as well, which is recorded */
    if (text.ptr == NULL) {
        put(error, "the payload needs a text under \"text\"");
    } else {
        char answer[64];
        snprintf(answer, sizeof answer, "{\"words\": %ld}", count_words(text));
        put(result, answer);
        status = EVALH_OK;
    }
    free(payload);
    return status;
}

static const evalh_service service = {
    .struct_size = sizeof(evalh_service), .create = create, .destroy = destroy, .call = call};

static const evalh_descriptor descriptor = {
    .struct_size = sizeof(evalh_descriptor),
    .kind = TEXT(EVALH_KIND_SERVICE),
    .id = TEXT("org.example.my-plugin"),
    .version = TEXT("1.0.0"),
    .title = TEXT("Counts words"),
    .description = TEXT("Payload: `{\"text\": \"one two\"}`. Result: `{\"words\": 2}`. A payload without a text is an "
                        "error of the call."),
    .source = TEXT("an example"),
    .table = &service,
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
