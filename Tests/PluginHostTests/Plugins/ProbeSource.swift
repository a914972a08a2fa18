/// A library of strategies that each do one thing, right or wrong.
let probeSource = #"""
    #include <evalh_plugin.h>
    #include <math.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>

    enum mode { ECHO, SEQ_BACK, TOO_MANY, FAILS, FAILS_SILENTLY, OUTSIDE, IGNORES_STOP, BAD_FINISH, TALLY };

    struct probe {
        const evalh_host *host;
        void *session;
        enum mode mode;
        uint64_t seq;
        uint64_t tally;
        char *text;
        size_t length, room;
    };

    static void say(struct probe *p, const char *format, ...) {
        for (;;) {
            va_list arguments;
            va_start(arguments, format);
            int n = vsnprintf(p->text + p->length, p->room - p->length, format, arguments);
            va_end(arguments);
            if (p->length + (size_t)n < p->room) { p->length += (size_t)n; return; }
            p->room = p->room * 2 + (size_t)n;
            p->text = realloc(p->text, p->room);
        }
    }

    static evalh_str lit(const char *text) { return (evalh_str){text, strlen(text)}; }
    #define STR(s) (int)(s).len, (s).len ? (s).ptr : ""
    #define HEADER(TYPE, ACTION) {sizeof(TYPE), ACTION, 0, ++p->seq}

    static void emit(struct probe *p, const evalh_out *out, double weight) {
        evalh_action_emit action = {HEADER(evalh_action_emit, EVALH_ACTION_EMIT), {p->text, p->length}, weight, lit("evidence")};
        out->push(out, &action.header);
        p->length = 0;
    }

    static void finish(struct probe *p, const evalh_out *out, const char *answer) {
        evalh_action_finish action = {HEADER(evalh_action_finish, EVALH_ACTION_FINISH), lit(answer), NAN, lit("done")};
        out->push(out, &action.header);
    }

    static void say_tokens(struct probe *p, const evalh_logprob *tokens, uint64_t count, const evalh_logprob *alternatives) {
        for (uint64_t i = 0; i < count; i++) {
            say(p, " [%.*s %g", STR(tokens[i].token), tokens[i].logprob);
            for (uint32_t k = 0; k < tokens[i].alternative_count; k++, alternatives++)
                say(p, " (%.*s %g)", STR(alternatives->token), alternatives->logprob);
            say(p, "]");
        }
    }

    static void say_usage(struct probe *p, const evalh_usage *u) {
        say(p, " usage=%ld,%ld,%ld,%ld,%ld", (long)u->prompt_tokens, (long)u->cached_prompt_tokens, (long)u->completion_tokens,
            (long)u->reasoning_tokens, (long)u->cancelled_tokens);
    }

    static void describe(struct probe *p, const evalh_event *event) {
        say(p, "#%lu @%ld f%u", (unsigned long)event->seq, (long)event->time_ns, event->flags);
        switch (event->type) {
        case EVALH_EVENT_START: {
            const evalh_event_start *e = (const void *)event;
            say(p, " START size=%d item=%.*s input=%.*s fields=%.*s params=%.*s seed=%lu repeat=%ld",
                e->header.struct_size == sizeof *e, STR(e->item_id), STR(e->input), STR(e->fields_json), STR(e->parameters_json),
                (unsigned long)e->seed, (long)e->repeat);
            for (uint64_t i = 0; i < e->message_count; i++)
                say(p, " {%u %.*s}", e->messages[i]->role, STR(e->messages[i]->content));
            for (uint64_t i = 0; i < e->model_count; i++) {
                const evalh_model *m = e->models[i];
                const evalh_sampling *s = m->sampling;
                say(p, " <%.*s %.*s can=%x top=%u sampling=%d,%g,%g,%g,%d,%d", STR(m->role), STR(m->name), m->can, m->top_logprobs,
                    s->max_tokens, s->temperature, s->top_p, s->min_p, s->top_k, s->top_logprobs);
                for (uint64_t k = 0; k < s->stop_count; k++) say(p, " stop=%.*s", STR(s->stop[k]));
                say(p, ">");
            }
            break;
        }
        case EVALH_EVENT_DELTA: {
            const evalh_event_delta *e = (const void *)event;
            say(p, " DELTA %lu.%u n=%u text=%.*s", (unsigned long)e->request, e->choice, e->token_count, STR(e->text));
            if (e->reasoning.len) say(p, " reasoning=%.*s", STR(e->reasoning));
            say_tokens(p, e->tokens, e->logprob_count, e->alternatives);
            break;
        }
        case EVALH_EVENT_DONE: {
            const evalh_event_done *e = (const void *)event;
            say(p, " DONE %lu.%u finish=%u text=%.*s", (unsigned long)e->request, e->choice, e->finish, STR(e->text));
            say_usage(p, &e->usage);
            if (e->reasoning.len) say(p, " reasoning=%.*s", STR(e->reasoning));
            say(p, " s=%g ttft=%g", e->seconds, e->first_token_seconds);
            say_tokens(p, e->tokens, e->logprob_count, e->alternatives);
            evalh_extraction x = {.struct_size = sizeof x};
            if (p->host->extract(p->session, e->text, e->finish, &x) == EVALH_OK)
                say(p, " extract=%u,%.*s,%.*s", x.found, STR(x.answer), STR(x.stage));
            break;
        }
        case EVALH_EVENT_REQUEST_FAILED: {
            const evalh_event_failed *e = (const void *)event;
            say(p, " FAILED %lu failure=%u retryable=%u %.*s", (unsigned long)e->request, e->failure, e->retryable, STR(e->message));
            say_usage(p, &e->spent);
            break;
        }
        case EVALH_EVENT_RESULT: {
            const evalh_event_result *e = (const void *)event;
            say(p, " RESULT %lu flags=%u %.*s", (unsigned long)e->request, event->flags, STR(e->result));
            say_usage(p, &e->usage);
            say(p, " s=%g", e->seconds);
            break;
        }
        case EVALH_EVENT_CANCELLED: {
            const evalh_event_cancelled *e = (const void *)event;
            say(p, " CANCELLED %lu tokens=%ld", (unsigned long)e->request, (long)e->tokens_received);
            break;
        }
        case EVALH_EVENT_BUDGET: {
            const evalh_event_budget *e = (const void *)event;
            say(p, " BUDGET %ld,%g,%g", (long)e->remaining->tokens, e->remaining->usd, e->remaining->seconds);
            evalh_budget b = {.struct_size = sizeof b};
            p->host->budget(p->session, &b);
            say(p, " host=%ld,%g,%d rand=%lu thread=%d extension=%d", (long)b.tokens, b.usd, isnan(b.seconds),
                (unsigned long)p->host->rand(p->session), p->host->on_session_thread(p->session),
                p->host->extension(p->session, lit("org.example.none/1")) != NULL);
            break;
        }
        case EVALH_EVENT_REJECTED: {
            const evalh_event_rejected *e = (const void *)event;
            say(p, " REJECTED %lu request=%lu reason=%u %.*s", (unsigned long)e->action_seq, (unsigned long)e->request, e->reason,
                STR(e->message));
            break;
        }
        case EVALH_EVENT_STOP: {
            const evalh_event_stop *e = (const void *)event;
            say(p, " STOP %.*s", STR(e->reason));
            break;
        }
        }
    }

    /* TIMER k pushes the k-th kind of action. */
    static void act(struct probe *p, uint64_t which, const evalh_out *out) {
        evalh_message user = {sizeof user, EVALH_ROLE_USER, lit("hi")}, assistant = {sizeof user, EVALH_ROLE_ASSISTANT, lit("yo")};
        const evalh_message *messages[] = {&user, &assistant};
        evalh_str stop[] = {lit("END"), lit("\n\n")};
        evalh_sampling sampling = {sizeof sampling, 64, 0.5, 0.9, 0.1, 40, 3, stop, 2, 11, lit("{}")};
        evalh_sampling absent = {sizeof absent, -1, NAN, NAN, NAN, -1, -1, NULL, 0, -1, {NULL, 0}};
        evalh_action_submit submit = {{sizeof submit, EVALH_ACTION_SUBMIT, EVALH_SUBMIT_STREAM, ++p->seq}, 5, lit("judge"), messages, 2,
                                      lit("So"), &sampling, 3, -2};
        evalh_action_fork fork = {{sizeof fork, EVALH_ACTION_FORK, 0, p->seq}, 6, 5, 1, 2, 10, lit(" wait"), NULL, 4, 0};
        char bad[] = {'a', (char)0xff, 'b', (char)0xe2, (char)0x82};
        switch (which) {
        case 1: out->push(out, &submit.header); return;
        case 2: out->push(out, &fork.header); return;
        case 3: {
            evalh_action_cancel action = {{sizeof action, EVALH_ACTION_CANCEL, 0, p->seq}, 5};
            out->push(out, &action.header);
            return;
        }
        case 4: {
            evalh_action_timer action = {{sizeof action, EVALH_ACTION_SET_TIMER, 0, p->seq}, 77, 123456789};
            out->push(out, &action.header);
            return;
        }
        case 5: {
            evalh_action_call action = {{sizeof action, EVALH_ACTION_CALL, 0, p->seq}, 8, lit("search"), lit("{\"q\":1}"), 2, 0};
            out->push(out, &action.header);
            return;
        }
        case 14: {
            evalh_action_number action = {{sizeof action, EVALH_ACTION_NUMBER, 0, p->seq}, lit("depth"), 2.5};
            out->push(out, &action.header);
            return;
        }
        case 36: {
            evalh_action_number action = {{sizeof action, EVALH_ACTION_NUMBER, 0, p->seq}, lit("a b"), 1};
            out->push(out, &action.header);
            return;
        }
        case 15: {
            evalh_action_note action = {{sizeof action, EVALH_ACTION_NOTE, EVALH_NOTE_DEBUG, p->seq}, lit("debug"), lit("line")};
            out->push(out, &action.header);
            return;
        }
        case 6: {
            evalh_action_note action = {{sizeof action, EVALH_ACTION_NOTE, 0, p->seq}, lit("key"), lit("value")};
            out->push(out, &action.header);
            return;
        }
        case 7: {
            evalh_action action = {sizeof action, 999, 0, p->seq};
            out->push(out, &action);
            return;
        }
        case 8: submit.sampling = &absent; submit.messages = NULL; submit.message_count = 0; out->push(out, &submit.header); return;
        case 9: fork.sampling = &sampling; fork.header.flags = EVALH_SUBMIT_STREAM; out->push(out, &fork.header); return;
        case 10: submit.prefix = (evalh_str){bad, sizeof bad}; out->push(out, &submit.header); return;
        /* Members beyond struct_size must not be looked at: they are garbage here. */
        case 11: submit.header.struct_size = offsetof(evalh_action_submit, sampling); submit.sampling = (void *)1; submit.n = 0;
                 out->push(out, &submit.header); return;
        case 12: submit.header.struct_size = 20; if (out->push(out, &submit.header) == EVALH_FAILED) say(p, "refused"); p->seq--;
                 emit(p, out, 0); return;
        case 13: sampling.struct_size = offsetof(evalh_sampling, top_p); submit.sampling = &sampling; out->push(out, &submit.header);
                 return;
        case 20: submit.n = 0; out->push(out, &submit.header); return;
        case 21: submit.n = 1025; out->push(out, &submit.header); return;
        case 22: submit.request = 0; out->push(out, &submit.header); return;
        case 23: submit.message_count = 1025; out->push(out, &submit.header); return;
        case 24: submit.prefix = (evalh_str){NULL, 4}; out->push(out, &submit.header); return;
        case 25: submit.prefix.len = (16u << 20) + 1; out->push(out, &submit.header); return;
        case 26: sampling.top_p = 0; out->push(out, &submit.header); return;
        case 27: user.role = 9; out->push(out, &submit.header); return;
        case 28: messages[1] = NULL; out->push(out, &submit.header); return;
        case 29: sampling.max_tokens = 0; out->push(out, &submit.header); return;
        case 30: sampling.stop_count = 65; out->push(out, &submit.header); return;
        case 31: sampling.temperature = INFINITY; out->push(out, &submit.header); return;
        case 32: fork.offset = UINT64_MAX; out->push(out, &fork.header); return;
        case 33: say(p, "x"); emit(p, out, INFINITY); return;
        case 34: user.struct_size = 4; out->push(out, &submit.header); return;
        case 35: sampling.top_logprobs = -2; out->push(out, &submit.header); return;
        case 40:
        case 41:
        case 42:
        case 43: {
            static const uint16_t flags[] = {0, EVALH_ANSWER_UNFINISHED, EVALH_ANSWER_NONE, EVALH_ANSWER_ERROR};
            evalh_action_finish action = {{sizeof action, EVALH_ACTION_FINISH, flags[which - 40], p->seq}, lit("42"),
                                          which == 40 ? 0.75 : NAN, lit("threshold")};
            out->push(out, &action.header);
            action.header.seq = ++p->seq;
            if (out->push(out, &action.header) != EVALH_FAILED) abort();
            return;
        }
        case 50:
            for (int i = 0; i < 70; i++) {
                evalh_action_note action = {{sizeof action, EVALH_ACTION_NOTE, 0, p->seq++}, lit("k"), lit("v")};
                out->push(out, &action.header);
            }
            return;
        }
    }

    static void *make(const evalh_host *host, void *session, enum mode mode) {
        struct probe *p = calloc(1, sizeof *p);
        p->host = host;
        p->session = session;
        p->mode = mode;
        p->room = 64;
        p->text = malloc(p->room);
        return p;
    }

    static struct probe *stranger; /* the instance that another one's step calls the host for: against the rules */

    static int32_t probe_step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
        struct probe *p = instance;
        for (uint64_t i = 0; i < count; i++) {
            const evalh_event *event = events[i];
            switch (p->mode) {
            case ECHO:
                if (event->type == EVALH_EVENT_TIMER) {
                    act(p, ((const evalh_event_timer *)event)->timer, out);
                } else {
                    describe(p, event);
                    emit(p, out, 1.5);
                    if (event->type == EVALH_EVENT_STOP) finish(p, out, "");
                }
                break;
            case SEQ_BACK:
                say(p, "a");
                emit(p, out, 0);
                p->seq--;
                say(p, "b");
                emit(p, out, 0);
                break;
            case TOO_MANY: {
                int refused = 0;
                evalh_action_cancel action = {{sizeof action, EVALH_ACTION_CANCEL, 0, 0}, 1};
                for (int k = 0; k < 5000; k++) {
                    action.header.seq = ++p->seq;
                    refused += out->push(out, &action.header) == EVALH_FAILED;
                }
                p->tally += (uint64_t)refused;
                if (event->type == EVALH_EVENT_STOP) return EVALH_FAILED;
                break;
            }
            case FAILS: p->host->set_error(p->session, 3, lit("the sky is falling")); return EVALH_FAILED;
            case FAILS_SILENTLY: return EVALH_FAILED;
            case OUTSIDE:
                if (stranger && stranger != p) {
                    evalh_extraction x = {.struct_size = sizeof x};
                    evalh_budget b = {.struct_size = sizeof b};
                    int thread = stranger->host->on_session_thread(stranger->session);
                    say(p, "rand=%lu extract=%d budget=%d thread=%d", (unsigned long)stranger->host->rand(stranger->session),
                        stranger->host->extract(stranger->session, lit("1"), 0, &x), stranger->host->budget(stranger->session, &b), thread);
                    emit(p, out, 0);
                }
                stranger = p;
                break;
            case IGNORES_STOP: break;
            case BAD_FINISH: {
                evalh_action_finish action = {HEADER(evalh_action_finish, EVALH_ACTION_FINISH), lit("42"), 1.5, lit("x")};
                out->push(out, &action.header);
                break;
            }
            case TALLY: {
                /* A small state machine whose actions depend on every event and on the random stream. */
                if (event->type == EVALH_EVENT_DONE) {
                    const evalh_event_done *e = (const void *)event;
                    for (uint64_t k = 0; k < e->text.len; k++) p->tally = p->tally * 31 + (unsigned char)e->text.ptr[k];
                }
                p->tally = p->tally * 1099511628211u + event->seq;
                if (p->tally % 3 == 0) p->tally ^= p->host->rand(p->session);
                say(p, "%lu", (unsigned long)p->tally);
                emit(p, out, (double)event->seq);
                if (event->type == EVALH_EVENT_STOP) finish(p, out, "end");
                break;
            }
            }
        }
        return EVALH_OK;
    }

    static void probe_destroy(void *instance) {
        struct probe *p = instance;
        if (stranger == p) stranger = NULL;
        if (!p->host->on_session_thread(p->session)) abort();
        free(p->text);
        free(p);
    }

    static void *no_create(const evalh_host *host, void *session) {
        host->set_error(session, 1, lit("no memory today"));
        return NULL;
    }

    static int32_t probe_estimate(evalh_str parameters, evalh_estimate *out) {
        if (parameters.len == 0) return EVALH_FAILED;
        out->completions_min = 1;
        out->completions_max = 8;
        if (parameters.len > 2) out->prompt_passes = 2;
        return EVALH_OK;
    }

    #define STRATEGY(NAME, ID)                                                                                              \
        static void *create_##NAME(const evalh_host *host, void *session) { return make(host, session, NAME); }             \
        static const evalh_strategy table_##NAME = {sizeof(evalh_strategy), 0, create_##NAME, probe_step, probe_destroy,     \
                                                    probe_estimate};
    #define DESCRIPTOR(NAME, KIND, ID, TABLE)                                                                               \
        static const evalh_descriptor descriptor_##NAME = {                                                                 \
            sizeof(evalh_descriptor), EVALH_NEED_STREAM | EVALH_NEED_LOGPROBS, 5, 0, {KIND, sizeof KIND - 1},                \
            {ID, sizeof ID - 1}, {"1.2.3", 5}, {"Title", 5}, {"Text", 4}, {"Source", 6}, {"{\"type\":\"object\"}", 17}, TABLE};

    STRATEGY(ECHO, "") STRATEGY(SEQ_BACK, "") STRATEGY(TOO_MANY, "") STRATEGY(FAILS, "") STRATEGY(FAILS_SILENTLY, "")
    STRATEGY(OUTSIDE, "") STRATEGY(IGNORES_STOP, "") STRATEGY(BAD_FINISH, "") STRATEGY(TALLY, "")
    static const evalh_strategy table_NO_CREATE = {sizeof(evalh_strategy), 0, no_create, probe_step, probe_destroy, NULL};
    DESCRIPTOR(ECHO, EVALH_KIND_STRATEGY, "test.echo", &table_ECHO)
    DESCRIPTOR(SEQ_BACK, EVALH_KIND_STRATEGY, "test.seq-back", &table_SEQ_BACK)
    DESCRIPTOR(TOO_MANY, EVALH_KIND_STRATEGY, "test.too-many", &table_TOO_MANY)
    DESCRIPTOR(FAILS, EVALH_KIND_STRATEGY, "test.fails", &table_FAILS)
    DESCRIPTOR(FAILS_SILENTLY, EVALH_KIND_STRATEGY, "test.fails-silently", &table_FAILS_SILENTLY)
    DESCRIPTOR(OUTSIDE, EVALH_KIND_STRATEGY, "test.outside", &table_OUTSIDE)
    DESCRIPTOR(IGNORES_STOP, EVALH_KIND_STRATEGY, "test.ignores-stop", &table_IGNORES_STOP)
    DESCRIPTOR(BAD_FINISH, EVALH_KIND_STRATEGY, "test.bad-finish", &table_BAD_FINISH)
    DESCRIPTOR(TALLY, EVALH_KIND_STRATEGY, "test.tally", &table_TALLY)
    DESCRIPTOR(NO_CREATE, EVALH_KIND_STRATEGY, "test.no-create", &table_NO_CREATE)

    static const evalh_descriptor *const descriptors[] = {
        &descriptor_ECHO, &descriptor_SEQ_BACK, &descriptor_TOO_MANY, &descriptor_FAILS, &descriptor_FAILS_SILENTLY,
        &descriptor_OUTSIDE, &descriptor_IGNORES_STOP, &descriptor_BAD_FINISH, &descriptor_TALLY, &descriptor_NO_CREATE,
    };
    static const evalh_library library = {
        sizeof library, EVALH_ABI_MAJOR, EVALH_ABI_MINOR, 0, {"probe", 5}, {"0.1.0", 5}, NULL, 0, descriptors,
        sizeof descriptors / sizeof *descriptors, {NULL, 0},
    };

    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
        return host->abi_major == 1 ? &library : NULL;
    }
    """#
