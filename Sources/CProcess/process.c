#define _GNU_SOURCE
#include "evalh_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Everything after the first fork runs in a copy of a process that may have had many threads: only async-signal-safe
// calls, no allocation, no locks.

static void report(int reports, int kind, int value) {
    evalh_process_report record = {kind, value};
    // Smaller than PIPE_BUF: written whole or not at all; nobody may be listening any more.
    ssize_t written = write(reports, &record, sizeof record);
    (void)written;
}

static void pause_ms(int ms) {
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static void close_between(int low, int high) {
    if (low > high) return;
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)low, (unsigned)high, 0u) == 0) return;
#endif
    if (high > 65535) high = 65535;
    for (int fd = low; fd <= high; fd++) close(fd);
}

/// Closes every descriptor from 3 on but five: what was forked with us (databases, sockets) must not be held open here.
static void close_all_but(int a, int b, int c, int d, int e) {
    int keep[5] = {a, b, c, d, e};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4 - i; j++)
            if (keep[j] > keep[j + 1]) {
                int swap = keep[j];
                keep[j] = keep[j + 1];
                keep[j + 1] = swap;
            }
    int low = 3;
    for (int i = 0; i < 5; i++) {
        close_between(low, keep[i] - 1);
        if (keep[i] >= low) low = keep[i] + 1;
    }
    close_between(low, 0x7fffffff);
}

static void reset_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void limit(int resource, unsigned long long amount) {
    struct rlimit bounds;
    if (getrlimit(resource, &bounds) != 0) return;
    // What we were given ourselves cannot be raised.
    if (bounds.rlim_max == RLIM_INFINITY || amount < bounds.rlim_max) bounds.rlim_max = (rlim_t)amount;
    bounds.rlim_cur = bounds.rlim_max;
    setrlimit(resource, &bounds);
}

static void close_on_exec(int fd) {
    if (fd > 2) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static _Noreturn void run_program(const evalh_process_program *program, int reports, pid_t supervisor) {
    reset_signals();
    setpgid(0, 0);
    // Should the supervisor itself be killed, at least the program goes with it. The supervisor has one thread.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(127);
    int input = program->input >= 0 ? program->input : open("/dev/null", O_RDONLY);
    if (input >= 0) dup2(input, 0);
    dup2(program->output, 1);
    dup2(program->error, 2);
    if (program->directory != NULL && chdir(program->directory) != 0) {
        report(reports, EVALH_PROCESS_NOT_STARTED, errno);
        _exit(127);
    }
    if (input > 2) close(input);
    close_on_exec(reports);
    close_on_exec(program->output);
    close_on_exec(program->error);
    if (program->memory_bytes > 0) limit(RLIMIT_AS, program->memory_bytes);
    if (program->cpu_seconds > 0) {
        limit(RLIMIT_CPU, program->cpu_seconds);
        limit(RLIMIT_CORE, 0);
    }
    execve(program->path, program->argv, program->envp);
    report(reports, EVALH_PROCESS_NOT_STARTED, errno);
    _exit(127);
}

/// Reaps what has ended. Returns whether children are left; sets `*ended` when `program` was among them.
static int reap(pid_t program, int reports, int *ended) {
    for (;;) {
        int status = 0;
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid == 0) return 1;
        if (pid < 0) {
            if (errno == EINTR) continue;
            return 0;
        }
        if (pid == program) {
            *ended = 1;
            report(reports, EVALH_PROCESS_ENDED, status);
        }
    }
}

/// SIGKILL to all our children. Orphaned descendants become ours (we are their subreaper), so repeated calls reach all
/// of them.
static void kill_children(void) {
    char text[4096];
    int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    pid_t pid = 0;
    for (ssize_t at = 0; at < length; at++) {
        if (text[at] >= '0' && text[at] <= '9') {
            pid = pid * 10 + (text[at] - '0');
        } else {
            if (pid > 1) kill(pid, SIGKILL);
            pid = 0;
        }
    }
    // A number cut off by the end of the buffer is left to the next call.
}

static _Noreturn void supervise(pid_t program, int control, int reports, int children, int grace_ms) {
    int ended = 0;
    while (!ended) {
        struct pollfd events[2] = {{control, POLLIN, 0}, {children, POLLIN, 0}};
        if (poll(events, 2, -1) < 0 && errno != EINTR) break;
        if (events[1].revents != 0) {
            struct signalfd_siginfo info;
            ssize_t length = read(children, &info, sizeof info);
            (void)length;
        }
        reap(program, reports, &ended);
        if (events[0].revents != 0) break;
    }
    kill(-program, SIGTERM);
    for (int waited = 0; waited < grace_ms; waited += 20) {
        reap(program, reports, &ended);
        if (kill(-program, 0) != 0 && errno == ESRCH) break;
        pause_ms(20);
    }
    kill(-program, SIGKILL);
    for (int waited = 0; waited < 5000; waited += 20) {
        kill_children();
        if (!reap(program, reports, &ended)) break;
        pause_ms(20);
    }
    _exit(0);
}

static _Noreturn void run_supervisor(const evalh_process_program *wanted, int control, int reports) {
    reset_signals();
    // A Ctrl-C in the terminal is for the parent, which then closes the pipe.
    setpgid(0, 0);
    prctl(PR_SET_NAME, "evalh-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    close_all_but(wanted->input, wanted->output, wanted->error, control, reports);
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigprocmask(SIG_BLOCK, &chld, NULL);
    int children = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);

    pid_t self = getpid();
    pid_t program = fork();
    if (program == 0) run_program(wanted, reports, self);
    if (program < 0 || children < 0) {
        report(reports, EVALH_PROCESS_NOT_STARTED, errno);
        if (program > 0) kill(program, SIGKILL);
        _exit(1);
    }
    setpgid(program, program);
    report(reports, EVALH_PROCESS_STARTED, program);
    // The terminal of the parent must not be held open by us, nor the pipes that the parent reads.
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
    }
    if (wanted->input > 2) close(wanted->input);
    if (wanted->output > 2) close(wanted->output);
    if (wanted->error > 2 && wanted->error != wanted->output) close(wanted->error);
    supervise(program, control, reports, children, wanted->grace_ms);
}

int evalh_process_start(const evalh_process_program *program, evalh_process *out) {
    int control[2], reports[2];
    if (pipe2(control, O_CLOEXEC) != 0) return errno;
    if (pipe2(reports, O_CLOEXEC) != 0) {
        int error = errno;
        close(control[0]);
        close(control[1]);
        return error;
    }
    pid_t supervisor = fork();
    if (supervisor == 0) run_supervisor(program, control[0], reports[1]);
    int error = errno;
    close(control[0]);
    close(reports[1]);
    if (supervisor < 0) {
        close(control[1]);
        close(reports[0]);
        return error;
    }
    out->supervisor = supervisor;
    out->control = control[1];
    out->reports = reports[0];
    return 0;
}
