//! The plugin ABI of evalh, declared for Rust. Generated from `evalh_plugin.h` by `scripts/abi write`: do not edit.
//!
//! The header is the manual; its five rules hold here. `evalh-plugin` wraps this safely.

#![allow(non_camel_case_types)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use std::os::raw::{c_char, c_void};

// evalh_plugin/types.h: texts, numbers and results that all kinds share.
pub const EVALH_ABI_MAJOR: u32 = 1;
pub const EVALH_ABI_MINOR: u32 = 0;

/// A view of UTF-8 text: `len` bytes at `ptr`; not NUL-terminated. Frozen: 16 bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_str {
    pub ptr: *const c_char,
    pub len: u64,
}

/// Tokens of one completion or of many. Frozen: 40 bytes. A count that the server did not tell is estimated by
/// the host; what is estimated is flagged in the event that carries it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_usage {
    /// all tokens of the prompt, cached ones included
    pub prompt_tokens: i64,
    /// of these, taken from the server's prefix cache
    pub cached_prompt_tokens: i64,
    /// generated tokens, reasoning included
    pub completion_tokens: i64,
    /// of these, hidden reasoning
    pub reasoning_tokens: i64,
    /// generated tokens of completions that were cancelled midway
    pub cancelled_tokens: i64,
}

/// One token with the log-probability (natural logarithm) of its sampling, from the model's raw distribution.
/// Frozen: 32 bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_logprob {
    pub token: evalh_str,
    pub logprob: f64,
    /// how many entries of the parallel alternatives array belong to this token
    pub alternative_count: u32,
    pub reserved: u32,
}

// Results of functions that return int32_t.
pub const EVALH_OK: i32 = 0;

/// the call failed; say why with host-\>set_error. Ends this session, never the run.
pub const EVALH_FAILED: i32 = 1;

/// this host or plugin does not do that
pub const EVALH_UNSUPPORTED: i32 = 2;

/// a grader's extract: the text could not be read, which is not the same as no answer
pub const EVALH_ERROR: i32 = 3;

// Why a completion ended.
/// the model ended it, or a stop text did
pub const EVALH_FINISH_STOP: u32 = 0;

/// cut off at max_tokens or at the end of the context: unfinished
pub const EVALH_FINISH_LENGTH: u32 = 1;

/// the strategy cancelled it: unfinished
pub const EVALH_FINISH_CANCELLED: u32 = 2;

/// the provider withheld it
pub const EVALH_FINISH_FILTER: u32 = 3;
pub const EVALH_FINISH_OTHER: u32 = 4;

/// Where a plugin puts a text: an answer, an error. It is copied before `set` returns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_text_sink {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    /// \[in a call] The last text counts.
    pub set: Option<unsafe extern "C" fn(sink: *const evalh_text_sink, text: evalh_str)>,
}

// evalh_plugin/library.h: what host and library say of themselves, and the entry function.

/// What the host says of itself to the entry function.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_host_info {
    pub struct_size: u32,
    /// 1
    pub abi_major: u32,
    /// oldest minor it serves
    pub abi_minor_min: u32,
    /// newest minor it serves
    pub abi_minor_max: u32,
    /// "evalh"
    pub name: evalh_str,
    /// "0.1.0"
    pub version: evalh_str,
    /// the features it has
    pub features: *const evalh_str,
    pub feature_count: u64,
}

/// What a library says of itself. Returned by the entry function; constant until the process ends.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_library {
    pub struct_size: u32,
    /// EVALH_ABI_MAJOR it was built with
    pub abi_major: u32,
    /// EVALH_ABI_MINOR it was built with
    pub abi_minor_built: u32,
    /// smallest host minor it runs with, usually 0
    pub abi_minor_required: u32,
    /// of the library, for messages
    pub name: evalh_str,
    /// of the library, semantic versioning
    pub version: evalh_str,
    /// the host refuses the library if it lacks one
    pub features_required: *const evalh_str,
    pub features_required_count: u64,
    pub plugins: *const *const evalh_descriptor,
    pub plugin_count: u64,
    /// not empty: the library declines this host, and why; then plugins may be empty
    pub refusal: evalh_str,
}

/// \[any thread] The entry function's type and name. `host` is gone when it returns. It may be called more than once and
/// always returns the same table. It must do no work but fill constant tables: listing plugins calls it. NULL means:
/// nothing to offer to this host.
pub type evalh_entry_fn = unsafe extern "C" fn(host: *const evalh_host_info) -> *const evalh_library;
pub const EVALH_ENTRY_NAME: &str = "evalh_plugin_v1";

// What a plugin needs of the endpoint, as bits of evalh_descriptor.needs.
/// chunks while a completion is generated
pub const EVALH_NEED_STREAM: u32 = 0x1;

/// log-probabilities of sampled tokens
pub const EVALH_NEED_LOGPROBS: u32 = 0x2;

/// continuing a given assistant text
pub const EVALH_NEED_PREFIX: u32 = 0x4;

/// stopping a generation midway saves its remaining cost
pub const EVALH_NEED_CANCEL: u32 = 0x8;

/// a service of kind "score"
pub const EVALH_NEED_SCORE: u32 = 0x10;

/// results of other arms: its sessions come after theirs; see evalh_peers
pub const EVALH_NEED_PEERS: u32 = 0x20;

/// how its own item's peers were graded; such an arm is always marked as an oracle
pub const EVALH_NEED_ORACLE: u32 = 0x40;

/// of metrics: arms with levels; suites that name another arm are refused
pub const EVALH_NEED_LEVELS: u32 = 0x80;

