/// A library whose negotiation and descriptor are set by macros; its one plugin does nothing.
let librarySource = #"""
    #include <evalh_plugin.h>
    #include <stdio.h>

    #ifndef ENTRY
    #define ENTRY evalh_plugin_v1
    #endif
    #ifndef MAJOR
    #define MAJOR 1
    #endif
    #ifndef BUILT
    #define BUILT 0
    #endif
    #ifndef REQUIRED
    #define REQUIRED 0
    #endif
    #ifndef ID
    #define ID "org.example.idle"
    #endif
    #ifndef KIND
    #define KIND EVALH_KIND_STRATEGY
    #endif
    #ifndef VERSION
    #define VERSION "1.0.0"
    #endif
    #ifndef SCHEMA
    #define SCHEMA "{\"type\":\"object\",\"properties\":{\"samples\":{\"type\":\"integer\"}}}"
    #endif
    #ifndef NEEDS
    #define NEEDS 0
    #endif
    #ifndef REFUSAL
    #define REFUSAL ""
    #endif
    #ifndef LIBRARY_SIZE
    #define LIBRARY_SIZE sizeof(evalh_library)
    #endif
    #ifndef DESCRIPTOR_SIZE
    #define DESCRIPTOR_SIZE sizeof(evalh_descriptor)
    #endif
    #ifndef TABLE_SIZE
    #define TABLE_SIZE sizeof(evalh_strategy)
    #endif
    #ifndef STEP
    #define STEP step
    #endif
    #ifndef COUNT
    #define COUNT 1
    #endif
    #define TEXT(s) {s, sizeof s - 1}

    static void *create(const evalh_host *host, void *session) { (void)host; return session; }
    static int32_t step(void *p, const evalh_event *const *e, uint64_t n, const evalh_out *o) {
        (void)p, (void)e, (void)n, (void)o;
        return EVALH_OK;
    }
    static void destroy(void *p) { (void)p; }

    __attribute__((unused)) static const void *const keep = step;
    static const evalh_strategy table = {TABLE_SIZE, 0, create, STEP, destroy, NULL};
    static const evalh_descriptor descriptor = {DESCRIPTOR_SIZE, NEEDS, 0, 0, TEXT(KIND), TEXT(ID), TEXT(VERSION), TEXT("Idle"),
                                                TEXT("Does nothing."), TEXT("none"), TEXT(SCHEMA), &table};
    static const evalh_descriptor later = {sizeof later, 0, 0, 0, TEXT("evalh.conductor/1"), TEXT("org.example.later"),
                                           TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &table};
    static const evalh_descriptor *const descriptors[] = {&descriptor, &later, &descriptor, NULL};
    #ifdef FEATURE
    static const evalh_str features[] = {TEXT("evalh.stream/1"), TEXT(FEATURE)};
    #define FEATURES features, 2
    #else
    #define FEATURES NULL, 0
    #endif
    static const evalh_library library = {LIBRARY_SIZE, MAJOR, BUILT, REQUIRED, TEXT("idle"), TEXT("0.1.0"), FEATURES,
                                          descriptors, COUNT, TEXT(REFUSAL)};

    EVALH_EXPORT const evalh_library *ENTRY(const evalh_host_info *host);
    EVALH_EXPORT const evalh_library *ENTRY(const evalh_host_info *host) {
    #ifdef MARKER
        FILE *marker = fopen(MARKER, "a");
        if (marker) fclose(marker);
    #endif
    #ifdef NOTHING
        (void)library;
        return NULL;
    #endif
        return host->struct_size >= sizeof *host && host->feature_count >= 4 ? &library : NULL;
    }
    """#
