#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

// Newer than some C libraries; the number is the same on all architectures.
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static void tell(int reports, const sandbox_report *report) {
    ssize_t written = write(reports, report, sizeof *report);
    (void)written;
}

static _Noreturn void give_up(int reports, evalh_sandbox_step step, int error) {
    sandbox_report report = {1, step, error, 0, 0};
    tell(reports, &report);
    _exit(1);
}

static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Closes every descriptor from 3 on but our own: the ends of other sandboxes' pipes among them, which these wait for.
static void close_others(const sandbox_ends *ends) {
    int kept[4] = {ends->output, ends->mark, ends->reports, ends->control};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3 - i; j++)
            if (kept[j] > kept[j + 1]) {
                int swap = kept[j];
                kept[j] = kept[j + 1];
                kept[j + 1] = swap;
            }
    unsigned low = 3;
    for (int i = 0; i < 4; i++) {
        if (low < (unsigned)kept[i]) syscall(SYS_close_range, low, (unsigned)kept[i] - 1, 0u);
        low = (unsigned)kept[i] + 1;
    }
    syscall(SYS_close_range, low, ~0u, 0u);
}

/// Becomes root of the namespace, who is nobody outside, or the user. Raw calls: the library's would look for threads.
static int take_ids(void) {
    // Refused where the user may not change groups, who then keeps those that they have.
    syscall(SYS_setgroups, 0, NULL);
    if (syscall(SYS_setresgid, 0, 0, 0) != 0 || syscall(SYS_setresuid, 0, 0, 0) != 0) return errno;
    return 0;
}

static int give_up_rights(void) {
    // Keys of the user's session stay outside.
    syscall(SYS_keyctl, 1 /* join a session keyring */, NULL);
    if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP
              | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED) != 0)
        return errno;
    for (int right = 0; prctl(PR_CAPBSET_READ, right) >= 0; right++)
        if (prctl(PR_CAPBSET_DROP, right) != 0) return errno;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capset, &header, none) != 0) return errno;
    // The program is of our user: it must not get hold of us.
    if (prctl(PR_SET_DUMPABLE, 0) != 0) return errno;
    return prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ? errno : 0;
}

static int limit(int resource, unsigned long long amount) {
    struct rlimit bounds = {(rlim_t)amount, (rlim_t)amount};
    struct rlimit given;
    if (getrlimit(resource, &given) != 0) return errno;
    // What we were given ourselves cannot be raised.
    if (given.rlim_max != RLIM_INFINITY && bounds.rlim_max > given.rlim_max)
        bounds.rlim_cur = bounds.rlim_max = given.rlim_max;
    return setrlimit(resource, &bounds) != 0 ? errno : 0;
}

static int take_limits(const evalh_sandbox_limits *limits) {
    int error;
    // To the second by the kernel; to the point by a timer that a program could set aside.
    if ((error = limit(RLIMIT_CPU, (unsigned long long)limits->cpu_seconds + 1))
        || (error = limit(RLIMIT_AS, limits->memory_bytes)) || (error = limit(RLIMIT_FSIZE, limits->file_bytes))
        || (error = limit(RLIMIT_NOFILE, 64)) || (error = limit(RLIMIT_CORE, 0))
        || (error = limit(RLIMIT_MEMLOCK, 0)) || (error = limit(RLIMIT_MSGQUEUE, 0))
        // Our init is the user's as well.
        || (error = limit(RLIMIT_NPROC, limits->processes + 1ull)))
        return error;
    struct itimerval timer = {{0, 0}, {(time_t)limits->cpu_seconds, 0}};
    timer.it_value.tv_usec = (suseconds_t)((limits->cpu_seconds - (double)timer.it_value.tv_sec) * 1e6);
    return setitimer(ITIMER_PROF, &timer, NULL) != 0 ? errno : 0;
}