/// of graders: compares with no target; items may do without the target field
pub const EVALH_NEED_NO_TARGET: u32 = 0x100;

/// of strategies: partial service: it may answer although requests failed; see
/// REQUEST_FAILED. Its sessions are then marked, and asked again by `evalh resume`
pub const EVALH_NEED_PARTIAL: u32 = 0x200;

/// with EVALH_NEED_PREFIX: does without continuing a text where the endpoint sends
/// thinking apart from it (evalh_event_delta.reasoning). Such endpoints cannot
/// continue a thought, and are refused to other strategies that need prefixes.
pub const EVALH_NEED_OR_REASONING: u32 = 0x400;

// Kinds: evalh_descriptor.kind, and what evalh_descriptor.table then points to.
/// evalh_strategy
pub const EVALH_KIND_STRATEGY: &str = "evalh.strategy/1";

/// evalh_grader
pub const EVALH_KIND_GRADER: &str = "evalh.grader/1";

/// evalh_metric
pub const EVALH_KIND_METRIC: &str = "evalh.metric/1";

/// evalh_allocator
pub const EVALH_KIND_ALLOCATOR: &str = "evalh.allocator/1";

/// evalh_service
pub const EVALH_KIND_SERVICE: &str = "evalh.service/1";

/// One plugin. Constant until the process ends.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_descriptor {
    pub struct_size: u32,
    /// EVALH_NEED_* bits that every use of the plugin has
    pub needs: u32,
    /// alternatives a token it needs, 0 if none
    pub top_logprobs: u32,
    pub reserved: u32,
    /// EVALH_KIND_*
    pub kind: evalh_str,
    /// what suites write after `strategy:` or `use:`. Ids without a dot belong to the
    /// plugins shipped with evalh; others use reverse-DNS: "org.example.vote". Two
    /// plugins of one kind and id are an error that names both files.
    pub id: evalh_str,
    /// semantic versioning. A change of scores or decisions is a new version.
    pub version: evalh_str,
    /// one line
    pub title: evalh_str,
    /// Markdown: the algorithm, what it costs, how ties and missing answers are treated
    pub description: evalh_str,
    /// paper and equation, or where else it is from
    pub source: evalh_str,
    /// JSON Schema (an object type) of the parameters; {NULL,0}: takes none. Suites'
    /// `with:` is checked against it: type, properties, required, default, minimum,
    /// maximum, exclusiveMinimum, exclusiveMaximum, enum, items, description, format. The
    /// formats "evalh-role", "evalh-service" and "evalh-file" say that a text names a
    /// model's role, a service, or a file, which stands relative to the suite.
    pub parameters_schema: evalh_str,
    /// the kind's function table
    pub table: *const c_void,
    /// of metrics and allocators: the names of the values it may give, separated by
    /// spaces; what gates may name. A name may end in `*`, which stands for what
    /// parameters decide: pass_at_*. Empty: its id alone. A value of another name is
    /// a fault of the plugin, and so is one of the host's names (accuracy, tokens).
    pub outputs: evalh_str,
}

// evalh_plugin/host.h: what the host does for a session.

/// What is left to spend. -1 (tokens) and NaN (the others): no limit.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_budget {
    pub struct_size: u32,
    pub reserved: u32,
    /// prompt and completion tokens this session may still reserve
    pub tokens: i64,
    pub usd: f64,
    /// of logical time
    pub seconds: f64,
}

/// An answer found in a text by the suite's grader, see evalh_host.extract.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_extraction {
    pub struct_size: u32,
    /// 1: an answer was found, else 0 and the rest is empty
    pub found: u32,
    /// Canonical: within a session two texts give the same bytes if and only if their answers are of one class. An
    /// answer joins the first class, in order of extraction, whose first answer the grader holds it the same as, and is
    /// given as that first answer.
    pub answer: evalh_str,
    /// which rule found it, for example "marker"
    pub stage: evalh_str,
}

/// Functions for an instance, valid until destroy returns. `session` is the opaque value given to create.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_host {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[in a call] 64 uniform random bits from the session's own stream, seeded by (suite seed, item, arm, repeat).
    pub rand: Option<unsafe extern "C" fn(session: *mut c_void) -> u64>,
    /// \[in a call] The canonical answer in a completion's text, by the suite's grader: what votes are counted by. It
    /// knows nothing of the target. `finish` is the completion's EVALH_FINISH_*: an unfinished text has no answer. What
    /// the model thought is taken out first, as the suite says of it; a text that ends within a thought has no answer.
    /// The texts in `out` are valid until the next call of extract or until step returns. EVALH_OK, or EVALH_UNSUPPORTED
    /// without a grader.
    pub extract: Option<unsafe extern "C" fn(session: *mut c_void, text: evalh_str, finish: u32, out: *mut evalh_extraction) -> i32>,
    /// \[in a call] What is left of the session's budget, after reservations for open requests.
    pub budget: Option<unsafe extern "C" fn(session: *mut c_void, out: *mut evalh_budget) -> i32>,
    /// \[in a call] Says why the call that is about to return EVALH_FAILED failed. At most 4,096 bytes are copied.
    pub set_error: Option<unsafe extern "C" fn(session: *mut c_void, code: i32, text: evalh_str)>,
    /// \[any thread] By the plugin, for debug builds: 1 if the caller may call host functions on this session now, else
    /// 0.
    pub on_session_thread: Option<unsafe extern "C" fn(session: *mut c_void) -> i32>,
    /// \[in a call] An extension by id, such as "org.example.thing/1", or NULL. Host 1.0 has "evalh.peers/1"
    /// (evalh_peers). It is valid until destroy returns.
    pub extension: Option<unsafe extern "C" fn(session: *mut c_void, id: evalh_str) -> *const c_void>,
}

