#ifndef EVALH_SANDBOX_INTERNAL_H
#define EVALH_SANDBOX_INTERNAL_H

#include "evalh_sandbox.h"

/// What the sandbox's init tells who runs it. Smaller than PIPE_BUF: written whole.
typedef struct sandbox_report {
    /// 0: the program ended; else a step failed.
    int failed;
    evalh_sandbox_step step;
    int error;
    int status;
    double cpu_seconds;
} sandbox_report;

/// The ends that the inner side of a sandbox holds.
typedef struct sandbox_ends {
    int output;
    int mark;
    int reports;
    /// Gives a byte when the ids are mapped, then nothing until who runs us is gone.
    int control;
} sandbox_ends;

/// The first process inside. Async-signal-safe calls only: its memory is a copy of a process that has many threads.
_Noreturn void sandbox_init(const evalh_sandbox_job *job, const sandbox_ends *ends);

/// Builds the root and enters it. 0, or an `errno` with the step that failed.
int sandbox_enclose(const evalh_sandbox_job *job, const int *trees, evalh_sandbox_step *step);

/// Takes hold of what will be visible, before anything changes: `trees` has a descriptor a path, -1 for none.
int sandbox_take_trees(const evalh_sandbox_job *job, int *trees);

/// The trial program. Writes its mark to descriptor 3.
_Noreturn void sandbox_try_to_break_out(const evalh_sandbox_job *job);

#endif
