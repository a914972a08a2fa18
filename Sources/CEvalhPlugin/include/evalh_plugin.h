/*
 * evalh_plugin.h: the evalh plugin ABI, version 1.0
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plugin is a shared library that exports ONE function:
 *
 *     const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
 *
 * It returns a table of plugins. Each plugin has a kind: a strategy decides what to ask a model and which
 * answer to give; a grader turns an answer into a score; a metric turns scores and costs into numbers; an allocator
 * says which sessions are worth their cost.
 *
 * This header is the manual. Five rules hold for all of it.
 *
 * 1. STRUCTS GROW AT THE END. Every struct that crosses the line starts with `struct_size`, which its writer
 *    sets to sizeof the struct it was compiled with. A reader looks at a member only if it lies within
 *    struct_size. Members are never moved, removed or given another meaning within major version 1. An array
 *    of structs is therefore passed as an array of POINTERS, so that neither side strides by its own size.
 *    A struct that the called side fills in is allocated by the caller, who sets `struct_size` before the call to say
 *    how much room there is; the called side fills in the members that lie within and leaves struct_size as it is.
 *    (evalh_str, evalh_usage and evalh_logprob are frozen: they never grow and have no struct_size.)
 * 2. MEMORY BELONGS TO ITS WRITER. What the host passes in is valid until the called function returns, unless
 *    said otherwise. What a plugin passes to a host function is copied before that function returns. Nobody
 *    frees the other's memory. Descriptors and all they point to stay valid and constant until the process ends;
 *    a library is never unloaded.
 * 3. TEXT IS UTF-8 WITH A LENGTH, never NUL-terminated by contract. {NULL, 0} is the empty text. The host passes
 *    valid UTF-8, always, and repairs what a plugin passes with U+FFFD. Absent numbers are NaN for doubles
 *    and -1 for integers, wherever "absent" is allowed.
 * 4. THREADS. Calls on one instance never overlap, but may come from different threads; different instances are
 *    called concurrently. So a plugin has no mutable globals. Host functions that take a `session` may be
 *    called only inside a call the host made on that session's instance (create, step, destroy), on the same thread.
 *    A call at another time is refused (0, NULL or EVALH_FAILED) and ends that session as an error.
 * 5. A STRATEGY IS A PURE FUNCTION OF ITS EVENTS. No clock, no random numbers of its own, no threads, files or
 *    network: logical time comes with each event, random numbers from host->rand. The same event log must give
 *    the same actions, byte for byte, however the events are grouped into calls of step. That is what makes
 *    resuming after a crash, replaying recorded samples and simulated time possible.
 *
 * No exception, longjmp, signal handler or exit() may cross the line in either direction.
 *
 * COMPATIBILITY. A plugin built against 1.x loads in every host of major 1 whose minor is at least the
 * library's `abi_minor_required`. A host of a later major keeps loading major 1 for at least two years.
 */
#ifndef EVALH_PLUGIN_H
#define EVALH_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALH_ABI_MAJOR 1
#define EVALH_ABI_MINOR 0

/* Marks the entry function; hide everything else (-fvisibility=hidden). */
#define EVALH_EXPORT __attribute__((visibility("default")))

/* ------------------------------------------------------------------------------------------- basic types -- */

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

/* ------------------------------------------------------------------------------------------ host, library -- */

/* Feature ids are texts such as "evalh.fork/1". A feature is an optional part of this ABI that a host may lack.
 * Host 1.0 knows: "evalh.stream/1" (EVALH_SUBMIT_STREAM), "evalh.prefix/1" (prefix continuation and FORK),
 * "evalh.logprobs/1", "evalh.extract/1" (host->extract), "evalh.peers/1" (evalh_peers and ADOPT). "evalh.score/1"
 * (ASK_SCORE) is announced by hosts
 * that can score a given continuation. */

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

/* The entry function's type and name. It may be called more than once and always returns the same table. It must
 * do no work but fill constant tables: listing plugins calls it. NULL means: nothing to offer to this host. */
