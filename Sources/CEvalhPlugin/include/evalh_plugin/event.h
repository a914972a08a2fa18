/*
 * evalh_plugin/event.h: what the host tells a strategy.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_EVENT_H
#define EVALH_PLUGIN_EVENT_H

#include "host.h"
#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Unknown event types must be skipped. */
#define EVALH_EVENT_START 1
#define EVALH_EVENT_DELTA 2
#define EVALH_EVENT_DONE 3
#define EVALH_EVENT_REQUEST_FAILED 4
#define EVALH_EVENT_CANCELLED 5
#define EVALH_EVENT_TIMER 6
#define EVALH_EVENT_RESULT 7
#define EVALH_EVENT_BUDGET 8
#define EVALH_EVENT_REJECTED 9
#define EVALH_EVENT_STOP 10

/* First member of every event. Frozen: 24 bytes; events grow behind their own last member. */
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
    const evalh_sampling *sampling; /* the suite's values for it, none absent */
} evalh_model;

/* A service that CALL may name. */
typedef struct evalh_service_info {
    uint32_t struct_size;
    uint32_t reserved;
    evalh_str name;        /* as under the suite's `services:` */
    evalh_str kind;        /* "score", "embed", "retrieve", "execute", "tool", "mcp", "judge" or "plugin" */
    evalh_str description; /* a JSON object: what it can do, by its kind */
} evalh_service_info;

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
    const evalh_service_info *const *services;
    uint64_t service_count;
} evalh_event_start;

/* DELTA: more of a streamed completion (only for requests with EVALH_SUBMIT_STREAM). A thought that a model writes into
 * its text, such as <think>...</think>, is part of the text; extract and graders see the answer alone. */
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
    evalh_str reasoning;          /* new thinking that the endpoint sends apart from the text; then `text` is empty.
                                     It is no part of the completion: FORK's offsets do not count it. */
} evalh_event_delta;

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
    evalh_str reasoning;          /* all thinking that the endpoint sent apart from the text; empty: none */
} evalh_event_done;

/* Classes of failed requests. */
#define EVALH_FAILURE_TRANSPORT 1 /* no connection, broken off, timed out */
#define EVALH_FAILURE_SERVER 2    /* 5xx, or an answer that makes no sense */
#define EVALH_FAILURE_RATE 3      /* rate limit or quota, after all retries */
#define EVALH_FAILURE_REQUEST 4   /* the server refuses this request: bad parameters, too long a prompt */
#define EVALH_FAILURE_AUTH 5      /* not allowed */

/* REQUEST_FAILED: no more events for this request. The host has retried already as the suite allows. A strategy that
 * passes on no answer for that reason returns EVALH_FAILED or FINISH with EVALH_ANSWER_ERROR. Whatever answer it gives,
 * the session is an error with this failure's message, unless the strategy has EVALH_NEED_PARTIAL: then it may go on
 * with what it has, and the session is marked as served in part. Requests that it had cancelled are not meant. */
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

/* RESULT: the answer to CALL; no more events for this request. A service that could not be reached gives REQUEST_FAILED
 * instead, and a cancelled call CANCELLED, as requests of models do. */
#define EVALH_RESULT_ERROR 0x1     /* header.flags: the service did its work and says that the call failed */
#define EVALH_RESULT_ESTIMATED 0x2 /* header.flags: usage is estimated */
typedef struct evalh_event_result {
    evalh_event header;
    uint64_t request;
    evalh_str result;  /* JSON, by the service's kind; of an error an object with a text `error` */
    evalh_usage usage; /* tokens of a model that took part */
    double seconds;    /* from the call to its result */
} evalh_event_result;

/* BUDGET: little is left; comes at most once a session, when less than a fifth of a limit remains. */
typedef struct evalh_event_budget {
    evalh_event header;
    const evalh_budget *remaining;
} evalh_event_budget;

/* Reasons for REJECTED. */
#define EVALH_REJECT_BUDGET 1      /* the worst case of the request exceeds what is left. Finish with what you have. */
#define EVALH_REJECT_UNSUPPORTED 2 /* the endpoint or this host cannot do that */
#define EVALH_REJECT_INVALID 3     /* malformed: unknown request or model, number out of range, request id used twice */
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

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_EVENT_H */