// evalh_plugin/peers.h: the results of the run's other arms.

/// Extension "evalh.peers/1": the finished sessions of the run's arms that need no peers themselves, those of this
/// session's repeat, in order of item, arm and level. They are the same whenever the session is done again.
pub const EVALH_PEERS_EXTENSION: &str = "evalh.peers/1";

/// of this session's item: may be adopted
pub const EVALH_PEER_OWN: u32 = 0x1;

/// the session failed: no score, no answer
pub const EVALH_PEER_ERROR: u32 = 0x2;

/// One finished session.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_peer {
    pub struct_size: u32,
    /// EVALH_PEER_*
    pub flags: u32,
    /// number of the item in the run, from 0
    pub item: u64,
    /// the arm's id, with its level as in reports: "scaling@samples=4"
    pub arm: evalh_str,
    /// 0 to 1; NaN: an error, or hidden: only an oracle sees how its own item was graded
    pub score: f64,
    /// NaN: none claimed
    pub confidence: f64,
    /// what it was charged
    pub usage: evalh_usage,
    /// NaN: unknown
    pub usd: f64,
    /// its critical path
    pub seconds: f64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_peers {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[in a call] The number of this session's item.
    pub item: Option<unsafe extern "C" fn(session: *mut c_void) -> u64>,
    /// \[in a call] How many items the run has.
    pub item_count: Option<unsafe extern "C" fn(session: *mut c_void) -> u64>,
    /// \[in a call] How many peers there are.
    pub count: Option<unsafe extern "C" fn(session: *mut c_void) -> u64>,
    /// \[in a call] The peer of an index below count. The texts are valid until step returns.
    pub get: Option<unsafe extern "C" fn(session: *mut c_void, index: u64, out: *mut evalh_peer) -> i32>,
    /// \[in a call] The answer of a peer of the own item, and its EVALH_ANSWER_* flags; EVALH_FAILED for others. Valid
    /// until step returns.
    pub answer: Option<unsafe extern "C" fn(session: *mut c_void, index: u64, out: *mut evalh_str, flags: *mut u32) -> i32>,
}

// evalh_plugin/request.h: what a model is asked.
pub const EVALH_ROLE_SYSTEM: u32 = 0;
pub const EVALH_ROLE_USER: u32 = 1;
pub const EVALH_ROLE_ASSISTANT: u32 = 2;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_message {
    pub struct_size: u32,
    /// EVALH_ROLE_*
    pub role: u32,
    pub content: evalh_str,
}

/// How to sample. Absent values (-1, NaN, NULL) mean: as the suite says for this model.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_sampling {
    pub struct_size: u32,
    /// 1 or more
    pub max_tokens: i32,
    /// 0: greedy
    pub temperature: f64,
    /// (0, 1]
    pub top_p: f64,
    /// \[0, 1]
    pub min_p: f64,
    /// 0: no limit
    pub top_k: i32,
    /// 0: log-probabilities of the sampled token; k: and of k alternatives; -1: absent, and
    /// in evalh_model.sampling: no log-probabilities
    pub top_logprobs: i32,
    /// stop texts beside the suite's
    pub stop: *const evalh_str,
    pub stop_count: u64,
    /// 0 or more: sample k is drawn with seed + k; -1: the run's own seeds
    pub seed: i64,
    /// the completion is a JSON text of this schema, where the endpoint can hold it to that;
    /// empty: free text
    pub json_schema: evalh_str,
}

// evalh_plugin/event.h: what the host tells a strategy.

// Unknown event types must be skipped.
pub const EVALH_EVENT_START: u16 = 1;
pub const EVALH_EVENT_DELTA: u16 = 2;
pub const EVALH_EVENT_DONE: u16 = 3;
pub const EVALH_EVENT_REQUEST_FAILED: u16 = 4;
pub const EVALH_EVENT_CANCELLED: u16 = 5;
pub const EVALH_EVENT_TIMER: u16 = 6;
pub const EVALH_EVENT_RESULT: u16 = 7;
pub const EVALH_EVENT_BUDGET: u16 = 8;
pub const EVALH_EVENT_REJECTED: u16 = 9;
pub const EVALH_EVENT_STOP: u16 = 10;

/// First member of every event. Frozen: 24 bytes; events grow behind their own last member.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event {
    /// of the whole event
    pub struct_size: u32,
    /// EVALH_EVENT_*
    pub r#type: u16,
    /// meaning depends on the type
    pub flags: u16,
    /// strictly increasing within a session, from 1
    pub seq: u64,
    /// logical nanoseconds since the session's start; never decreases
    pub time_ns: i64,
}

// What the endpoint of a model role can do: bits of evalh_model.can. Those of EVALH_NEED_*, and:
/// several choices from one request; a strategy need not care, the host splits
pub const EVALH_CAN_N: u32 = 0x100;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_model {
    pub struct_size: u32,
    /// EVALH_NEED_* | EVALH_CAN_*; unknown before the first use: all bits set
    pub can: u32,
    /// the most alternatives a token it gives
    pub top_logprobs: u32,
    pub reserved: u32,
    /// "main", or another name under the suite's `models:`
    pub role: evalh_str,
    /// the model's own name
    pub name: evalh_str,
    /// the suite's values for it, none absent
    pub sampling: *const evalh_sampling,
}

