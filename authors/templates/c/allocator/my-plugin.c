/*
 * org.example.my-plugin: every cell once, then again where the answer was not right, up to the suite's `repeats`.
 *
 * A cell is an arm, at one of its levels, on an item. An allocator sees nothing but results, so that a resumed run
 * decides the same.
 */
#include <evalh_plugin.h>

#include <stdlib.h>
#include <string.h>

#define TEXT(s) {(s), sizeof(s) - 1}

/* An arm at one of its levels. Its name is a copy: the allocation is gone after create. */
struct row {
    char *arm;
    uint64_t arm_len;
    int64_t level_index;
};

struct cell {
    int64_t sessions;
    int is_right;
};

struct allocator {
    struct row *rows;
    struct cell *cells; /* item by item, a cell for each row */
    uint64_t row_count;
    uint64_t item_count;
    int64_t repeats;
};

static void destroy(void *allocator) {
    struct allocator *self = allocator;
    for (uint64_t i = 0; self->rows != NULL && i < self->row_count; i++) free(self->rows[i].arm);
    free(self->rows);
    free(self->cells);
    free(self);
}

static void *create(evalh_str parameters_json, const evalh_allocation *allocation, uint64_t seed,
                    const evalh_text_sink *error) {
    (void)parameters_json;
    (void)seed;
    struct allocator *self = calloc(1, sizeof *self);
    int is_whole = self != NULL;
    if (is_whole) {
        self->item_count = allocation->item_count;
        self->repeats = allocation->repeats;
        self->rows = calloc(allocation->row_count + 1, sizeof *self->rows);
        self->cells = calloc(allocation->item_count * allocation->row_count + 1, sizeof *self->cells);
        is_whole = self->rows != NULL && self->cells != NULL;
    }
    for (uint64_t i = 0; is_whole && i < allocation->row_count; i++) {
        const evalh_allocation_row *row = allocation->rows[i];
        self->rows[i] = (struct row){malloc(row->arm.len + 1), row->arm.len, row->level_index};
        self->row_count++;
        is_whole = self->rows[i].arm != NULL;
        if (is_whole && row->arm.len > 0) memcpy(self->rows[i].arm, row->arm.ptr, row->arm.len);
    }
    if (is_whole) return self;
    error->set(error, (evalh_str)TEXT("out of memory"));
    if (self != NULL) destroy(self);
    return NULL;
}

static int32_t add(void *allocator, const evalh_session_row *session, const evalh_text_sink *error) {
    struct allocator *self = allocator;
    for (uint64_t i = 0; i < self->row_count; i++) {
        const struct row *row = &self->rows[i];
        if (row->level_index != session->level_index || row->arm_len != session->arm.len ||
            memcmp(row->arm, session->arm.ptr, row->arm_len) != 0 || session->item >= self->item_count)
            continue;
        struct cell *cell = &self->cells[session->item * self->row_count + i];
        cell->sessions++;
        /* A failed session counts as run: its score is NaN, which is not 1. */
        cell->is_right = session->score == 1;
        return EVALH_OK;
    }
    error->set(error, (evalh_str)TEXT("a session of no cell that the run has"));
    return EVALH_FAILED;
}

static int32_t next(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *error) {
    (void)error;
    struct allocator *self = allocator;
    int wants = 0;
    for (uint64_t item = 0; item < self->item_count; item++) {
        for (uint64_t row = 0; row < self->row_count; row++) {
            const struct cell *cell = &self->cells[item * self->row_count + row];
            if (cell->sessions > 0 && (cell->is_right || cell->sessions >= self->repeats)) continue;
            out->want(out, item, row, 1);
            wants = 1;
        }
    }
    if (wants) out->reason(out, (evalh_str)TEXT("cells without a right answer once more"));
    else out->reason(out, (evalh_str)TEXT("every cell is right or has had all its repeats"));
    return EVALH_OK;
}

static const evalh_allocator allocator = {
    .struct_size = sizeof(evalh_allocator), .create = create, .destroy = destroy, .add = add, .next = next};

static const evalh_descriptor descriptor = {
    .struct_size = sizeof(evalh_descriptor),
    .kind = TEXT(EVALH_KIND_ALLOCATOR),
    .id = TEXT("org.example.my-plugin"),
    .version = TEXT("1.0.0"),
    .title = TEXT("Again where it was wrong"),
    .description = TEXT("Runs every arm on every item once, then again where the last answer was not right, at most "
                        "the suite's `repeats` times. Means over such repeats are biased: it is an example, not a "
                        "design."),
    .source = TEXT("an example"),
    .table = &allocator,
};

static const evalh_descriptor *const plugins[] = {&descriptor};

static const evalh_library library = {
    .struct_size = sizeof(evalh_library),
    .abi_major = EVALH_ABI_MAJOR,
    .abi_minor_built = EVALH_ABI_MINOR,
    .abi_minor_required = 0,
    .name = TEXT("my-plugin"),
    .version = TEXT("1.0.0"),
    .plugins = plugins,
    .plugin_count = sizeof plugins / sizeof *plugins,
};

EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
    (void)host;
    return &library;
}