typedef const evalh_library *(*evalh_entry_fn)(const evalh_host_info *host);
#define EVALH_ENTRY_NAME "evalh_plugin_v1"

/* What a plugin needs of the endpoint, as bits of evalh_descriptor.needs. */
#define EVALH_NEED_STREAM 0x1   /* chunks while a completion is generated */
#define EVALH_NEED_LOGPROBS 0x2 /* log-probabilities of sampled tokens */
#define EVALH_NEED_PREFIX 0x4   /* continuing a given assistant text */
#define EVALH_NEED_CANCEL 0x8   /* stopping a generation midway saves its remaining cost */
#define EVALH_NEED_SCORE 0x10   /* log-probabilities of a given continuation */
#define EVALH_NEED_PEERS 0x20   /* results of other arms: its sessions come after theirs; see evalh_peers */
#define EVALH_NEED_ORACLE 0x40  /* how its own item's peers were graded; such an arm is always marked as an oracle */
#define EVALH_NEED_LEVELS 0x80  /* of metrics: arms with levels; suites that name another arm are refused */

/* Kinds: evalh_descriptor.kind, and what evalh_descriptor.table then points to. */
#define EVALH_KIND_STRATEGY "evalh.strategy/1" /* evalh_strategy */
#define EVALH_KIND_GRADER "evalh.grader/1"     /* evalh_grader */
#define EVALH_KIND_METRIC "evalh.metric/1"     /* evalh_metric */
#define EVALH_KIND_ALLOCATOR "evalh.allocator/1" /* evalh_allocator */

/* One plugin. Constant until the process ends. */
typedef struct evalh_descriptor {
    uint32_t struct_size;
    uint32_t needs;              /* EVALH_NEED_* bits that every use of the plugin has */
    uint32_t top_logprobs;       /* alternatives a token it needs, 0 if none */
    uint32_t reserved;
    evalh_str kind;              /* EVALH_KIND_* */
    evalh_str id;                /* what suites write after `strategy:` or `use:`. Ids without a dot belong to the plugins
                                    shipped with evalh; others use reverse-DNS: "org.example.vote". Two plugins of
                                    one kind and id are an error that names both files. */
    evalh_str version;           /* semantic versioning. A change of scores or decisions is a new version. */
    evalh_str title;             /* one line */
    evalh_str description;       /* Markdown: the algorithm, what it costs, how ties and missing answers are treated */
    evalh_str source;            /* paper and equation, or where else it is from */
    evalh_str parameters_schema; /* JSON Schema (an object type) of the parameters; {NULL,0}: takes none. Suites' `with:`
                                    is checked against it: type, properties, required, default, minimum, maximum,
                                    exclusiveMinimum, exclusiveMaximum, enum, items, description. */
    const void *table;           /* the kind's function table */
    evalh_str outputs;           /* of metrics and allocators: the names of the values it may give, separated by spaces; what
                                    gates may name. Empty: its id alone. */
} evalh_descriptor;

/* ------------------------------------------------------------------------------------ host services, session -- */

/* What is left to spend. -1 (tokens) and NaN (the others): no limit. */
typedef struct evalh_budget {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t tokens;   /* prompt and completion tokens this session may still reserve */
    double usd;
    double seconds;   /* of logical time */
} evalh_budget;

/* An answer found in a text by the suite's grader, see evalh_host.extract. */
typedef struct evalh_extraction {
    uint32_t struct_size;
    uint32_t found;  /* 1: an answer was found, else 0 and the rest is empty */
    evalh_str answer; /* canonical: two texts give the same bytes if and only if the grader holds their answers equal */
    evalh_str stage;  /* which rule found it, for example "marker" */
} evalh_extraction;

