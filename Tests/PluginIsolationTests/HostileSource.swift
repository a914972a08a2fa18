/// A library of plugins that behave until a certain function is called, then break down in a certain way: their ids are
/// `bad.FUNCTION.WAY`. Strategies break down at DONE.
let hostileSource = #"""
    #define _GNU_SOURCE
    #include <evalh_plugin.h>
    #include <fcntl.h>
    #include <math.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <unistd.h>

    enum way { fine, segv, aborts, exits, hangs, eats, scribbles, once, fickle, tries, peers };

    #define TEXT(s) {s, sizeof s - 1}
    static evalh_str lit(const char *s) { return (evalh_str){s, strlen(s)}; }

    void die_of_a_bad_pointer(void) { *(volatile int *)8 = 1; }

    /* Fills the memory that is shared with the host, says that it is the host's turn, and goes on doing it. */
    static void scribble(void) {
        FILE *maps = fopen("/proc/self/maps", "r");
        char line[512];
        while (fgets(line, sizeof line, maps)) {
            unsigned long start, end;
            if (strstr(line, "memfd:evalh-worker") && sscanf(line, "%lx-%lx", &start, &end) == 2) {
                memset((char *)start + 4, 0xff, end - start - 4);
                for (;;) *(volatile int *)start = 0;
            }
        }
    }

    static void misbehave(enum way way) {
        switch (way) {
        case segv: die_of_a_bad_pointer(); break;
        case aborts: fprintf(stderr, "the sky is falling\n"); abort();
        case exits: exit(0);
        case hangs: for (;;) usleep(1000);
        case eats: for (;;) memset(malloc(256 << 20), 1, 256 << 20);
        case scribbles: scribble(); break;
        default: break;
        }
    }

    struct session { const evalh_host *host; void *session; const char *at; enum way way; uint64_t seq, count; char path[512]; };

    static void *make(const evalh_host *host, void *session, const char *at, enum way way) {
        if (strcmp(at, "create") == 0) misbehave(way);
        struct session *s = calloc(1, sizeof *s);
        s->host = host;
        s->session = session;
        s->at = at;
        s->way = way;
        return s;
    }

    static void emit(struct session *s, const evalh_out *out, const char *text) {
        evalh_action_emit action = {{sizeof action, EVALH_ACTION_EMIT, 0, ++s->seq}, lit(text), 1, lit("")};
        out->push(out, &action.header);
    }

    /* Crashes unless it did so before: the file says. */
    static void crash_once(struct session *s) {
        if (access(s->path, F_OK) == 0) return;
        close(open(s->path, O_CREAT | O_WRONLY, 0600));
        die_of_a_bad_pointer();
    }

    static void try_all(struct session *s, const evalh_out *out) {
        char text[128];
        int network = socket(AF_INET, SOCK_STREAM, 0);
        int file = open(s->path, O_CREAT | O_WRONLY, 0600);
        if (file >= 0 && write(file, "x", 1) != 1) file = -1;
        int child = fork();
        if (child == 0) _exit(0);
        snprintf(text, sizeof text, "network %d file %d fork %d read %d", network >= 0, file >= 0, child > 0,
                 open("/proc/self/status", O_RDONLY) >= 0);
        emit(s, out, text);
    }

    static void tell_peers(struct session *s, const evalh_out *out) {
        char text[256];
        const evalh_peers *peers = s->host->extension(s->session, lit(EVALH_PEERS_EXTENSION));
        if (peers == NULL) { emit(s, out, "none"); return; }
        for (uint64_t k = 0; k < peers->count(s->session); k++) {
            evalh_peer peer = {.struct_size = sizeof peer};
            evalh_str answer = {NULL, 0};
            uint32_t flags = 0;
            peers->get(s->session, k, &peer);
            int found = peers->answer(s->session, k, &answer, &flags);
            snprintf(text, sizeof text, "%lu/%lu %.*s item %lu score %g flags %u answer %d %.*s %u", (unsigned long)peers->item(s->session),
                     (unsigned long)peers->item_count(s->session), (int)peer.arm.len, peer.arm.ptr, (unsigned long)peer.item, peer.score,
                     peer.flags, found, (int)answer.len, answer.ptr, flags);
            emit(s, out, text);
        }
    }

    static int32_t session_step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
        struct session *s = instance;
        for (uint64_t k = 0; k < count; k++) {
            char text[128];
            if (events[k]->type == EVALH_EVENT_START) {
                const evalh_event_start *start = (const void *)events[k];
                snprintf(s->path, sizeof s->path, "%.*s", (int)start->parameters_json.len, start->parameters_json.ptr);
            }
            if (events[k]->type == EVALH_EVENT_DONE) {
                if (strcmp(s->at, "step") == 0) misbehave(s->way);
                if (s->way == once || (s->way == fickle && s->count > 1)) crash_once(s);
                if (s->way == tries) try_all(s, out);
                if (s->way == peers) tell_peers(s, out);
                const evalh_event_done *done = (const void *)events[k];
                evalh_extraction x = {.struct_size = sizeof x};
                s->host->extract(s->session, done->text, done->finish, &x);
                snprintf(text, sizeof text, "found %u %.*s", x.found, (int)x.answer.len, x.answer.ptr);
                emit(s, out, text);
            }
            snprintf(text, sizeof text, "%lu %u %lu %d", (unsigned long)++s->count, events[k]->type,
                     (unsigned long)s->host->rand(s->session), s->way == fickle ? getpid() : 0);
            emit(s, out, text);
            if (events[k]->type == EVALH_EVENT_STOP) {
                evalh_action_finish finish = {{sizeof finish, EVALH_ACTION_FINISH, 0, ++s->seq}, lit("42"), NAN, lit("told")};
                out->push(out, &finish.header);
            }
        }
        return EVALH_OK;
    }

    static void session_destroy(void *instance) {
        struct session *s = instance;
        if (strcmp(s->at, "destroy") == 0) misbehave(s->way);
        free(s);
    }

    /* Graders, metrics and allocators: what is made says where and how they break down. */
    struct other { const char *at; enum way way; int64_t rows; };

    static void *make_other(const char *at, enum way way) {
        if (strcmp(at, "create") == 0) misbehave(way);
        struct other *o = calloc(1, sizeof *o);
        o->at = at;
        o->way = way;
        return o;
    }
    static void arrive(struct other *o, const char *at) { if (strcmp(o->at, at) == 0) misbehave(o->way); }

    static int32_t grade(void *g, const evalh_grade_input *input, evalh_grade_output *out) {
        arrive(g, "grade");
        out->score = input->answer.len == input->target.len;
        out->stage->set(out->stage, lit("length"));
        return EVALH_OK;
    }
    static int32_t extract(void *g, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage) {
        arrive(g, "extract");
        answer->set(answer, text);
        stage->set(stage, lit("all"));
        return EVALH_OK;
    }
    static int32_t same(void *g, evalh_str a, evalh_str b) { arrive(g, "same"); return a.len == b.len; }

    static int32_t add(void *m, const evalh_session_row *row, const evalh_text_sink *error) {
        (void)error;
        arrive(m, "add");
        ((struct other *)m)->rows += (int64_t)row->item;
        return EVALH_OK;
    }
    static int32_t result(void *m, const evalh_metric_sink *out, const evalh_text_sink *error) {
        (void)error;
        arrive(m, "result");
        evalh_metric_value value = {.struct_size = sizeof value, .name = lit("rows"), .level_index = -1, .value = (double)((struct other *)m)->rows};
        out->push(out, &value);
        return EVALH_OK;
    }
    static int32_t next(void *a, const evalh_allocation_sink *out, const evalh_text_sink *error) {
        (void)error;
        arrive(a, "next");
        out->want(out, (uint64_t)((struct other *)a)->rows % 3, 0, 2);
        out->reason(out, lit("because"));
        return EVALH_OK;
    }
    static int32_t weights(void *a, const evalh_weight_sink *out, const evalh_text_sink *error) {
        (void)error;
        arrive(a, "weights");
        out->push(out, 1, 0.5);
        return EVALH_OK;
    }
    static void destroy_other(void *o) { free(o); }

    #define DESCRIBE(KIND, NAME, ID)                                                                                        \
        static const evalh_descriptor described_##NAME = {                                                                  \
            sizeof(evalh_descriptor), 0, 0, 0, {KIND, sizeof KIND - 1}, {ID, sizeof ID - 1}, TEXT("1.0.0"), TEXT("t"),       \
            TEXT("d"), TEXT("s"), TEXT("{\"type\":\"object\"}"), &table_##NAME};
    #define STRATEGY(AT, WAY)                                                                                               \
        static void *create_##AT##_##WAY(const evalh_host *host, void *session) { return make(host, session, #AT, WAY); }   \
        static int32_t estimate_##AT##_##WAY(evalh_str parameters, evalh_estimate *out) {                                   \
            (void)parameters;                                                                                               \
            if (strcmp(#AT, "estimate") == 0) misbehave(WAY);                                                               \
            out->completions_min = 1;                                                                                       \
            out->completions_max = 2;                                                                                       \
            return EVALH_OK;                                                                                                \
        }                                                                                                                   \
        static const evalh_strategy table_##AT##_##WAY = {sizeof(evalh_strategy), 0, create_##AT##_##WAY, session_step,      \
                                                          session_destroy, estimate_##AT##_##WAY};                          \
        DESCRIBE(EVALH_KIND_STRATEGY, AT##_##WAY, "bad." #AT "." #WAY)
    #define GRADER(AT, WAY)                                                                                                 \
        static void *create_g_##AT##_##WAY(evalh_str p, const evalh_text_sink *e) { (void)p, (void)e; return make_other(#AT, WAY); } \
        static const evalh_grader table_g_##AT##_##WAY = {sizeof(evalh_grader), 0, create_g_##AT##_##WAY, destroy_other,     \
                                                          grade, extract, same, NULL, NULL};                                \
        DESCRIBE(EVALH_KIND_GRADER, g_##AT##_##WAY, "bad." #AT "." #WAY)
    #define METRIC(AT, WAY)                                                                                                 \
        static void *create_m_##AT##_##WAY(evalh_str p, uint64_t s, const evalh_text_sink *e) {                              \
            (void)p, (void)s, (void)e;                                                                                      \
            return make_other(#AT, WAY);                                                                                    \
        }                                                                                                                   \
        static const evalh_metric table_m_##AT##_##WAY = {sizeof(evalh_metric), 0, create_m_##AT##_##WAY, destroy_other, add, result}; \
        DESCRIBE(EVALH_KIND_METRIC, m_##AT##_##WAY, "bad." #AT "." #WAY)
    #define ALLOCATOR(AT, WAY)                                                                                              \
        static void *create_a_##AT##_##WAY(evalh_str p, const evalh_allocation *a, uint64_t s, const evalh_text_sink *e) {   \
            (void)p, (void)s, (void)e;                                                                                      \
            return a->item_fields(a, 1).len == 7 ? make_other(#AT, WAY) : NULL;                                             \
        }                                                                                                                   \
        static const evalh_allocator table_a_##AT##_##WAY = {sizeof(evalh_allocator), 0, create_a_##AT##_##WAY,              \
                                                             destroy_other, add, next, weights, result};                    \
        DESCRIBE(EVALH_KIND_ALLOCATOR, a_##AT##_##WAY, "bad." #AT "." #WAY)

    #define ALL(X)                                                                                                          \
        X(create, segv) X(create, exits) X(create, hangs) X(step, segv) X(step, aborts) X(step, exits) X(step, hangs)             \
        X(step, eats) X(step, scribbles) X(destroy, segv) X(estimate, segv) X(estimate, fine) X(never, fine)                \
        X(never, once) X(never, fickle) X(never, tries) X(never, peers)
    #define GRADERS(X) X(never, fine) X(create, segv) X(grade, segv) X(grade, hangs) X(extract, segv) X(same, exits)
    #define METRICS(X) X(never, fine) X(create, segv) X(add, segv) X(add, exits) X(result, hangs) X(result, segv)
    #define ALLOCATORS(X) X(never, fine) X(create, segv) X(next, segv) X(next, hangs) X(weights, exits) X(add, segv)
    ALL(STRATEGY) GRADERS(GRADER) METRICS(METRIC) ALLOCATORS(ALLOCATOR)

    #define LIST(AT, WAY) &described_##AT##_##WAY,
    #define LIST_G(AT, WAY) &described_g_##AT##_##WAY,
    #define LIST_M(AT, WAY) &described_m_##AT##_##WAY,
    #define LIST_A(AT, WAY) &described_a_##AT##_##WAY,
    static const evalh_descriptor *const all[] = {ALL(LIST) GRADERS(LIST_G) METRICS(LIST_M) ALLOCATORS(LIST_A)};
    static const evalh_library library = {sizeof library, EVALH_ABI_MAJOR, EVALH_ABI_MINOR, 0, TEXT("hostile"), TEXT("1.0.0"), NULL, 0,
                                          all, sizeof all / sizeof *all, {NULL, 0}};

    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
    """#