/// What the program reads: a file in memory that nobody can change.
static int open_input(const evalh_sandbox_job *job) {
    if (job->input_size == 0) return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int input = memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    for (size_t done = 0; input >= 0 && done < job->input_size;) {
        ssize_t written = write(input, job->input + done, job->input_size - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return -1;
        done += (size_t)written;
    }
    if (input < 0 || lseek(input, 0, SEEK_SET) != 0) return -1;
    return fcntl(input, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0 ? input : -1;
}

/// In the program's process, which shares our memory until it starts: nothing but its own variables may change.
static _Noreturn void start_program(const evalh_sandbox_job *job, const sandbox_ends *ends) {
    setsid();
    int error = 0;
    int input = open_input(job);
    int input_error = errno;
    // Above those that are about to be given out.
    int output = fcntl(ends->output, F_DUPFD_CLOEXEC, 8);
    int mark = fcntl(ends->mark, F_DUPFD_CLOEXEC, 8);
    int reports = fcntl(ends->reports, F_DUPFD_CLOEXEC, 8);
    if (input >= 0) dup2(input, 0);
    else close(0);
    if (reports < 0) _exit(1);
    if (input < 0 && job->input_size > 0) give_up(reports, EVALH_SANDBOX_START, input_error);
    if (output < 0 || mark < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0 || dup2(mark, 3) < 0)
        give_up(reports, EVALH_SANDBOX_START, errno);
    if (syscall(SYS_close_range, 4u, (unsigned)reports - 1, 0u) != 0
        || syscall(SYS_close_range, (unsigned)reports + 1, ~0u, 0u) != 0)
        give_up(reports, EVALH_SANDBOX_START, errno);
    if ((error = take_limits(&job->limits))) give_up(reports, EVALH_SANDBOX_LIMITS, error);
    if (job->bait != NULL) {
        close(reports);
        sandbox_try_to_break_out(job);
    }
    execve(job->argv[0], job->argv, job->envp);
    give_up(reports, EVALH_SANDBOX_START, errno);
}

static _Noreturn void wait_for(pid_t program, int reports) {
    sandbox_report report = {0, EVALH_SANDBOX_LOST, 0, 0, 0};
    for (;;) {
        int status = 0;
        struct rusage usage;
        pid_t ended = wait4(-1, &status, 0, &usage);
        if (ended < 0 && errno == EINTR) continue;
        if (ended < 0) give_up(reports, EVALH_SANDBOX_LOST, errno);
        if (ended != program) continue;
        report.status = status;
        report.cpu_seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
        tell(reports, &report);
        // The kernel ends what it left behind.
        _exit(0);
    }
}

_Noreturn void sandbox_init(const evalh_sandbox_job *job, const sandbox_ends *ends) {
    reset_signals();
    close_others(ends);
    int reports = ends->reports;
    int trees[EVALH_SANDBOX_PATHS + 8];
    int error = sandbox_take_trees(job, trees);
    if (error) give_up(reports, EVALH_SANDBOX_VISIBLE, error);
    char byte;
    // Nothing comes if who runs us is gone.
    if (read(ends->control, &byte, 1) != 1) _exit(1);
    if ((error = take_ids())) give_up(reports, EVALH_SANDBOX_IDS, error);
    evalh_sandbox_step step;
    if ((error = sandbox_enclose(job, trees, &step))) give_up(reports, step, error);
    sethostname("sandbox", 7);
    if ((error = give_up_rights())) give_up(reports, EVALH_SANDBOX_RIGHTS, error);
    // It may have gone before it was to take us along.
    struct pollfd gone = {ends->control, 0, 0};
    if (poll(&gone, 1, 0) != 0) _exit(1);
    // A trial program works for longer than memory should be shared.
    pid_t program = job->bait != NULL ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : vfork();
    if (program == 0) start_program(job, ends);
    if (program < 0) give_up(reports, EVALH_SANDBOX_START, errno);
    close(ends->output);
    close(ends->mark);
    wait_for(program, reports);
}