/* Functions for an instance. `session` is the opaque value given to create. */
typedef struct evalh_host {
    uint32_t struct_size;
    uint32_t reserved;
    /* 64 uniform random bits from the session's own stream, seeded by (suite seed, item, arm, repeat). */
    uint64_t (*rand)(void *session);
    /* The canonical answer in a completion's text, by the suite's grader: what votes are counted by. It knows nothing of
     * the target. `finish` is the completion's EVALH_FINISH_*: an unfinished text has no answer. The texts in `out` are
     * valid until the next call of extract or until step returns. EVALH_OK, or EVALH_UNSUPPORTED without a grader. */
    int32_t (*extract)(void *session, evalh_str text, uint32_t finish, evalh_extraction *out);
    /* What is left of the session's budget, after reservations for open requests. */
    int32_t (*budget)(void *session, evalh_budget *out);
    /* Says why the call that is about to return EVALH_FAILED failed. At most 4,096 bytes are kept. */
    void (*set_error)(void *session, int32_t code, evalh_str text);
    /* For debug builds: 1 if the caller may call host functions on this session now, else 0. */
    int32_t (*on_session_thread)(void *session);
    /* An extension by id, such as "org.example.thing/1", or NULL. Host 1.0 has "evalh.peers/1" (evalh_peers). */
    const void *(*extension)(void *session, evalh_str id);
} evalh_host;

/* ----------------------------------------------------------------------------------------------------- peers -- */

/* Extension "evalh.peers/1": the finished sessions of the run's arms that need no peers themselves, those of this session's
 * repeat, in order of item, arm and level. They are the same whenever the session is done again. */
#define EVALH_PEERS_EXTENSION "evalh.peers/1"

#define EVALH_PEER_OWN 0x1   /* of this session's item: may be adopted */
#define EVALH_PEER_ERROR 0x2 /* the session failed: no score, no answer */

/* One finished session. */
typedef struct evalh_peer {
    uint32_t struct_size;
    uint32_t flags;       /* EVALH_PEER_* */
    uint64_t item;        /* number of the item in the run, from 0 */
    evalh_str arm;        /* the arm's id, with its level as in reports: "scaling@samples=4" */
    double score;         /* 0 to 1; NaN: an error, or hidden: only an oracle sees how its own item was graded */
    double confidence;    /* NaN: none claimed */
    evalh_usage usage;    /* what it was charged */
    double usd;           /* NaN: unknown */
    double seconds;       /* its critical path */
} evalh_peer;

typedef struct evalh_peers {
    uint32_t struct_size;
    uint32_t reserved;
    /* The number of this session's item. */
    uint64_t (*item)(void *session);
    /* How many items the run has. */
    uint64_t (*item_count)(void *session);
    uint64_t (*count)(void *session);
    /* The peer of an index below count. The texts are valid until step returns. */
    int32_t (*get)(void *session, uint64_t index, evalh_peer *out);
    /* The answer of a peer of the own item, and its EVALH_ANSWER_* flags; EVALH_FAILED for others. Valid until step returns. */
    int32_t (*answer)(void *session, uint64_t index, evalh_str *out, uint32_t *flags);
} evalh_peers;

/* -------------------------------------------------------------------------------------------------- requests -- */

#define EVALH_ROLE_SYSTEM 0
#define EVALH_ROLE_USER 1
#define EVALH_ROLE_ASSISTANT 2

typedef struct evalh_message {
    uint32_t struct_size;
    uint32_t role; /* EVALH_ROLE_* */
    evalh_str content;
} evalh_message;

/* How to sample. Absent values (-1, NaN, NULL) mean: as the suite says for this model. */
typedef struct evalh_sampling {
    uint32_t struct_size;
    int32_t max_tokens;        /* 1 or more */
    double temperature;        /* 0: greedy */
    double top_p;              /* (0, 1] */
    double min_p;              /* [0, 1] */
    int32_t top_k;             /* 0: no limit */
    int32_t top_logprobs;      /* 0: log-probabilities of the sampled token; k: and of k alternatives; -1: absent, and
                                  in evalh_model.sampling: no log-probabilities */
    const evalh_str *stop;     /* stop texts beside the suite's */
    uint64_t stop_count;
} evalh_sampling;

/* ---------------------------------------------------------------------------------------------------- events -- */

