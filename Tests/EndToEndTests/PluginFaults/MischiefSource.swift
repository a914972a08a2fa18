/// See `Mischief`.
let mischiefSource = #"""
    #include <evalh_plugin.h>
    #include <pthread.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/syscall.h>
    #include <unistd.h>

    #define TEXT(s) {s, sizeof s - 1}
    static evalh_str lit(const char *s) { return (evalh_str){s, strlen(s)}; }

    __attribute__((noinline)) static void do_crash(void) { *(volatile int *)8 = 1; }
    __attribute__((noinline)) static int do_overflow(int n) {
        volatile char room[4096];
        room[0] = (char)n;
        return do_overflow(n + 1) + room[0];
    }
    static void *leave(void *unused) {
        (void)unused;
        exit(0);
    }

    static void mischief(const char *function) {
        static int calls;
        const char *wish = getenv("MISCHIEF");
        size_t length = strlen(function);
        if (!wish || strncmp(wish, function, length) != 0 || wish[length] != ':') return;
        const char *deed = wish + length + 1;
        const char *number = strchr(deed, ':');
        if (++calls < (number ? atoi(number + 1) : 1)) return;
        size_t end = number ? (size_t)(number - deed) : strlen(deed);
        #define IS(name) (end == strlen(name) && strncmp(deed, name, end) == 0)
        if (IS("crash")) do_crash();
        if (IS("abort")) abort();
        if (IS("trap")) __builtin_trap();
        if (IS("overflow")) do_overflow(0);
        if (IS("loop")) for (volatile int stay = 1; stay;) {}
        if (IS("sleep")) for (;;) sleep(1000);
        if (IS("exit0")) exit(0);
        if (IS("exit1")) exit(1);
        if (IS("quit0")) _exit(0);
        if (IS("gone0")) syscall(SYS_exit_group, 0);
        if (IS("exec")) execl("/bin/true", "true", (char *)NULL);
        if (IS("kill")) kill(getpid(), 9);
        if (IS("thread")) {
            pthread_t thread;
            pthread_create(&thread, NULL, leave, NULL);
            pthread_join(thread, NULL);
        }
        if (IS("print")) {
            puts("{\"this\": \"is no summary\"}");
            fflush(stdout);
        }
        if (IS("chdir") && chdir("/") != 0) abort();
        if (IS("fork")) fork();
    }

    __attribute__((constructor)) static void load(void) { mischief("load"); }
    __attribute__((destructor)) static void unload(void) { mischief("unload"); }

    struct session {
        const evalh_host *host;
        void *session;
    };
    static void *strategy_create(const evalh_host *host, void *session) {
        mischief("create");
        struct session *s = malloc(sizeof *s);
        s->host = host;
        s->session = session;
        return s;
    }
    static void strategy_destroy(void *instance) {
        mischief("destroy");
        free(instance);
    }
    static int32_t strategy_step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
        struct session *s = instance;
        (void)events;
        if (count == 0) return EVALH_OK;
        mischief("step");
        evalh_extraction found = {.struct_size = sizeof found};
        s->host->extract(s->session, lit("it is 7"), EVALH_FINISH_STOP, &found);
        s->host->extract(s->session, lit("it is 8"), EVALH_FINISH_STOP, &found);
        evalh_action_finish finish = {{sizeof finish, EVALH_ACTION_FINISH, 0, 1}, lit("it is 7"), 0.5, lit("done")};
        out->push(out, &finish.header);
        return EVALH_OK;
    }
    static int32_t strategy_estimate(evalh_str parameters, evalh_estimate *out) {
        (void)parameters;
        mischief("estimate");
        out->completions_min = out->completions_max = 0;
        return EVALH_OK;
    }
    static const evalh_strategy strategy = {sizeof strategy, 0, strategy_create, strategy_step, strategy_destroy,
                                            strategy_estimate};

    static void *grader_create(evalh_str parameters, const evalh_text_sink *error) {
        (void)parameters;
        (void)error;
        mischief("create");
        return malloc(1);
    }
    static void plain_destroy(void *instance) {
        mischief("destroy");
        free(instance);
    }
    static int32_t grader_grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
        (void)grader;
        (void)input;
        mischief("grade");
        out->score = 1;
        out->extracted->set(out->extracted, lit("7"));
        out->stage->set(out->stage, lit("all"));
        return EVALH_OK;
    }
    static int32_t grader_extract(void *grader, evalh_str text, const evalh_text_sink *answer,
                                  const evalh_text_sink *stage) {
        (void)grader;
        mischief("extract");
        answer->set(answer, (evalh_str){text.ptr + text.len - 1, text.len ? 1 : 0});
        stage->set(stage, lit("last"));
        return EVALH_OK;
    }
    static int32_t grader_extract_item(void *grader, evalh_str text, evalh_str fields, const evalh_text_sink *answer,
                                       const evalh_text_sink *stage) {
        (void)fields;
        return grader_extract(grader, text, answer, stage);
    }
    static int32_t grader_same(void *grader, evalh_str first, evalh_str other) {
        (void)grader;
        (void)first;
        (void)other;
        mischief("same");
        return 0;
    }
    static int32_t grader_expected(void *grader, const evalh_grade_input *input, const evalh_text_sink *answer) {
        (void)grader;
        mischief("expected");
        answer->set(answer, input->target);
        return EVALH_OK;
    }
    static const evalh_grader grader = {sizeof grader,  0,           grader_create,       plain_destroy, grader_grade,
                                        grader_extract, grader_same, grader_extract_item, grader_expected};

    static void *metric_create(evalh_str parameters, uint64_t seed, const evalh_text_sink *error) {
        (void)seed;
        return grader_create(parameters, error);
    }
    static int32_t metric_add(void *metric, const evalh_session_row *row, const evalh_text_sink *error) {
        (void)metric;
        (void)row;
        (void)error;
        mischief("add");
        return EVALH_OK;
    }
    static int32_t metric_result(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error) {
        (void)metric;
        (void)out;
        (void)error;
        mischief("result");
        return EVALH_OK;
    }
    static const evalh_metric metric = {sizeof metric, 0, metric_create, plain_destroy, metric_add, metric_result};

    struct allocator {
        uint64_t items, rows, rounds;
    };
    static void *allocator_create(evalh_str parameters, const evalh_allocation *allocation, uint64_t seed,
                                  const evalh_text_sink *error) {
        (void)parameters;
        (void)seed;
        (void)error;
        mischief("create");
        struct allocator *a = calloc(1, sizeof *a);
        a->items = allocation->item_count;
        a->rows = allocation->row_count;
        return a;
    }
    static int32_t allocator_next(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *error) {
        struct allocator *a = allocator;
        (void)error;
        mischief("next");
        out->reason(out, lit("all of it"));
        const char *wish = getenv("MISCHIEF");
        if (wish && strcmp(wish, "next:nothing") == 0) return EVALH_OK;
        if (a->rounds++ > 0) return EVALH_OK;
        for (uint64_t item = 0; item < a->items; item++)
            for (uint64_t row = 0; row < a->rows; row++) out->want(out, item, row, 1);
        return EVALH_OK;
    }
    static int32_t allocator_weights(void *allocator, const evalh_weight_sink *out, const evalh_text_sink *error) {
        (void)allocator;
        (void)out;
        (void)error;
        mischief("weights");
        return EVALH_OK;
    }
    static const evalh_allocator allocator = {sizeof allocator, 0,              allocator_create,  plain_destroy,
                                              metric_add,       allocator_next, allocator_weights, metric_result};

    #define DESCRIBE(NAME, KIND)                                                                                     \
        static const evalh_descriptor NAME##_descriptor = {                                                          \
            .struct_size = sizeof(evalh_descriptor), .kind = TEXT(KIND), .id = TEXT("mischief." #NAME),              \
            .version = TEXT("1.0.0"), .table = &NAME};
    DESCRIBE(strategy, EVALH_KIND_STRATEGY)
    DESCRIBE(grader, EVALH_KIND_GRADER)
    DESCRIBE(metric, EVALH_KIND_METRIC)
    DESCRIBE(allocator, EVALH_KIND_ALLOCATOR)
    static const evalh_descriptor *const descriptors[] = {&strategy_descriptor, &grader_descriptor, &metric_descriptor,
                                                          &allocator_descriptor};
    static const evalh_library library = {
        .struct_size = sizeof library, .abi_major = EVALH_ABI_MAJOR, .abi_minor_built = EVALH_ABI_MINOR,
        .name = TEXT("mischief"), .version = TEXT("1.0.0"), .plugins = descriptors, .plugin_count = 4};

    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
        (void)host;
        mischief("entry");
        return &library;
    }
    """#
