/*
 * evalh_plugin/types.h: texts, numbers and results that all kinds share.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_TYPES_H
#define EVALH_PLUGIN_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALH_ABI_MAJOR 1
#define EVALH_ABI_MINOR 0

/* Marks the entry function; hide everything else (-fvisibility=hidden). */
#define EVALH_EXPORT __attribute__((visibility("default")))

/* A view of UTF-8 text: `len` bytes at `ptr`; not NUL-terminated. Frozen: 16 bytes. */
typedef struct evalh_str {
    const char *ptr;
    uint64_t len;
} evalh_str;

/* Tokens of one completion or of many. Frozen: 40 bytes. A count that the server did not tell is estimated by
 * the host; what is estimated is flagged in the event that carries it. */
typedef struct evalh_usage {
    int64_t prompt_tokens;        /* all tokens of the prompt, cached ones included */
    int64_t cached_prompt_tokens; /* of these, taken from the server's prefix cache */
    int64_t completion_tokens;    /* generated tokens, reasoning included */
    int64_t reasoning_tokens;     /* of these, hidden reasoning */
    int64_t cancelled_tokens;     /* generated tokens of completions that were cancelled midway */
} evalh_usage;

/* One token with the log-probability (natural logarithm) of its sampling, from the model's raw distribution.
 * Frozen: 32 bytes. */
typedef struct evalh_logprob {
    evalh_str token;
    double logprob;
    uint32_t alternative_count; /* how many entries of the parallel alternatives array belong to this token */
    uint32_t reserved;
} evalh_logprob;

/* Results of functions that return int32_t. */
#define EVALH_OK 0
#define EVALH_FAILED 1      /* the call failed; say why with host->set_error. Ends this session, never the run. */
#define EVALH_UNSUPPORTED 2 /* this host or plugin does not do that */
#define EVALH_ERROR 3       /* a grader's extract: the text could not be read, which is not the same as no answer */

/* Why a completion ended. */
#define EVALH_FINISH_STOP 0      /* the model ended it, or a stop text did */
#define EVALH_FINISH_LENGTH 1    /* cut off at max_tokens or at the end of the context: unfinished */
#define EVALH_FINISH_CANCELLED 2 /* the strategy cancelled it: unfinished */
#define EVALH_FINISH_FILTER 3    /* the provider withheld it */
#define EVALH_FINISH_OTHER 4

/* Where a plugin puts a text: an answer, an error. It is copied before `set` returns. */
typedef struct evalh_text_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* [in a call] The last text counts. */
    void (*set)(const struct evalh_text_sink *sink, evalh_str text);
} evalh_text_sink;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_TYPES_H */