/* Unknown event types must be skipped. */
#define EVALH_EVENT_START 1
#define EVALH_EVENT_DELTA 2
#define EVALH_EVENT_DONE 3
#define EVALH_EVENT_REQUEST_FAILED 4
#define EVALH_EVENT_CANCELLED 5
#define EVALH_EVENT_TIMER 6
#define EVALH_EVENT_SCORE 7
#define EVALH_EVENT_BUDGET 8
#define EVALH_EVENT_REJECTED 9
#define EVALH_EVENT_STOP 10

/* First member of every event. */
typedef struct evalh_event {
    uint32_t struct_size; /* of the whole event */
    uint16_t type;        /* EVALH_EVENT_* */
    uint16_t flags;       /* meaning depends on the type */
    uint64_t seq;         /* strictly increasing within a session, from 1 */
    int64_t time_ns;      /* logical nanoseconds since the session's start; never decreases */
} evalh_event;

/* What the endpoint of a model role can do: bits of evalh_model.can. Those of EVALH_NEED_*, and: */
#define EVALH_CAN_N 0x100 /* several choices from one request; a strategy need not care, the host splits */

typedef struct evalh_model {
    uint32_t struct_size;
    uint32_t can;          /* EVALH_NEED_* | EVALH_CAN_*; unknown before the first use: all bits set */
    uint32_t top_logprobs; /* the most alternatives a token it gives */
    uint32_t reserved;
    evalh_str role;        /* "main", or another name under the suite's `models:` */
    evalh_str name;        /* the model's own name */
    evalh_sampling sampling; /* the suite's values for it, none absent. LAST member: evalh_sampling may grow. */
} evalh_model;

/* START: the first event. */
typedef struct evalh_event_start {
    evalh_event header;
    evalh_str item_id;
    evalh_str input;                     /* the item's input field */
    evalh_str fields_json;               /* all of the item's fields but the target's, a JSON object */
    const evalh_message *const *messages; /* the item's prompt, rendered */
    uint64_t message_count;
    evalh_str parameters_json;           /* a JSON object: the suite's `with:` and level, defaults filled in */
    uint64_t seed;                       /* the session's seed */
    const evalh_model *const *models;    /* models[0] is the arm's own */
    uint64_t model_count;
    int64_t repeat;                      /* 0, 1, ... */
} evalh_event_start;

/* DELTA: more of a streamed completion (only for requests with EVALH_SUBMIT_STREAM). */
typedef struct evalh_event_delta {
    evalh_event header;
    uint64_t request;
    uint32_t choice;
    uint32_t token_count;         /* tokens in this chunk; 0 if unknown */
    evalh_str text;               /* the new text */
    const evalh_logprob *tokens;  /* the new tokens, if log-probabilities were asked for */
    uint64_t logprob_count;
    const evalh_logprob *alternatives; /* of all tokens above, in order; alternative_count each */
    uint64_t alternative_total;
} evalh_event_delta;

/* Why a completion ended. */
#define EVALH_FINISH_STOP 0      /* the model ended it, or a stop text did */
#define EVALH_FINISH_LENGTH 1    /* cut off at max_tokens or at the end of the context: unfinished */
#define EVALH_FINISH_CANCELLED 2 /* the strategy cancelled it: unfinished */
#define EVALH_FINISH_FILTER 3    /* the provider withheld it */
#define EVALH_FINISH_OTHER 4

/* DONE: one choice of a request is complete. A request with n = 3 gives three, in any order. */
#define EVALH_DONE_LAST 0x1      /* header.flags: no more events for this request */
#define EVALH_DONE_ESTIMATED 0x2 /* header.flags: usage is estimated */
typedef struct evalh_event_done {
    evalh_event header;
    uint64_t request;
    uint32_t choice;
    uint32_t finish;              /* EVALH_FINISH_* */
    evalh_str text;               /* the whole completion, without the prefix it continued */
    evalh_usage usage;            /* of this choice; prompt_tokens is the whole prompt with every choice */
    double seconds;               /* from sending to the last byte */
    double first_token_seconds;   /* NaN if unknown */
    const evalh_logprob *tokens;  /* as in DELTA, for the whole completion */
    uint64_t logprob_count;
    const evalh_logprob *alternatives;
    uint64_t alternative_total;
} evalh_event_done;

