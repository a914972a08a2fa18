/// Starting a program that cannot outlive us, with all that it starts.
///
/// The program runs under a supervisor: a small process forked from ours that holds the reading end of a pipe whose
/// writing end only we hold. When we end it on purpose, exit, crash or are killed with SIGKILL, the kernel closes the
/// writing end, the supervisor sees it, and ends the program's whole process group. A parent-death signal alone would
/// not do: it follows the thread that forked, and reaches the direct child only.
#ifndef EVALH_PROCESS_H
#define EVALH_PROCESS_H

#include <sys/types.h>

typedef struct evalh_process {
    /// Wait for this with `waitpid` after closing `control`.
    pid_t supervisor;
    /// Writing end: close it to end the program. Closed on exec.
    int control;
    /// Reading end of `evalh_process_report`s; end of file when the supervisor is gone. Closed on exec.
    int reports;
} evalh_process;

enum {
    /// `value` is the program's process id, which is its group's as well.
    EVALH_PROCESS_STARTED = 1,
    /// `value` is the `errno` of `execve` or `chdir`.
    EVALH_PROCESS_NOT_STARTED = 2,
    /// `value` is the wait status of the program.
    EVALH_PROCESS_ENDED = 3,
};

typedef struct evalh_process_report {
    int kind;
    int value;
} evalh_process_report;

/// What is started, and how.
typedef struct evalh_process_program {
    const char *path;
    /// Both end with NULL.
    char *const *argv;
    char *const *envp;
    /// NULL: where we are.
    const char *directory;
    /// Standard input; -1: it is empty. The caller keeps it.
    int input;
    /// Standard output and standard error; may be the same. The caller keeps them.
    int output;
    int error;
    /// From SIGTERM to SIGKILL.
    int grace_ms;
    /// Address space of each of its processes; 0: no limit of its own.
    unsigned long long memory_bytes;
    /// Processor time of each of its processes, after which the kernel kills it, and no core file then; 0: no limit of
    /// its own.
    unsigned long long cpu_seconds;
} evalh_process_program;

/// Starts a program. Ending it means SIGTERM to its group, then SIGKILL after `grace_ms`,
/// also to descendants that left the group; what it leaves behind when it ends by itself goes the same way.
///
/// Any thread. Returns 0, or an `errno` and leaves `out` alone.
int evalh_process_start(const evalh_process_program *program, evalh_process *out);

#endif
