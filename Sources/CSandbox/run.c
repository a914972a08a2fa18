#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// Who runs as root becomes nobody inside, so that outside too nothing belongs to the program.
static const unsigned nobody = 65534;

static double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int write_file(pid_t process, const char *name, const char *text) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    ssize_t written = write(file, text, strlen(text));
    int error = written < 0 ? errno : 0;
    close(file);
    return error;
}

/// Root inside is nobody outside, or the user who runs us.
static int map_ids(pid_t process) {
    int is_root = geteuid() == 0;
    char text[32];
    snprintf(text, sizeof text, "0 %u 1", is_root ? nobody : (unsigned)geteuid());
    int error = write_file(process, "uid_map", text);
    if (error) return error;
    // Who may not change groups must give the right to away before the map is taken.
    if (!is_root && (error = write_file(process, "setgroups", "deny"))) return error;
    snprintf(text, sizeof text, "0 %u 1", is_root ? nobody : (unsigned)getegid());
    return write_file(process, "gid_map", text);
}

typedef struct sandbox_pipes {
    int output[2], mark[2], reports[2], control[2];
} sandbox_pipes;

static void close_end(int *end) {
    if (*end >= 0) close(*end);
    *end = -1;
}

static void close_pipes(sandbox_pipes *pipes) {
    for (int side = 0; side < 2; side++) {
        close_end(&pipes->output[side]);
        close_end(&pipes->mark[side]);
        close_end(&pipes->reports[side]);
        close_end(&pipes->control[side]);
    }
}

static int open_pipes(sandbox_pipes *pipes) {
    memset(pipes, -1, sizeof *pipes);
    if (pipe2(pipes->output, O_CLOEXEC) || pipe2(pipes->mark, O_CLOEXEC) || pipe2(pipes->reports, O_CLOEXEC)
        || pipe2(pipes->control, O_CLOEXEC))
        return errno;
    return 0;
}

static void not_run(evalh_sandbox_result *result, evalh_sandbox_step step, int error) {
    result->end = EVALH_SANDBOX_NOT_RUN;
    result->step = step;
    result->error = error;
}

/// Reads once into what is left of `room`. Returns bytes read, 0 at the end; `*is_full` when there was more than room.
static ssize_t take(int end, char *text, size_t *size, size_t room, int *is_full) {
    char rest[4096];
    int has_room = *size < room;
    ssize_t length = read(end, has_room ? text + *size : rest, has_room ? room - *size : sizeof rest);
    if (length < 0) return errno == EINTR || errno == EAGAIN ? 1 : 0;
    if (has_room) *size += (size_t)length;
    else if (length > 0) *is_full = 1;
    return length;
}

/// Reads all that comes from inside until all its ends are closed, which its init's end sees to.
static void listen_to(
    pid_t init, sandbox_pipes *pipes, const evalh_sandbox_limits *limits, char *output, evalh_sandbox_result *result) {
    double deadline = seconds_now() + limits->wall_seconds;
    sandbox_report report = {1, EVALH_SANDBOX_LOST, 0, 0, 0};
    size_t report_size = 0;
    int is_killed = 0;
    evalh_sandbox_end why = EVALH_SANDBOX_ENDED;
    int *ends[3] = {&pipes->output[0], &pipes->mark[0], &pipes->reports[0]};
    while (*ends[0] >= 0 || *ends[1] >= 0 || *ends[2] >= 0) {
        double left = deadline - seconds_now();
        if (left <= 0 && !is_killed) {
            why = EVALH_SANDBOX_WALL_TIME;
            is_killed = 1;
            kill(init, SIGKILL);
        }
        struct pollfd events[3] = {{*ends[0], POLLIN, 0}, {*ends[1], POLLIN, 0}, {*ends[2], POLLIN, 0}};
        if (poll(events, 3, is_killed ? -1 : (int)(left * 1000) + 1) <= 0) continue;
        int is_full[3] = {0, 0, 0};
        if (events[0].revents
            && take(*ends[0], output, &result->output_size, limits->output_bytes, &is_full[0]) == 0)
            close_end(ends[0]);
        if (events[1].revents
            && take(*ends[1], result->mark, &result->mark_size, sizeof result->mark, &is_full[1]) == 0)
            close_end(ends[1]);
        if (events[2].revents && take(*ends[2], (char *)&report, &report_size, sizeof report, &is_full[2]) == 0)
            close_end(ends[2]);
        if (is_full[0] && !is_killed) {
            why = EVALH_SANDBOX_OUTPUT;
            is_killed = 1;
            kill(init, SIGKILL);
        }
    }
    result->end = why;
    if (why != EVALH_SANDBOX_ENDED) return;
    if (report_size < sizeof report) return not_run(result, EVALH_SANDBOX_LOST, 0);
    if (report.failed) return not_run(result, report.step, report.error);
    result->status = report.status;
    result->cpu_seconds = report.cpu_seconds;
}

void evalh_sandbox_run(const evalh_sandbox_job *job, char *output, evalh_sandbox_result *result) {
    memset(result, 0, sizeof *result);
    sandbox_pipes pipes;
    int error = open_pipes(&pipes);
    if (error) {
        close_pipes(&pipes);
        return not_run(result, EVALH_SANDBOX_PIPES, error);
    }
    // What the inner side does with its signals must not reach our handlers.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    long init = syscall(
        SYS_clone,
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0);
    if (init == 0) {
        sandbox_ends ends = {pipes.output[1], pipes.mark[1], pipes.reports[1], pipes.control[0]};
        close(pipes.control[1]);
        sandbox_init(job, &ends);
    }
    error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (init < 0) {
        close_pipes(&pipes);
        return not_run(result, EVALH_SANDBOX_NAMESPACES, error);
    }
    close_end(&pipes.output[1]);
    close_end(&pipes.mark[1]);
    close_end(&pipes.reports[1]);
    close_end(&pipes.control[0]);
    error = map_ids((pid_t)init);
    if (error) {
        kill((pid_t)init, SIGKILL);
        not_run(result, EVALH_SANDBOX_IDS, error);
    } else {
        ssize_t written = write(pipes.control[1], "m", 1);
        (void)written;
        listen_to((pid_t)init, &pipes, &job->limits, output, result);
    }
    close_pipes(&pipes);
    while (waitpid((pid_t)init, NULL, 0) < 0 && errno == EINTR) {}
}