/* Classes of failed requests. */
#define EVALH_FAILURE_TRANSPORT 1 /* no connection, broken off, timed out */
#define EVALH_FAILURE_SERVER 2    /* 5xx, or an answer that makes no sense */
#define EVALH_FAILURE_RATE 3      /* rate limit or quota, after all retries */
#define EVALH_FAILURE_REQUEST 4   /* the server refuses this request: bad parameters, too long a prompt */
#define EVALH_FAILURE_AUTH 5      /* not allowed */

/* REQUEST_FAILED: no more events for this request. The host has retried already as the suite allows. A strategy may go on
 * with what it has; if it passes on no answer for that reason, it should return EVALH_FAILED or FINISH with
 * EVALH_ANSWER_ERROR, so that the session counts as an error and not as a wrong answer. */
typedef struct evalh_event_failed {
    evalh_event header;
    uint64_t request;
    uint32_t failure;   /* EVALH_FAILURE_* */
    uint32_t retryable; /* 1: asking again later may help */
    evalh_str message;
    evalh_usage spent;  /* tokens paid for nothing, as far as known */
} evalh_event_failed;

/* CANCELLED: the answer to CANCEL; no more events for this request. If the completion was done before the cancel took
 * effect, DONE has come instead, and no CANCELLED follows. */
#define EVALH_CANCELLED_ESTIMATED 0x1 /* header.flags: tokens_received is estimated */
typedef struct evalh_event_cancelled {
    evalh_event header;
    uint64_t request;
    int64_t tokens_received;
} evalh_event_cancelled;

/* TIMER: the logical time set by SET_TIMER has come. */
typedef struct evalh_event_timer {
    evalh_event header;
    uint64_t timer;
} evalh_event_timer;

/* SCORE: the answer to ASK_SCORE. */
typedef struct evalh_event_score {
    evalh_event header;
    uint64_t request;
    double value;                /* for "evalh.logprob/1": sum of the continuation's token log-probabilities */
    const evalh_logprob *tokens; /* if the scorer has them */
    uint64_t logprob_count;
    evalh_usage usage;
} evalh_event_score;

/* BUDGET: little is left; comes at most once a session, when less than a fifth of a limit remains. */
typedef struct evalh_event_budget {
    evalh_event header;
    evalh_budget remaining; /* LAST member */
} evalh_event_budget;

/* Reasons for REJECTED. */
#define EVALH_REJECT_BUDGET 1      /* the worst case of the request exceeds what is left. Finish with what you have. */
#define EVALH_REJECT_UNSUPPORTED 2 /* the endpoint or this host cannot do that */
#define EVALH_REJECT_INVALID 3     /* malformed: unknown request or model, number out of range, request id used before */
#define EVALH_REJECT_LIMIT 4       /* too many requests or timers open, or too many in this session */

/* REJECTED: the action with this seq was not carried out. */
typedef struct evalh_event_rejected {
    evalh_event header;
    uint64_t action_seq;
    uint64_t request; /* the request it was about, or 0 */
    uint32_t reason;  /* EVALH_REJECT_* */
    uint32_t reserved;
    evalh_str message;
} evalh_event_rejected;

/* STOP: the session must end. Push FINISH before returning from this step, or the session is an error. No more requests
 * are carried out; EMIT and NOTE before FINISH are. */
typedef struct evalh_event_stop {
    evalh_event header;
    evalh_str reason;
} evalh_event_stop;

/* --------------------------------------------------------------------------------------------------- actions -- */

/* A host answers an action type it does not know with REJECTED (unsupported). */
#define EVALH_ACTION_SUBMIT 1
#define EVALH_ACTION_FORK 2
#define EVALH_ACTION_CANCEL 3
#define EVALH_ACTION_SET_TIMER 4
#define EVALH_ACTION_ASK_SCORE 5
#define EVALH_ACTION_EMIT 6
#define EVALH_ACTION_NOTE 7
#define EVALH_ACTION_FINISH 8
#define EVALH_ACTION_ADOPT 9