/// A service that CALL may name.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_service_info {
    pub struct_size: u32,
    pub reserved: u32,
    /// as under the suite's `services:`
    pub name: evalh_str,
    /// "score", "embed", "retrieve", "execute", "tool", "mcp", "judge" or "plugin"
    pub kind: evalh_str,
    /// a JSON object: what it can do, by its kind
    pub description: evalh_str,
}

/// START: the first event.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_start {
    pub header: evalh_event,
    pub item_id: evalh_str,
    /// the item's input field
    pub input: evalh_str,
    /// all of the item's fields but the target's, a JSON object
    pub fields_json: evalh_str,
    /// the item's prompt, rendered
    pub messages: *const *const evalh_message,
    pub message_count: u64,
    /// a JSON object: the suite's `with:` and level, defaults filled in
    pub parameters_json: evalh_str,
    /// the session's seed
    pub seed: u64,
    /// models\[0] is the arm's own
    pub models: *const *const evalh_model,
    pub model_count: u64,
    /// 0, 1, ...
    pub repeat: i64,
    pub services: *const *const evalh_service_info,
    pub service_count: u64,
}

/// DELTA: more of a streamed completion (only for requests with EVALH_SUBMIT_STREAM). A thought that a model writes into
/// its text, such as \<think\>...\</think\>, is part of the text; extract and graders see the answer alone.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_delta {
    pub header: evalh_event,
    pub request: u64,
    pub choice: u32,
    /// tokens in this chunk; 0 if unknown
    pub token_count: u32,
    /// the new text
    pub text: evalh_str,
    /// the new tokens, if log-probabilities were asked for
    pub tokens: *const evalh_logprob,
    pub logprob_count: u64,
    /// of all tokens above, in order; alternative_count each
    pub alternatives: *const evalh_logprob,
    pub alternative_total: u64,
    /// new thinking that the endpoint sends apart from the text; then `text` is empty.
    /// It is no part of the completion: FORK's offsets do not count it.
    pub reasoning: evalh_str,
}

// DONE: one choice of a request is complete. A request with n = 3 gives three, in any order.
/// header.flags: no more events for this request
pub const EVALH_DONE_LAST: u16 = 0x1;

/// header.flags: usage is estimated
pub const EVALH_DONE_ESTIMATED: u16 = 0x2;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_done {
    pub header: evalh_event,
    pub request: u64,
    pub choice: u32,
    /// EVALH_FINISH_*
    pub finish: u32,
    /// the whole completion, without the prefix it continued
    pub text: evalh_str,
    /// of this choice; prompt_tokens is the whole prompt with every choice
    pub usage: evalh_usage,
    /// from sending to the last byte
    pub seconds: f64,
    /// NaN if unknown
    pub first_token_seconds: f64,
    /// as in DELTA, for the whole completion
    pub tokens: *const evalh_logprob,
    pub logprob_count: u64,
    pub alternatives: *const evalh_logprob,
    pub alternative_total: u64,
    /// all thinking that the endpoint sent apart from the text; empty: none
    pub reasoning: evalh_str,
}

// Classes of failed requests.
/// no connection, broken off, timed out
pub const EVALH_FAILURE_TRANSPORT: u32 = 1;

/// 5xx, or an answer that makes no sense
pub const EVALH_FAILURE_SERVER: u32 = 2;

/// rate limit or quota, after all retries
pub const EVALH_FAILURE_RATE: u32 = 3;

/// the server refuses this request: bad parameters, too long a prompt
pub const EVALH_FAILURE_REQUEST: u32 = 4;

/// not allowed
pub const EVALH_FAILURE_AUTH: u32 = 5;

/// REQUEST_FAILED: no more events for this request. The host has retried already as the suite allows. A strategy that
/// passes on no answer for that reason returns EVALH_FAILED or FINISH with EVALH_ANSWER_ERROR. Whatever answer it gives,
/// the session is an error with this failure's message, unless the strategy has EVALH_NEED_PARTIAL: then it may go on
/// with what it has, and the session is marked as served in part. Requests that it had cancelled are not meant.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_failed {
    pub header: evalh_event,
    pub request: u64,
    /// EVALH_FAILURE_*
    pub failure: u32,
    /// 1: asking again later may help
    pub retryable: u32,
    pub message: evalh_str,
    /// tokens paid for nothing, as far as known
    pub spent: evalh_usage,
}

// CANCELLED: the answer to CANCEL; no more events for this request. If the completion was done before the cancel took
// effect, DONE has come instead, and no CANCELLED follows.
/// header.flags: tokens_received is estimated
pub const EVALH_CANCELLED_ESTIMATED: u16 = 0x1;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_cancelled {
    pub header: evalh_event,
    pub request: u64,
    pub tokens_received: i64,
}

/// TIMER: the logical time set by SET_TIMER has come.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_timer {
    pub header: evalh_event,
    pub timer: u64,
}

// RESULT: the answer to CALL; no more events for this request. A service that could not be reached gives REQUEST_FAILED
// instead, and a cancelled call CANCELLED, as requests of models do.
/// header.flags: the service did its work and says that the call failed
pub const EVALH_RESULT_ERROR: u16 = 0x1;

/// header.flags: usage is estimated
pub const EVALH_RESULT_ESTIMATED: u16 = 0x2;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_result {
    pub header: evalh_event,
    pub request: u64,
    /// JSON, by the service's kind; of an error an object with a text `error`
    pub result: evalh_str,
    /// tokens of a model that took part
    pub usage: evalh_usage,
    /// from the call to its result
    pub seconds: f64,
}

