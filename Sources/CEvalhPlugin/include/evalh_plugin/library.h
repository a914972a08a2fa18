/*
 * evalh_plugin/library.h: what host and library say of themselves, and the entry function.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_LIBRARY_H
#define EVALH_PLUGIN_LIBRARY_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Feature ids are texts such as "evalh.fork/1". A feature is an optional part of this ABI that a host may lack.
 * Host 1.0 knows: "evalh.stream/1" (EVALH_SUBMIT_STREAM), "evalh.prefix/1" (prefix continuation and FORK),
 * "evalh.logprobs/1", "evalh.extract/1" (host->extract), "evalh.peers/1" (evalh_peers and ADOPT), "evalh.services/1"
 * (CALL and RESULT), "evalh.numbers/1" (NUMBER). */

/* What the host says of itself to the entry function. */
typedef struct evalh_host_info {
    uint32_t struct_size;
    uint32_t abi_major;      /* 1 */
    uint32_t abi_minor_min;  /* oldest minor it serves */
    uint32_t abi_minor_max;  /* newest minor it serves */
    evalh_str name;          /* "evalh" */
    evalh_str version;       /* "0.1.0" */
    const evalh_str *features; /* the features it has */
    uint64_t feature_count;
} evalh_host_info;

struct evalh_descriptor;

/* What a library says of itself. Returned by the entry function; constant until the process ends. */
typedef struct evalh_library {
    uint32_t struct_size;
    uint32_t abi_major;           /* EVALH_ABI_MAJOR it was built with */
    uint32_t abi_minor_built;     /* EVALH_ABI_MINOR it was built with */
    uint32_t abi_minor_required;  /* smallest host minor it runs with, usually 0 */
    evalh_str name;               /* of the library, for messages */
    evalh_str version;            /* of the library, semantic versioning */
    const evalh_str *features_required; /* the host refuses the library if it lacks one */
    uint64_t features_required_count;
    const struct evalh_descriptor *const *plugins;
    uint64_t plugin_count;
    evalh_str refusal; /* not empty: the library declines this host, and why; then plugins may be empty */
} evalh_library;

/* [any thread] The entry function's type and name. `host` is gone when it returns. It may be called more than once and
 * always returns the same table. It must do no work but fill constant tables: listing plugins calls it. NULL means:
 * nothing to offer to this host. */
typedef const evalh_library *(*evalh_entry_fn)(const evalh_host_info *host);
#define EVALH_ENTRY_NAME "evalh_plugin_v1"

/* What a plugin needs of the endpoint, as bits of evalh_descriptor.needs. */
#define EVALH_NEED_STREAM 0x1   /* chunks while a completion is generated */
#define EVALH_NEED_LOGPROBS 0x2 /* log-probabilities of sampled tokens */
#define EVALH_NEED_PREFIX 0x4   /* continuing a given assistant text */
#define EVALH_NEED_CANCEL 0x8   /* stopping a generation midway saves its remaining cost */
#define EVALH_NEED_SCORE 0x10   /* a service of kind "score" */
#define EVALH_NEED_PEERS 0x20   /* results of other arms: its sessions come after theirs; see evalh_peers */
#define EVALH_NEED_ORACLE 0x40  /* how its own item's peers were graded; such an arm is always marked as an oracle */
#define EVALH_NEED_LEVELS 0x80  /* of metrics: arms with levels; suites that name another arm are refused */
#define EVALH_NEED_NO_TARGET 0x100 /* of graders: compares with no target; items may do without the target field */
#define EVALH_NEED_PARTIAL 0x200 /* of strategies: partial service: it may answer although requests failed; see
                                  * REQUEST_FAILED. Its sessions are then marked, and asked again by `evalh resume` */
#define EVALH_NEED_OR_REASONING 0x400 /* with EVALH_NEED_PREFIX: does without continuing a text where the endpoint sends
                                         thinking apart from it (evalh_event_delta.reasoning). Such endpoints cannot
                                         continue a thought, and are refused to other strategies that need prefixes. */

/* Kinds: evalh_descriptor.kind, and what evalh_descriptor.table then points to. */
#define EVALH_KIND_STRATEGY "evalh.strategy/1" /* evalh_strategy */
#define EVALH_KIND_GRADER "evalh.grader/1"     /* evalh_grader */
#define EVALH_KIND_METRIC "evalh.metric/1"     /* evalh_metric */
#define EVALH_KIND_ALLOCATOR "evalh.allocator/1" /* evalh_allocator */
#define EVALH_KIND_SERVICE "evalh.service/1"     /* evalh_service */

/* One plugin. Constant until the process ends. */
typedef struct evalh_descriptor {
    uint32_t struct_size;
    uint32_t needs;              /* EVALH_NEED_* bits that every use of the plugin has */
    uint32_t top_logprobs;       /* alternatives a token it needs, 0 if none */
    uint32_t reserved;
    evalh_str kind;              /* EVALH_KIND_* */
    evalh_str id;                /* what suites write after `strategy:` or `use:`. Ids without a dot belong to the
                                    plugins shipped with evalh; others use reverse-DNS: "org.example.vote". Two
                                    plugins of one kind and id are an error that names both files. */
    evalh_str version;           /* semantic versioning. A change of scores or decisions is a new version. */
    evalh_str title;             /* one line */
    evalh_str description;       /* Markdown: the algorithm, what it costs, how ties and missing answers are treated */
    evalh_str source;            /* paper and equation, or where else it is from */
    evalh_str parameters_schema; /* JSON Schema (an object type) of the parameters; {NULL,0}: takes none. Suites'
                                    `with:` is checked against it: type, properties, required, default, minimum,
                                    maximum, exclusiveMinimum, exclusiveMaximum, enum, items, description, format. The
                                    formats "evalh-role", "evalh-service" and "evalh-file" say that a text names a
                                    model's role, a service, or a file, which stands relative to the suite. */
    const void *table;           /* the kind's function table */
    evalh_str outputs;           /* of metrics and allocators: the names of the values it may give, separated by
                                    spaces; what gates may name. A name may end in `*`, which stands for what
                                    parameters decide: pass_at_*. Empty: its id alone. A value of another name is
                                    a fault of the plugin, and so is one of the host's names (accuracy, tokens). */
} evalh_descriptor;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_LIBRARY_H */
