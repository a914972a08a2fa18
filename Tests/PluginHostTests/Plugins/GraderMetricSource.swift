/// A grader that compares with the target, a metric that gives the mean score, and an allocator that wants the last
/// item.
let graderMetricSource = #"""
    #include <evalh_plugin.h>
    #include <math.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>

    #define TEXT(s) {s, sizeof s - 1}
    static evalh_str lit(const char *s) { return (evalh_str){s, strlen(s)}; }

    struct grader { int strict; };

    static void *grader_create(evalh_str parameters, const evalh_text_sink *error) {
        if (parameters.len != 2) {
            error->set(error, lit("no parameters, please"));
            return NULL;
        }
        return calloc(1, sizeof(struct grader));
    }

    static int32_t grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
        (void)grader;
        if (input->answer.len == 0) {
            out->explanation->set(out->explanation, lit("nothing to grade"));
            return EVALH_FAILED;
        }
        char bad[] = {'o', 'k', (char)0xff};
        int equal = input->answer.len == input->target.len && memcmp(input->answer.ptr, input->target.ptr, input->target.len) == 0;
        out->score = input->answer.ptr[0] == '!' ? 7 : equal && input->finish == EVALH_FINISH_STOP;
        if (input->answer.ptr[0] == '~') out->strict_score = 0.5;
        out->extracted->set(out->extracted, input->answer);
        out->stage->set(out->stage, lit("whole"));
        out->explanation->set(out->explanation, equal ? (evalh_str){bad, sizeof bad} : input->fields_json);
        return EVALH_OK;
    }

    static int32_t extract(void *grader, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage) {
        (void)grader;
        if (text.len == 0) return EVALH_FAILED;
        answer->set(answer, (evalh_str){text.ptr, 1});
        stage->set(stage, lit("first"));
        return EVALH_OK;
    }

    /* Case does not count. */
    static int32_t same(void *grader, evalh_str first, evalh_str other) {
        (void)grader;
        return first.len == 1 && other.len == 1 && (first.ptr[0] | 32) == (other.ptr[0] | 32);
    }

    struct metric { double sum; int64_t n; uint64_t seed; char arm[32]; };

    static void *metric_create(evalh_str parameters, uint64_t seed, const evalh_text_sink *error) {
        if (parameters.len != 2) {
            error->set(error, lit("bad"));
            return NULL;
        }
        struct metric *m = calloc(1, sizeof *m);
        m->seed = seed;
        return m;
    }

    static int32_t add(void *metric, const evalh_session_row *row, const evalh_text_sink *error) {
        struct metric *m = metric;
        if (row->item == 99) {
            error->set(error, lit("item 99 is odd"));
            return EVALH_FAILED;
        }
        if (row->is_error) return isnan(row->score) ? EVALH_OK : EVALH_FAILED;
        m->sum += row->score;
        m->n++;
        snprintf(m->arm, sizeof m->arm, "%.*s/%.*s/%ld/%ld/%ld", (int)row->arm.len, row->arm.ptr, (int)row->level.len, row->level.ptr,
                 (long)row->level_index, (long)row->repeat, (long)row->usage.completion_tokens);
        return EVALH_OK;
    }

    static int32_t result(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error) {
        (void)error;
        struct metric *m = metric;
        evalh_metric_value full = {sizeof full, 0, lit("mean"), lit(m->arm), 2, m->sum / (double)m->n, 0.1, 0.9, 0.2, m->n,
                                   lit("wald"), lit("{}")};
        out->push(out, &full);
        evalh_metric_value old = full;
        old.struct_size = offsetof(evalh_metric_value, ci_low);
        old.level_index = -1;
        old.value = (double)m->seed;
        out->push(out, &old);
        if (m->n == 3) {
            old.struct_size = 8;
            out->push(out, &old);
        }
        return EVALH_OK;
    }

    struct allocator { uint64_t items, rows; int64_t repeats; size_t added, round; char fields[64]; };

    static void *allocator_create(evalh_str parameters, const evalh_allocation *a, uint64_t seed, const evalh_text_sink *error) {
        (void)seed;
        if (parameters.len != 2) {
            error->set(error, lit("no parameters, please"));
            return NULL;
        }
        struct allocator *self = calloc(1, sizeof *self);
        self->items = a->item_count;
        self->rows = a->row_count;
        self->repeats = a->repeats;
        evalh_str last = a->item_fields(a, a->item_count - 1);
        snprintf(self->fields, sizeof self->fields, "%.*s %.*s@%ld", (int)last.len, last.ptr, (int)a->rows[a->row_count - 1]->arm.len,
                 a->rows[a->row_count - 1]->arm.ptr, (long)a->rows[a->row_count - 1]->level_index);
        return self;
    }

    static int32_t allocator_add(void *allocator, const evalh_session_row *row, const evalh_text_sink *error) {
        struct allocator *self = allocator;
        if (row->is_error) {
            error->set(error, lit("no errors, please"));
            return EVALH_FAILED;
        }
        self->added++;
        return EVALH_OK;
    }

    static int32_t allocator_next(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *error) {
        struct allocator *self = allocator;
        (void)error;
        if (self->round++ == 0) {
            for (uint64_t row = 0; row < self->rows; row++) out->want(out, self->items - 1, row, (uint64_t)self->repeats);
        }
        out->reason(out, lit(self->fields));
        if (self->added == 3) out->want(out, self->items, 0, 1);
        return EVALH_OK;
    }

    static int32_t allocator_weights(void *allocator, const evalh_weight_sink *out, const evalh_text_sink *error) {
        struct allocator *self = allocator;
        (void)error;
        out->push(out, self->items - 1, self->added == 3 ? NAN : 1.5);
        return EVALH_OK;
    }

    static int32_t allocator_result(void *allocator, const evalh_metric_sink *out, const evalh_text_sink *error) {
        struct allocator *self = allocator;
        (void)error;
        evalh_metric_value value = {.struct_size = sizeof value, .name = lit("added"), .level_index = -1, .value = (double)self->added, .n = -1};
        out->push(out, &value);
        return EVALH_OK;
    }

    static const evalh_grader grader_table = {sizeof grader_table, 0, grader_create, free, grade, extract, same};
    static const evalh_grader old_grader_table = {offsetof(evalh_grader, extract), 0, grader_create, free, grade, extract};
    static const evalh_grader byte_grader_table = {offsetof(evalh_grader, same), 0, grader_create, free, grade, extract, same};
    static const evalh_metric metric_table = {sizeof metric_table, 0, metric_create, free, add, result};
    static const evalh_descriptor grader = {sizeof grader, 0, 0, 0, TEXT(EVALH_KIND_GRADER), TEXT("org.example.same"), TEXT("1.0.0"),
                                            TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &grader_table};
    static const evalh_descriptor old_grader = {sizeof grader, 0, 0, 0, TEXT(EVALH_KIND_GRADER), TEXT("org.example.old"),
                                                TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &old_grader_table};
    static const evalh_descriptor byte_grader = {sizeof grader, 0, 0, 0, TEXT(EVALH_KIND_GRADER), TEXT("org.example.bytes"),
                                                 TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &byte_grader_table};
    static const evalh_descriptor metric = {sizeof metric, 0, 0, 0, TEXT(EVALH_KIND_METRIC), TEXT("org.example.same"), TEXT("1.0.0"),
                                            TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &metric_table};
    static const evalh_allocator allocator_table = {sizeof allocator_table, 0, allocator_create, free, allocator_add, allocator_next,
                                                    allocator_weights, allocator_result};
    static const evalh_allocator bare_table = {offsetof(evalh_allocator, weights), 0, allocator_create, free, allocator_add,
                                               allocator_next, NULL, NULL};
    static const evalh_descriptor allocator = {sizeof allocator, 0, 0, 0, TEXT(EVALH_KIND_ALLOCATOR), TEXT("org.example.same"),
                                               TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &allocator_table, TEXT("added left_over")};
    static const evalh_descriptor bare = {sizeof bare, 0, 0, 0, TEXT(EVALH_KIND_ALLOCATOR), TEXT("org.example.bare"),
                                          TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &bare_table};
    static const evalh_descriptor *const descriptors[] = {&grader, &old_grader, &metric, &allocator, &bare, &byte_grader};
    static const evalh_library library = {sizeof library, 1, 0, 0, TEXT("gm"), TEXT("0.1.0"), NULL, 0, descriptors, 6, {NULL, 0}};

    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
    """#