/// BUDGET: little is left; comes at most once a session, when less than a fifth of a limit remains.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_budget {
    pub header: evalh_event,
    pub remaining: *const evalh_budget,
}

// Reasons for REJECTED.
/// the worst case of the request exceeds what is left. Finish with what you have.
pub const EVALH_REJECT_BUDGET: u32 = 1;

/// the endpoint or this host cannot do that
pub const EVALH_REJECT_UNSUPPORTED: u32 = 2;

/// malformed: unknown request or model, number out of range, request id used twice
pub const EVALH_REJECT_INVALID: u32 = 3;

/// too many requests or timers open, or too many in this session
pub const EVALH_REJECT_LIMIT: u32 = 4;

/// REJECTED: the action with this seq was not carried out.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_rejected {
    pub header: evalh_event,
    pub action_seq: u64,
    /// the request it was about, or 0
    pub request: u64,
    /// EVALH_REJECT_*
    pub reason: u32,
    pub reserved: u32,
    pub message: evalh_str,
}

/// STOP: the session must end. Push FINISH before returning from this step, or the session is an error. No more requests
/// are carried out; EMIT and NOTE before FINISH are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_event_stop {
    pub header: evalh_event,
    pub reason: evalh_str,
}

// evalh_plugin/action.h: what a strategy asks of the host.

// A host answers an action type it does not know with REJECTED (unsupported).
pub const EVALH_ACTION_SUBMIT: u16 = 1;
pub const EVALH_ACTION_FORK: u16 = 2;
pub const EVALH_ACTION_CANCEL: u16 = 3;
pub const EVALH_ACTION_SET_TIMER: u16 = 4;
pub const EVALH_ACTION_CALL: u16 = 5;
pub const EVALH_ACTION_EMIT: u16 = 6;
pub const EVALH_ACTION_NOTE: u16 = 7;
pub const EVALH_ACTION_FINISH: u16 = 8;
pub const EVALH_ACTION_ADOPT: u16 = 9;
pub const EVALH_ACTION_NUMBER: u16 = 10;

/// First member of every action. `seq` is given by the plugin, strictly increasing within a session, from 1.
/// Frozen: 16 bytes; actions grow behind their own last member.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action {
    /// of the whole action
    pub struct_size: u32,
    /// EVALH_ACTION_*
    pub r#type: u16,
    /// meaning depends on the type; else 0
    pub flags: u16,
    pub seq: u64,
}

// SUBMIT: ask a model for n completions.
// Samples come from the run's sample pool: the k-th completion a session asks for with the same messages, prefix and
// sampling is sample k of that question, whichever arm asked for it first.
/// header.flags: send DELTA events
pub const EVALH_SUBMIT_STREAM: u16 = 0x1;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_submit {
    pub header: evalh_action,
    /// chosen by the plugin; not 0; never used twice in a session
    pub request: u64,
    /// role; empty: the arm's own
    pub model: evalh_str,
    /// NULL: the item's prompt as given in START
    pub messages: *const *const evalh_message,
    pub message_count: u64,
    /// assistant text that the completion continues; empty: none
    pub prefix: evalh_str,
    /// NULL: the suite's
    pub sampling: *const evalh_sampling,
    /// 1 to 1,024
    pub n: u32,
    /// higher first, within this session's wishes; 0 usual
    pub priority: i32,
}

/// FORK: SUBMIT with the messages of an earlier request, continuing its prefix and the first `offset` bytes of its
/// choice's text, then `append`. The offset must lie on a character boundary.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_fork {
    /// flags as for SUBMIT
    pub header: evalh_action,
    /// the new one
    pub request: u64,
    /// a request of this session with text
    pub parent: u64,
    pub parent_choice: u32,
    pub n: u32,
    /// bytes
    pub offset: u64,
    pub append: evalh_str,
    /// NULL: the parent's
    pub sampling: *const evalh_sampling,
    pub priority: i32,
    pub reserved: u32,
}

/// CANCEL: end a request. Its stream is closed at once; what was received is counted and paid.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_cancel {
    pub header: evalh_action,
    pub request: u64,
}

/// SET_TIMER: a TIMER event at or after logical time `time_ns`. Setting a timer id again moves it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_timer {
    pub header: evalh_action,
    pub timer: u64,
    pub time_ns: i64,
}

/// CALL: call a service of the suite. The call is recorded once, under the service, the payload and its number among the
/// session's calls of that payload: another arm that makes it gets the same result. Answered by RESULT, REQUEST_FAILED,
/// CANCELLED or REJECTED: no such service (unsupported), a payload that the service does not take (invalid), no room in
/// the budget.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_call {
    pub header: evalh_action,
    /// shares its numbers with SUBMIT's; CANCEL takes it
    pub request: u64,
    /// a name of START's services
    pub service: evalh_str,
    /// a JSON object, by the service's kind; members in any order
    pub payload: evalh_str,
    /// as for SUBMIT
    pub priority: i32,
    pub reserved: u32,
}

/// EMIT: a candidate answer with its weight, for the record (reports show how the vote went).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_emit {
    pub header: evalh_action,
    pub candidate: evalh_str,
    pub weight: f64,
    /// JSON or text, at most 4,096 bytes are kept
    pub evidence: evalh_str,
}

