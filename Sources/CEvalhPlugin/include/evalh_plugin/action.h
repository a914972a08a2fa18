/*
 * evalh_plugin/action.h: what a strategy asks of the host.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_ACTION_H
#define EVALH_PLUGIN_ACTION_H

#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A host answers an action type it does not know with REJECTED (unsupported). */
#define EVALH_ACTION_SUBMIT 1
#define EVALH_ACTION_FORK 2
#define EVALH_ACTION_CANCEL 3
#define EVALH_ACTION_SET_TIMER 4
#define EVALH_ACTION_CALL 5
#define EVALH_ACTION_EMIT 6
#define EVALH_ACTION_NOTE 7
#define EVALH_ACTION_FINISH 8
#define EVALH_ACTION_ADOPT 9
#define EVALH_ACTION_NUMBER 10

/* First member of every action. `seq` is given by the plugin, strictly increasing within a session, from 1.
 * Frozen: 16 bytes; actions grow behind their own last member. */
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

/* FORK: SUBMIT with the messages of an earlier request, continuing its prefix and the first `offset` bytes of its
 * choice's text, then `append`. The offset must lie on a character boundary. */
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

/* CALL: call a service of the suite. The call is recorded once, under the service, the payload and its number among the
 * session's calls of that payload: another arm that makes it gets the same result. Answered by RESULT, REQUEST_FAILED,
 * CANCELLED or REJECTED: no such service (unsupported), a payload that the service does not take (invalid), no room in
 * the budget. */
typedef struct evalh_action_call {
    evalh_action header;
    uint64_t request;  /* shares its numbers with SUBMIT's; CANCEL takes it */
    evalh_str service; /* a name of START's services */
    evalh_str payload; /* a JSON object, by the service's kind; members in any order */
    int32_t priority;  /* as for SUBMIT */
    uint32_t reserved;
} evalh_action_call;

/* EMIT: a candidate answer with its weight, for the record (reports show how the vote went). */
typedef struct evalh_action_emit {
    evalh_action header;
    evalh_str candidate;
    double weight;
    evalh_str evidence; /* JSON or text, at most 4,096 bytes are kept */
} evalh_action_emit;

/* NOTE: a key and value for the session's record. At most 64 notes are kept, of so many bytes each as the suite's
 * `log: {note_bytes: …}` says; longer ones are cut at a character. */
#define EVALH_NOTE_DEBUG 0x1 /* header.flags: a line for the author: kept only where sessions are logged */
typedef struct evalh_action_note {
    evalh_action header;
    evalh_str key;
    evalh_str value;
} evalh_action_note;

/* NUMBER: a measure of the session under a name of the plugin's own; the last value of a name counts. It becomes a
 * column of the samples, its mean a number of the arm. Names: letters, digits, _ and -, at most 64; at most 32
 * names. */
typedef struct evalh_action_number {
    evalh_action header;
    evalh_str name;
    double value; /* finite */
} evalh_action_number;

/* FINISH: the session's answer; the last action. Open requests are cancelled and still counted. */
#define EVALH_ANSWER_UNFINISHED 0x1 /* header.flags: the answer is from a cut-off completion; never graded as right */
#define EVALH_ANSWER_NONE 0x2       /* header.flags: abstained; scored 0, counted as "no answer" */
#define EVALH_ANSWER_ERROR 0x4      /* header.flags: no result; the session is an error, `reason` says why */
typedef struct evalh_action_finish {
    evalh_action header;
    evalh_str answer;   /* text to grade, best a whole completion: the grader extracts the answer itself */
    double confidence;  /* in [0, 1] that the answer is right; NaN: none claimed */
    evalh_str reason;   /* why it stopped, a short fixed word such as "threshold" or "max_samples" */
} evalh_action_finish;

/* ADOPT: this session does what a peer of its item did: it is charged the peer's usage and money, and its clock goes on
 * by the peer's seconds. The peer's answer is then this session's to use. REJECTED (budget) if the session's budget has
 * no room for it. */
typedef struct evalh_action_adopt {
    evalh_action header;
    uint64_t peer; /* index in evalh_peers */
} evalh_action_adopt;

/* Where actions go; valid until step returns. */
typedef struct evalh_out {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* [in a call] Copies the action and all it points to. EVALH_OK, or EVALH_FAILED if the host takes no more actions
     * in this step (more than 4,096) or the action is malformed (struct_size too small). */
    int32_t (*push)(const struct evalh_out *out, const evalh_action *action);
} evalh_out;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_ACTION_H */
