/*
 * evalh_plugin/allocator.h: kind "evalh.allocator/1": which sessions run.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_ALLOCATOR_H
#define EVALH_PLUGIN_ALLOCATOR_H

#include "metric.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of the report: an arm at one of its levels. */
typedef struct evalh_allocation_row {
    uint32_t struct_size;
    uint32_t reserved;
    evalh_str arm;
    evalh_str level;      /* the level's JSON object; empty: none */
    int64_t level_index;  /* position in the arm's list of levels; -1: none */
} evalh_allocation_row;

/* What sessions there may be: a cell is a row on an item, and has any number of repeats. Valid during create. */
typedef struct evalh_allocation {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t item_count;
    int64_t repeats; /* what the suite says under `repeats` */
    const evalh_allocation_row *const *rows;
    uint64_t row_count;
    void *context;
    /* [in a call] Only within create. The fields of an item as a JSON object, without its target: valid until the next
     * call of it. */
    evalh_str (*item_fields)(const struct evalh_allocation *allocation, uint64_t item);
} evalh_allocation;

/* Where a round's wishes go. */
typedef struct evalh_allocation_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* [in a call] `more` further repeats of a cell, after those wished for before. */
    void (*want)(const struct evalh_allocation_sink *sink, uint64_t item, uint64_t row, uint64_t more);
    /* [in a call] Why the round is as it is, for people: above all why the run ends. The last one counts. */
    void (*reason)(const struct evalh_allocation_sink *sink, evalh_str text);
} evalh_allocation_sink;

/* How much items count in means, where an allocator chose them with unequal chances. */
typedef struct evalh_weight_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* [in a call] The mean of weight times score over the items chosen is then an unbiased estimate for all items. */
    void (*push)(const struct evalh_weight_sink *sink, uint64_t item, double weight);
} evalh_weight_sink;

/* Decides in rounds which sessions run. The host calls next; runs all sessions of the round; gives them to add, ordered
 * by item, row and repeat whatever the order in which they ended; and calls next again, until a round is empty. So an
 * allocator is a pure function of what the sessions gave: a resumed run takes the same decisions. */
typedef struct evalh_allocator {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any thread] `allocation` is gone when it returns; `seed` is for all randomness, such as the order of items. NULL
     * on failure, with a text in `error`. */
    void *(*create)(evalh_str parameters_json, const evalh_allocation *allocation, uint64_t seed,
                    const evalh_text_sink *error);
    /* [instance] The last call on it. */
    void (*destroy)(void *allocator);
    /* [instance] One finished session of the last round. A failed one (is_error) counts as run. */
    int32_t (*add)(void *allocator, const evalh_session_row *row, const evalh_text_sink *error);
    /* [instance] The next round; nothing wanted: the run ends. */
    int32_t (*next)(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *error);
    /* [instance] Optional, after the last round: the weights of all items that have sessions. NULL: all count alike. */
    int32_t (*weights)(void *allocator, const evalh_weight_sink *out, const evalh_text_sink *error);
    /* [instance] Optional, after any round: numbers whose intervals hold although the allocator looked at results on
     * the way. */
    int32_t (*result)(void *allocator, const evalh_metric_sink *out, const evalh_text_sink *error);
} evalh_allocator;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_ALLOCATOR_H */