/* First member of every action. `seq` is given by the plugin, strictly increasing within a session, from 1. */
typedef struct evalh_action {
    uint32_t struct_size; /* of the whole action */
    uint16_t type;        /* EVALH_ACTION_* */
    uint16_t flags;       /* meaning depends on the type; else 0 */
    uint64_t seq;
} evalh_action;

/* SUBMIT: ask a model for n completions.
 * Samples come from the run's sample pool: the k-th completion a session asks for with the same messages, prefix and
 * sampling is sample k of that question, whichever arm asked for it first. */
#define EVALH_SUBMIT_STREAM 0x1 /* header.flags: send DELTA events */
typedef struct evalh_action_submit {
    evalh_action header;
    uint64_t request;  /* chosen by the plugin; not 0; never used twice in a session */
    evalh_str model;   /* role; empty: the arm's own */
    const evalh_message *const *messages; /* NULL: the item's prompt as given in START */
    uint64_t message_count;
    evalh_str prefix;  /* assistant text that the completion continues; empty: none */
    const evalh_sampling *sampling; /* NULL: the suite's */
    uint32_t n;        /* 1 to 1,024 */
    int32_t priority;  /* higher first, within this session's wishes; 0 usual */
} evalh_action_submit;

/* FORK: SUBMIT with the messages of an earlier request, continuing its prefix and the first `offset` bytes of its choice's
 * text, then `append`. The offset must lie on a character boundary. */
typedef struct evalh_action_fork {
    evalh_action header;       /* flags as for SUBMIT */
    uint64_t request;          /* the new one */
    uint64_t parent;           /* a request of this session with text */
    uint32_t parent_choice;
    uint32_t n;
    uint64_t offset;           /* bytes */
    evalh_str append;
    const evalh_sampling *sampling; /* NULL: the parent's */
    int32_t priority;
    uint32_t reserved;
} evalh_action_fork;

/* CANCEL: end a request. Its stream is closed at once; what was received is counted and paid. */
typedef struct evalh_action_cancel {
    evalh_action header;
    uint64_t request;
} evalh_action_cancel;

/* SET_TIMER: a TIMER event at or after logical time `time_ns`. Setting a timer id again moves it. */
typedef struct evalh_action_timer {
    evalh_action header;
    uint64_t timer;
    int64_t time_ns;
} evalh_action_timer;

/* ASK_SCORE: score a given continuation. Scorer "evalh.logprob/1": log-probabilities of `continuation` after the messages
 * and prefix, by the model of that role. Needs feature "evalh.score/1". */
typedef struct evalh_action_ask_score {
    evalh_action header;
    uint64_t request;  /* shares its numbers with SUBMIT's */
    evalh_str scorer;
    evalh_str model;
    const evalh_message *const *messages; /* NULL: the item's prompt */
    uint64_t message_count;
    evalh_str prefix;
    evalh_str continuation;
} evalh_action_ask_score;

/* EMIT: a candidate answer with its weight, for the record (reports show how the vote went). */
typedef struct evalh_action_emit {
    evalh_action header;
    evalh_str candidate;
    double weight;
    evalh_str evidence; /* JSON or text, at most 4,096 bytes are kept */
} evalh_action_emit;

/* NOTE: a key and value for the session's record. At most 64 notes of 1,024 bytes are kept. */
typedef struct evalh_action_note {
    evalh_action header;
    evalh_str key;
    evalh_str value;
} evalh_action_note;

/* FINISH: the session's answer; the last action. Open requests are cancelled and still counted. */
#define EVALH_ANSWER_UNFINISHED 0x1 /* header.flags: the answer is from a cut-off completion; never graded as right */
#define EVALH_ANSWER_NONE 0x2  /* header.flags: abstained; scored 0, counted as "no answer" */
#define EVALH_ANSWER_ERROR 0x4      /* header.flags: no result; the session is an error, `reason` says why */
typedef struct evalh_action_finish {
    evalh_action header;
    evalh_str answer;   /* text to grade, best a whole completion: the grader extracts the answer itself */
    double confidence;  /* in [0, 1] that the answer is right; NaN: none claimed */
    evalh_str reason;   /* why it stopped, a short fixed word such as "threshold" or "max_samples" */
} evalh_action_finish;

