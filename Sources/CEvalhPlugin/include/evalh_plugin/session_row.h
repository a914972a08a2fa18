/*
 * evalh_plugin/session_row.h: a finished session, as metrics and allocators see it.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_SESSION_ROW_H
#define EVALH_PLUGIN_SESSION_ROW_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A number under a name. Frozen: 24 bytes. */
typedef struct evalh_named_number {
    evalh_str name;
    double value;
} evalh_named_number;

/* One finished session. Sessions come item by item: all of one item's sessions, over all arms, levels and repeats,
 * follow each other. */
typedef struct evalh_session_row {
    uint32_t struct_size;
    uint32_t is_error;      /* 1: the session failed; it has no score */
    uint64_t item;          /* dense number of the item, from 0 */
    evalh_str arm;
    evalh_str level;        /* the level's JSON object, for example {"samples":4}; empty: none */
    int64_t level_index;    /* position in the arm's list of levels; -1: none */
    int64_t repeat;
    double score;           /* NaN if is_error */
    double confidence;      /* NaN: none */
    uint32_t finish;        /* EVALH_FINISH_* */
    uint32_t reserved;
    evalh_usage usage;
    double usd;             /* NaN: unknown */
    double critical_path_seconds;
    evalh_str answer;       /* the canonical answer the grader found; empty: none */
    double eflops;          /* equivalent floating-point operations of its completions; NaN: a model's shape is
                               unknown */
    /* What a model that shows its inside told of its work, as sums over `told_tokens` generated tokens; 0: it told
     * nothing. */
    int64_t told_tokens;
    double depth;           /* share of the layers a token's prediction was made from */
    double compute;         /* share of a token's work at full depth */
    int64_t drafted_tokens; /* proposed by a draft model */
    int64_t accepted_tokens;
    int64_t target_calls;   /* passes of the whole model after the prompt */
    double told_eflops;     /* as eflops, by the work that the model told of; NaN: a shape is unknown, or it told
                               nothing */
    int64_t service_calls;  /* of which it was charged */
    evalh_str stop_reason;  /* FINISH's */
    evalh_str fields_json;  /* the item's fields, a JSON object; empty where they are not known */
    const evalh_named_number *numbers; /* what its strategy gave by NUMBER, by name */
    uint64_t number_count;
} evalh_session_row;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_SESSION_ROW_H */
