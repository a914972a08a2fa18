/// Running a program that nobody trusts, in user, mount, process, network, IPC and host name namespaces of its own.
///
/// What it sees is a root of its own in memory, read-only, with the folders that it is given, also read-only, its
/// source, four devices and a small /tmp that is gone afterwards. It has no network, no capabilities and no way to
/// get any.
/// It runs under an init of its own, and when that ends, so does everything that it started.
#ifndef EVALH_SANDBOX_H
#define EVALH_SANDBOX_H

#include <stddef.h>

/// What a program may use.
typedef struct evalh_sandbox_limits {
    /// Processor time of each of its processes.
    double cpu_seconds;
    /// Time until the end of all of it.
    double wall_seconds;
    /// Address space of each of its processes.
    unsigned long long memory_bytes;
    /// Of each file that it writes, and of all together.
    unsigned long long file_bytes;
    unsigned long long folder_bytes;
    /// Of standard output and error together: a program that writes more is ended.
    size_t output_bytes;
    /// Its processes and threads at once, itself included.
    unsigned processes;
} evalh_sandbox_limits;

/// What a trial program tries to reach.
typedef struct evalh_sandbox_bait {
    /// A file that is there outside.
    const char *file;
    /// Somebody listens there, on 127.0.0.1 and at the abstract name `evalh-sandbox-` with the port in decimal.
    int port;
    /// A process that is there outside.
    int process;
} evalh_sandbox_bait;

typedef struct evalh_sandbox_job {
    /// Absolute paths without links above their last part, seen at the same places; ends with NULL. At most
    /// EVALH_SANDBOX_PATHS; those that are not there are left out.
    const char *const *visible;
    /// Both end with NULL; `argv[0]` is the program's absolute path.
    char *const *argv;
    char *const *envp;
    /// Seen as /program/`source_name`.
    const char *source_name;
    const char *source;
    size_t source_size;
    /// Its standard input; size 0: empty.
    const char *input;
    size_t input_size;
    evalh_sandbox_limits limits;
    /// Set: instead of `argv` a trial program of ours runs, confined in the same way, and tries to break out. It writes
    /// "confined" as its mark, or what it could do.
    const evalh_sandbox_bait *bait;
} evalh_sandbox_job;

enum { EVALH_SANDBOX_PATHS = 48, EVALH_SANDBOX_MARK_BYTES = 256 };

/// How it ended.
typedef enum evalh_sandbox_end {
    /// By itself; see `status`.
    EVALH_SANDBOX_ENDED = 0,
    /// Its limit of wall time.
    EVALH_SANDBOX_WALL_TIME = 1,
    /// Its limit of output.
    EVALH_SANDBOX_OUTPUT = 2,
    /// It was not run: see `step` and `error`.
    EVALH_SANDBOX_NOT_RUN = 3,
} evalh_sandbox_end;

/// What of its preparation failed.
typedef enum evalh_sandbox_step {
    EVALH_SANDBOX_PIPES,
    EVALH_SANDBOX_NAMESPACES,
    EVALH_SANDBOX_IDS,
    EVALH_SANDBOX_ROOT,
    EVALH_SANDBOX_VISIBLE,
    EVALH_SANDBOX_PIVOT,
    EVALH_SANDBOX_RIGHTS,
    EVALH_SANDBOX_LIMITS,
    EVALH_SANDBOX_START,
    EVALH_SANDBOX_LOST,
} evalh_sandbox_step;

typedef struct evalh_sandbox_result {
    evalh_sandbox_end end;
    evalh_sandbox_step step;
    /// An `errno`.
    int error;
    /// Of `waitpid`.
    int status;
    /// Processor time of the program and of those that it waited for.
    double cpu_seconds;
    /// What it wrote, of at most `limits.output_bytes`.
    size_t output_size;
    /// What it wrote to descriptor 3.
    size_t mark_size;
    char mark[EVALH_SANDBOX_MARK_BYTES];
} evalh_sandbox_result;

/// Runs it and waits for its end. Any thread, several at once. Who runs as root runs it as nobody.
/// - output: room for `limits.output_bytes`.
void evalh_sandbox_run(const evalh_sandbox_job *job, char *output, evalh_sandbox_result *result);

#endif