/* ADOPT: this session does what a peer of its item did: it is charged the peer's usage and money, and its clock goes on by the
 * peer's seconds. The peer's answer is then this session's to use. REJECTED (budget) if the session's budget has no room for it. */
typedef struct evalh_action_adopt {
    evalh_action header;
    uint64_t peer; /* index in evalh_peers */
} evalh_action_adopt;

/* Where actions go. push copies the action; EVALH_OK, or EVALH_FAILED if the host takes no more actions in this step (more
 * than 4,096) or the action is malformed (struct_size too small). */
typedef struct evalh_out {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    int32_t (*push)(const struct evalh_out *out, const evalh_action *action);
} evalh_out;

/* -------------------------------------------------------------------------------------------------- strategy -- */

/* What requests a session may make, for `evalh plan`. -1: unknown. */
typedef struct evalh_estimate {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t completions_min;
    int64_t completions_max;
    double prompt_passes;   /* how often, in the worst case, the item's prompt is sent, n choices of one request
                               counting once; NaN: as often as completions_max */
} evalh_estimate;

typedef struct evalh_strategy {
    uint32_t struct_size;
    uint32_t reserved;
    /* A new instance for one session, or NULL (say why with host->set_error). `host` is valid until destroy. */
    void *(*create)(const evalh_host *host, void *session);
    /* Takes events in order and pushes actions. EVALH_OK or EVALH_FAILED. An instance that has pushed FINISH gets no more
     * events. It must return quickly: milliseconds; the host counts its CPU time and gives up on a step that does
     * not return. */
    int32_t (*step)(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out);
    /* Ends an instance, at any point. */
    void (*destroy)(void *instance);
    /* Optional (NULL): what one session with these parameters may ask for. Stateless. */
    int32_t (*estimate)(evalh_str parameters_json, evalh_estimate *out);
} evalh_strategy;

/* ---------------------------------------------------------------------------------------------------- grader -- */

/* Where a grader puts a text: copied before it returns. */
typedef struct evalh_text_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    void (*set)(const struct evalh_text_sink *sink, evalh_str text);
} evalh_text_sink;

typedef struct evalh_grade_input {
    uint32_t struct_size;
    uint32_t finish;       /* EVALH_FINISH_* of the completion the answer is from */
    evalh_str answer;      /* the session's answer text */
    evalh_str target;      /* the item's target field */
    evalh_str fields_json; /* all of the item's fields, a JSON object */
} evalh_grade_input;

typedef struct evalh_grade_output {
    uint32_t struct_size;
    uint32_t reserved;
    double score;          /* set by the grader: 0 (wrong) to 1 (right) */
    double strict_score;  /* the same, counting only an answer that the text marks as its answer; NaN: as score */
    const evalh_text_sink *extracted;   /* what was taken as the answer */
    const evalh_text_sink *stage;       /* which rule found it */
    const evalh_text_sink *explanation; /* for people */
} evalh_grade_output;

/* A grader is stateless after create: every call with the same input gives the same output, from any thread at once. */
typedef struct evalh_grader {
    uint32_t struct_size;
    uint32_t reserved;
    /* Reads the parameters once. NULL on failure, with a text in `error`. */
    void *(*create)(evalh_str parameters_json, const evalh_text_sink *error);
    void (*destroy)(void *grader);
    /* EVALH_OK, or EVALH_FAILED with a text in out->explanation: the session becomes an error. */
    int32_t (*grade)(void *grader, const evalh_grade_input *input, evalh_grade_output *out);
    /* Optional: the canonical answer in a text, see evalh_host.extract. EVALH_OK, or EVALH_FAILED if there is none. */
    int32_t (*extract)(void *grader, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage);
} evalh_grader;