// NOTE: a key and value for the session's record. At most 64 notes are kept, of so many bytes each as the suite's
// `log: {note_bytes: …}` says; longer ones are cut at a character.
/// header.flags: a line for the author: kept only where sessions are logged
pub const EVALH_NOTE_DEBUG: u16 = 0x1;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_note {
    pub header: evalh_action,
    pub key: evalh_str,
    pub value: evalh_str,
}

/// NUMBER: a measure of the session under a name of the plugin's own; the last value of a name counts. It becomes a
/// column of the samples, its mean a number of the arm. Names: letters, digits, _ and -, at most 64; at most 32
/// names.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_number {
    pub header: evalh_action,
    pub name: evalh_str,
    /// finite
    pub value: f64,
}

// FINISH: the session's answer; the last action. Open requests are cancelled and still counted.
/// header.flags: the answer is from a cut-off completion; never graded as right
pub const EVALH_ANSWER_UNFINISHED: u16 = 0x1;

/// header.flags: abstained; scored 0, counted as "no answer"
pub const EVALH_ANSWER_NONE: u16 = 0x2;

/// header.flags: no result; the session is an error, `reason` says why
pub const EVALH_ANSWER_ERROR: u16 = 0x4;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_finish {
    pub header: evalh_action,
    /// text to grade, best a whole completion: the grader extracts the answer itself
    pub answer: evalh_str,
    /// in \[0, 1] that the answer is right; NaN: none claimed
    pub confidence: f64,
    /// why it stopped, a short fixed word such as "threshold" or "max_samples"
    pub reason: evalh_str,
}

/// ADOPT: this session does what a peer of its item did: it is charged the peer's usage and money, and its clock goes on
/// by the peer's seconds. The peer's answer is then this session's to use. REJECTED (budget) if the session's budget has
/// no room for it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_action_adopt {
    pub header: evalh_action,
    /// index in evalh_peers
    pub peer: u64,
}

/// Where actions go; valid until step returns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_out {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    /// \[in a call] Copies the action and all it points to. EVALH_OK, or EVALH_FAILED if the host takes no more actions
    /// in this step (more than 4,096) or the action is malformed (struct_size too small).
    pub push: Option<unsafe extern "C" fn(out: *const evalh_out, action: *const evalh_action) -> i32>,
}

// evalh_plugin/strategy.h: kind "evalh.strategy/1": what to ask, and which answer to give.

/// What requests a session may make, for `evalh plan`. -1: unknown.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_estimate {
    pub struct_size: u32,
    pub reserved: u32,
    pub completions_min: i64,
    pub completions_max: i64,
    /// how often, in the worst case, the item's prompt is sent, n choices of one request
    /// counting once; NaN: as often as completions_max
    pub prompt_passes: f64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_strategy {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[any thread] A new instance for one session, or NULL (say why with host-\>set_error). `host` is valid until
    /// destroy.
    pub create: Option<unsafe extern "C" fn(host: *const evalh_host, session: *mut c_void) -> *mut c_void>,
    /// \[instance] Takes events in order and pushes actions. EVALH_OK or EVALH_FAILED. An instance that has pushed FINISH
    /// gets no more events. It must return quickly: milliseconds; the host counts its CPU time and gives up on a step
    /// that does not return.
    pub step: Option<unsafe extern "C" fn(instance: *mut c_void, events: *const *const evalh_event, count: u64, out: *const evalh_out) -> i32>,
    /// \[instance] Ends an instance, at any point; the last call on it.
    pub destroy: Option<unsafe extern "C" fn(instance: *mut c_void)>,
    /// \[any thread] Optional (NULL): what one session with these parameters may ask for. Stateless.
    pub estimate: Option<unsafe extern "C" fn(parameters_json: evalh_str, out: *mut evalh_estimate) -> i32>,
    /// \[any thread] Optional (NULL): what parameters that keep the schema must keep beside it. EVALH_OK, or EVALH_FAILED
    /// with a text in `problem`: the suite is refused, with the place of `with:`. Stateless.
    pub validate: Option<unsafe extern "C" fn(parameters_json: evalh_str, problem: *const evalh_text_sink) -> i32>,
}