/* ---------------------------------------------------------------------------------------------------- metric -- */

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
    double eflops;          /* equivalent floating-point operations of its completions; NaN: a model's shape is unknown */
    /* What a model that shows its inside told of its work, as sums over `told_tokens` generated tokens; 0: it told nothing. */
    int64_t told_tokens;
    double depth;           /* share of the layers a token's prediction was made from */
    double compute;         /* share of a token's work at full depth */
    int64_t drafted_tokens; /* proposed by a draft model */
    int64_t accepted_tokens;
    int64_t target_calls;   /* passes of the whole model after the prompt */
} evalh_session_row;

/* A number with its interval. NaN and -1 where absent. */
typedef struct evalh_metric_value {
    uint32_t struct_size;
    uint32_t reserved;
    evalh_str name;
    evalh_str arm;          /* the arm it is about; empty: the run */
    int64_t level_index;    /* the level it is about; -1: the whole arm */
    double value;
    double ci_low;          /* 95 % interval */
    double ci_high;
    double stderr_;
    int64_t n;              /* independent units: items */
    evalh_str method;       /* how the interval was made */
    evalh_str detail_json;  /* a JSON object, or empty */
} evalh_metric_value;

typedef struct evalh_metric_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    void (*push)(const struct evalh_metric_sink *sink, const evalh_metric_value *value);
} evalh_metric_sink;

typedef struct evalh_metric {
    uint32_t struct_size;
    uint32_t reserved;
    void *(*create)(evalh_str parameters_json, uint64_t seed, const evalh_text_sink *error);
    void (*destroy)(void *metric);
    /* One more session. Memory must stay proportional to items, not to sessions. EVALH_OK, or EVALH_FAILED with a text
     * in `error`. */
    int32_t (*add)(void *metric, const evalh_session_row *row, const evalh_text_sink *error);
    /* After the last row, and again whenever more rows have come. EVALH_OK, or EVALH_FAILED with a text in `error`. */
    int32_t (*result)(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error);
} evalh_metric;

/* ------------------------------------------------------------------------------------------------- allocator -- */

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
    /* The fields of an item as a JSON object, without its target: valid until the next call. */
    evalh_str (*item_fields)(const struct evalh_allocation *allocation, uint64_t item);
} evalh_allocation;

/* Where a round's wishes go. */
typedef struct evalh_allocation_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* `more` further repeats of a cell, after those wished for before. */
    void (*want)(const struct evalh_allocation_sink *sink, uint64_t item, uint64_t row, uint64_t more);
    /* Why the round is as it is, for people: above all why the run ends. The last one counts. */
    void (*reason)(const struct evalh_allocation_sink *sink, evalh_str text);
} evalh_allocation_sink;

/* How much items count in means, where an allocator chose them with unequal chances. */
typedef struct evalh_weight_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* The mean of weight times score over the items chosen is then an unbiased estimate for all items. */
    void (*push)(const struct evalh_weight_sink *sink, uint64_t item, double weight);
} evalh_weight_sink;

/* Decides in rounds which sessions run. The host calls next; runs all sessions of the round; gives them to add, ordered
 * by item, row and repeat whatever the order in which they ended; and calls next again, until a round is empty. So an
 * allocator is a pure function of what the sessions gave: a resumed run takes the same decisions. */
typedef struct evalh_allocator {
    uint32_t struct_size;
    uint32_t reserved;
    void *(*create)(evalh_str parameters_json, const evalh_allocation *allocation, uint64_t seed, const evalh_text_sink *error);
    void (*destroy)(void *allocator);
    /* One finished session of the last round. A failed one (is_error) counts as run. */
    int32_t (*add)(void *allocator, const evalh_session_row *row, const evalh_text_sink *error);
    /* The next round; nothing wanted: the run ends. */
    int32_t (*next)(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *error);
    /* Optional, after the last round: the weights of all items that have sessions. NULL: all count alike. */
    int32_t (*weights)(void *allocator, const evalh_weight_sink *out, const evalh_text_sink *error);
    /* Optional, after any round: numbers whose intervals hold although the allocator looked at results on the way. */
    int32_t (*result)(void *allocator, const evalh_metric_sink *out, const evalh_text_sink *error);
} evalh_allocator;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_H */