// evalh_plugin/grader.h: kind "evalh.grader/1": a score for an answer.

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_grade_input {
    pub struct_size: u32,
    /// EVALH_FINISH_* of the completion the answer is from
    pub finish: u32,
    /// the session's answer text
    pub answer: evalh_str,
    /// the item's target field
    pub target: evalh_str,
    /// all of the item's fields, a JSON object
    pub fields_json: evalh_str,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_grade_output {
    pub struct_size: u32,
    pub reserved: u32,
    /// set by the grader: 0 (wrong) to 1 (right)
    pub score: f64,
    /// the same, counting only an answer that the text marks as its answer; NaN: as score
    pub strict_score: f64,
    /// what was taken as the answer
    pub extracted: *const evalh_text_sink,
    /// which rule found it
    pub stage: *const evalh_text_sink,
    /// for people
    pub explanation: *const evalh_text_sink,
}

/// A grader is stateless after create: every call with the same input gives the same output, from any thread at once.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_grader {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[any thread] Reads the parameters once. NULL on failure, with a text in `error`.
    pub create: Option<unsafe extern "C" fn(parameters_json: evalh_str, error: *const evalh_text_sink) -> *mut c_void>,
    /// \[instance] When all other calls on it have returned; the last one.
    pub destroy: Option<unsafe extern "C" fn(grader: *mut c_void)>,
    /// \[any thread] EVALH_OK, or EVALH_FAILED with a text in out-\>explanation: the session becomes an error.
    pub grade: Option<unsafe extern "C" fn(grader: *mut c_void, input: *const evalh_grade_input, out: *mut evalh_grade_output) -> i32>,
    /// \[any thread] Optional: the canonical answer in a text, see evalh_host.extract. EVALH_OK, EVALH_FAILED if there is
    /// none, or EVALH_ERROR with the reason in `answer`: the session becomes an error.
    pub extract: Option<unsafe extern "C" fn(grader: *mut c_void, text: evalh_str, answer: *const evalh_text_sink, stage: *const evalh_text_sink) -> i32>,
    /// \[any thread] Optional: 1 if two canonical answers, as extract gives them, mean the same (1/2 and 50 %), else 0.
    /// Without it equal bytes mean the same. The host asks it once for a new answer and each class of a session; it need
    /// not be transitive (a tolerance is not): see evalh_extraction. `first` is the answer that was seen first.
    pub same: Option<unsafe extern "C" fn(grader: *mut c_void, first: evalh_str, other: evalh_str) -> i32>,
    /// \[any thread] Optional, asked in place of extract: for graders that find answers by the item, such as by its
    /// options' texts. `fields_json`: the item's fields but the target, a JSON object.
    pub extract_item: Option<unsafe extern "C" fn(grader: *mut c_void, text: evalh_str, fields_json: evalh_str, answer: *const evalh_text_sink, stage: *const evalh_text_sink) -> i32>,
    /// \[any thread] Optional: the canonical answer that the target stands for (the letter of an option's index), for
    /// checks before a run; `answer` and `finish` of the input say nothing. EVALH_OK, or EVALH_FAILED for a target that
    /// the grader cannot read. Without it the target stands for itself.
    pub expected: Option<unsafe extern "C" fn(grader: *mut c_void, input: *const evalh_grade_input, answer: *const evalh_text_sink) -> i32>,
}

// evalh_plugin/service.h: kind "evalh.service/1": what strategies may call beside models.

/// A service may use files, the network and time, which strategies may not: the host records what it gave, under its
/// fingerprint and the payload, and does not call it again for the same.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_service {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[any thread] Reads the parameters once. NULL on failure, with a text in `error`. Instances are made for as many
    /// calls as run at once.
    pub create: Option<unsafe extern "C" fn(parameters_json: evalh_str, error: *const evalh_text_sink) -> *mut c_void>,
    /// \[instance] The last call on it.
    pub destroy: Option<unsafe extern "C" fn(service: *mut c_void)>,
    /// \[instance] Answers a payload, a JSON object, on a thread of its own, and may take its time. EVALH_OK with a JSON
    /// text in `result`; EVALH_FAILED with a text in `error`: the call failed, which is a result as well and is
    /// recorded; EVALH_UNSUPPORTED with a text in `error`: the service could not do its work now, and is asked again
    /// when the run is resumed.
    pub call: Option<unsafe extern "C" fn(service: *mut c_void, payload_json: evalh_str, result: *const evalh_text_sink, error: *const evalh_text_sink) -> i32>,
    /// \[instance] Optional (NULL): what results depend on beside version, parameters and payload, such as the checksum
    /// of a file, in `text`. Calls under another fingerprint are made anew.
    pub fingerprint: Option<unsafe extern "C" fn(service: *mut c_void, text: *const evalh_text_sink) -> i32>,
}

// evalh_plugin/session_row.h: a finished session, as metrics and allocators see it.

/// A number under a name. Frozen: 24 bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_named_number {
    pub name: evalh_str,
    pub value: f64,
}

/// One finished session. Sessions come item by item: all of one item's sessions, over all arms, levels and repeats,
/// follow each other.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_session_row {
    pub struct_size: u32,
    /// 1: the session failed; it has no score
    pub is_error: u32,
    /// dense number of the item, from 0
    pub item: u64,
    pub arm: evalh_str,
    /// the level's JSON object, for example {"samples":4}; empty: none
    pub level: evalh_str,
    /// position in the arm's list of levels; -1: none
    pub level_index: i64,
    pub repeat: i64,
    /// NaN if is_error
    pub score: f64,
    /// NaN: none
    pub confidence: f64,
    /// EVALH_FINISH_*
    pub finish: u32,
    pub reserved: u32,
    pub usage: evalh_usage,
    /// NaN: unknown
    pub usd: f64,
    pub critical_path_seconds: f64,
    /// the canonical answer the grader found; empty: none
    pub answer: evalh_str,
    /// equivalent floating-point operations of its completions; NaN: a model's shape is
    /// unknown
    pub eflops: f64,
    /// What a model that shows its inside told of its work, as sums over `told_tokens` generated tokens; 0: it told
    /// nothing.
    pub told_tokens: i64,
    /// share of the layers a token's prediction was made from
    pub depth: f64,
    /// share of a token's work at full depth
    pub compute: f64,
    /// proposed by a draft model
    pub drafted_tokens: i64,
    pub accepted_tokens: i64,
    /// passes of the whole model after the prompt
    pub target_calls: i64,
    /// as eflops, by the work that the model told of; NaN: a shape is unknown, or it told
    /// nothing
    pub told_eflops: f64,
    /// of which it was charged
    pub service_calls: i64,
    /// FINISH's
    pub stop_reason: evalh_str,
    /// the item's fields, a JSON object; empty where they are not known
    pub fields_json: evalh_str,
    /// what its strategy gave by NUMBER, by name
    pub numbers: *const evalh_named_number,
    pub number_count: u64,
}

// evalh_plugin/metric.h: kind "evalh.metric/1": numbers from scores and costs.

/// A number with its interval. NaN and -1 where absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_metric_value {
    pub struct_size: u32,
    pub reserved: u32,
    pub name: evalh_str,
    /// the arm it is about; empty: the run
    pub arm: evalh_str,
    /// the level it is about; -1: the whole arm
    pub level_index: i64,
    pub value: f64,
    /// 95 % interval
    pub ci_low: f64,
    pub ci_high: f64,
    pub stderr_: f64,
    /// independent units: items
    pub n: i64,
    /// how the interval was made
    pub method: evalh_str,
    /// a JSON object, or empty
    pub detail_json: evalh_str,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_metric_sink {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    /// \[in a call] Copies the value and its texts.
    pub push: Option<unsafe extern "C" fn(sink: *const evalh_metric_sink, value: *const evalh_metric_value)>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_metric {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[any thread] `seed`: for all randomness, such as resampling. NULL on failure, with a text in `error`.
    pub create: Option<unsafe extern "C" fn(parameters_json: evalh_str, seed: u64, error: *const evalh_text_sink) -> *mut c_void>,
    /// \[instance] The last call on it.
    pub destroy: Option<unsafe extern "C" fn(metric: *mut c_void)>,
    /// \[instance] One more session. Memory must stay proportional to items, not to sessions. EVALH_OK, or EVALH_FAILED
    /// with a text in `error`.
    pub add: Option<unsafe extern "C" fn(metric: *mut c_void, row: *const evalh_session_row, error: *const evalh_text_sink) -> i32>,
    /// \[instance] After the last row, and again whenever more rows have come. EVALH_OK, or EVALH_FAILED with a text in
    /// `error`.
    pub result: Option<unsafe extern "C" fn(metric: *mut c_void, out: *const evalh_metric_sink, error: *const evalh_text_sink) -> i32>,
}

// evalh_plugin/allocator.h: kind "evalh.allocator/1": which sessions run.

/// A row of the report: an arm at one of its levels.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_allocation_row {
    pub struct_size: u32,
    pub reserved: u32,
    pub arm: evalh_str,
    /// the level's JSON object; empty: none
    pub level: evalh_str,
    /// position in the arm's list of levels; -1: none
    pub level_index: i64,
}

/// What sessions there may be: a cell is a row on an item, and has any number of repeats. Valid during create.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_allocation {
    pub struct_size: u32,
    pub reserved: u32,
    pub item_count: u64,
    /// what the suite says under `repeats`
    pub repeats: i64,
    pub rows: *const *const evalh_allocation_row,
    pub row_count: u64,
    pub context: *mut c_void,
    /// \[in a call] Only within create. The fields of an item as a JSON object, without its target: valid until the next
    /// call of it.
    pub item_fields: Option<unsafe extern "C" fn(allocation: *const evalh_allocation, item: u64) -> evalh_str>,
}

/// Where a round's wishes go.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_allocation_sink {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    /// \[in a call] `more` further repeats of a cell, after those wished for before.
    pub want: Option<unsafe extern "C" fn(sink: *const evalh_allocation_sink, item: u64, row: u64, more: u64)>,
    /// \[in a call] Why the round is as it is, for people: above all why the run ends. The last one counts.
    pub reason: Option<unsafe extern "C" fn(sink: *const evalh_allocation_sink, text: evalh_str)>,
}

/// How much items count in means, where an allocator chose them with unequal chances.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_weight_sink {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    /// \[in a call] The mean of weight times score over the items chosen is then an unbiased estimate for all items.
    pub push: Option<unsafe extern "C" fn(sink: *const evalh_weight_sink, item: u64, weight: f64)>,
}

/// Decides in rounds which sessions run. The host calls next; runs all sessions of the round; gives them to add, ordered
/// by item, row and repeat whatever the order in which they ended; and calls next again, until a round is empty. So an
/// allocator is a pure function of what the sessions gave: a resumed run takes the same decisions.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct evalh_allocator {
    pub struct_size: u32,
    pub reserved: u32,
    /// \[any thread] `allocation` is gone when it returns; `seed` is for all randomness, such as the order of items. NULL
    /// on failure, with a text in `error`.
    pub create: Option<unsafe extern "C" fn(parameters_json: evalh_str, allocation: *const evalh_allocation, seed: u64, error: *const evalh_text_sink) -> *mut c_void>,
    /// \[instance] The last call on it.
    pub destroy: Option<unsafe extern "C" fn(allocator: *mut c_void)>,
    /// \[instance] One finished session of the last round. A failed one (is_error) counts as run.
    pub add: Option<unsafe extern "C" fn(allocator: *mut c_void, row: *const evalh_session_row, error: *const evalh_text_sink) -> i32>,
    /// \[instance] The next round; nothing wanted: the run ends.
    pub next: Option<unsafe extern "C" fn(allocator: *mut c_void, out: *const evalh_allocation_sink, error: *const evalh_text_sink) -> i32>,
    /// \[instance] Optional, after the last round: the weights of all items that have sessions. NULL: all count alike.
    pub weights: Option<unsafe extern "C" fn(allocator: *mut c_void, out: *const evalh_weight_sink, error: *const evalh_text_sink) -> i32>,
    /// \[instance] Optional, after any round: numbers whose intervals hold although the allocator looked at results on
    /// the way.
    pub result: Option<unsafe extern "C" fn(allocator: *mut c_void, out: *const evalh_metric_sink, error: *const evalh_text_sink) -> i32>,
}

#[cfg(test)]
mod layout;
