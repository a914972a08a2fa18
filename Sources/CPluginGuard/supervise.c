#define _GNU_SOURCE
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// MARK: The child

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
static struct sigaction usual[NSIG];

static uint64_t instruction(void *context) {
#if defined(__x86_64__)
    return (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uint64_t)((ucontext_t *)context)->uc_mcontext.pc;
#else
    (void)context;
    return 0;
#endif
}

/// Only stores and system calls: safe in a handler, whatever the thread was doing.
static void note(int number, siginfo_t *info, void *context) {
    evalh_guard_region *memory = evalh_guard_memory;
    int32_t slot = evalh_guard_guilty_slot();
    if (atomic_fetch_add(&memory->crashes, 1) == 0) {
        memory->crash.slot = slot;
        memory->crash.instruction = instruction(context);
        memory->crash.address = (uint64_t)info->si_addr;
        memory->crash.signal = number;
    }
    // A plugin's crash takes the system's course: a page of our own stack says nothing of it. For ours, whoever had
    // the signal before gets it, such as a runtime that prints backtraces.
    struct sigaction plain;
    memset(&plain, 0, sizeof plain);
    plain.sa_handler = SIG_DFL;
    sigaction(number, slot >= 0 ? &plain : &usual[number], NULL);
    // A faulting instruction faults again, where a core dump or a debugger wants to see it. The rest would go on.
    int repeats = info->si_code > 0 && number != SIGTRAP && number != SIGABRT && number != SIGSYS;
    if (!repeats) syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
}

static void note_exit(void) {
    if (atomic_load(&evalh_guard_memory->goodbye) == 0)
        atomic_store(&evalh_guard_memory->exit_slot, evalh_guard_guilty_slot() + 2);
}

void evalh_guard_install_handlers(void) {
    atexit(note_exit);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, &usual[fatal[i]]);
    evalh_guard_give_stack();
}

void evalh_guard_give_stack(void) {
    stack_t stack;
    if (sigaltstack(NULL, &stack) != 0 || !(stack.ss_flags & SS_DISABLE)) return;
    // Kept until the process ends: threads that run plugins are few and live long.
    size_t size = 64 << 10;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) return;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = memory;
    stack.ss_size = size;
    if (sigaltstack(&stack, NULL) != 0) munmap(memory, size);
}

void evalh_guard_say_goodbye(int code) {
    int32_t none = 0;
    atomic_compare_exchange_strong(&evalh_guard_memory->goodbye, &none, code + 1);
}

// MARK: The parent

static const int handed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

static int is_single_threaded(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return 0;
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(tasks))) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count == 1;
}

static void watched_signals(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    for (size_t i = 0; i < sizeof handed_on / sizeof *handed_on; i++) sigaddset(set, handed_on[i]);
}

pid_t evalh_guard_fork(void) {
    if (!is_single_threaded()) return -1;
    void *memory =
        mmap(NULL, sizeof(evalh_guard_region), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return -1;
    sigset_t watched, before;
    watched_signals(&watched);
    sigprocmask(SIG_BLOCK, &watched, &before);
    // A caller that ignores SIGCHLD would have us lose the child's status.
    struct sigaction children, usual_children;
    memset(&children, 0, sizeof children);
    children.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &children, &usual_children);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        evalh_guard_memory = memory;
        evalh_guard_thread_slot = NULL;
        sigaction(SIGCHLD, &usual_children, NULL);
        sigprocmask(SIG_SETMASK, &before, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(130);
        evalh_guard_install_handlers();
        return 0;
    }
    if (child < 0) {
        munmap(memory, sizeof(evalh_guard_region));
        sigprocmask(SIG_SETMASK, &before, NULL);
        return -1;
    }
    evalh_guard_memory = memory;
    // What else we were handed stays open in both: whoever waits for its end waits for ours.
    return child;
}

static void *run_body(void *body) {
    ((void (*)(void))body)();
    return NULL;
}

void evalh_guard_run_apart(void (*body)(void)) {
    pthread_attr_t wish;
    pthread_t thread;
    pthread_attr_init(&wish);
    // As deep as a first thread may be, and more: pages come as they are touched.
    pthread_attr_setstacksize(&wish, (size_t)64 << 20);
    int has_thread = pthread_create(&thread, &wish, run_body, (void *)body) == 0;
    pthread_attr_destroy(&wish);
    if (!has_thread) {
        body();
        return;
    }
    // Signals are for threads that may run Swift.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    pthread_join(thread, NULL);
}

int evalh_guard_goodbye(void) { return atomic_load(&evalh_guard_memory->goodbye) - 1; }

int evalh_guard_wait(pid_t child, int milliseconds, int *status) {
    sigset_t watched;
    watched_signals(&watched);
    struct timespec rest = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    for (;;) {
        pid_t ended = waitpid(child, status, WNOHANG);
        if (ended == child) return 1;
        siginfo_t info;
        int number = sigtimedwait(&watched, &info, &rest);
        if (number < 0 && errno == EINTR) continue;
        if (number < 0) return 0;
        // What a terminal sends, it sends to both of us.
        if (number != SIGCHLD && info.si_code <= 0) kill(child, number);
        // Being told something does not make the wait longer by more than a little.
        rest.tv_nsec = rest.tv_sec == 0 ? rest.tv_nsec / 2 : rest.tv_nsec;
        rest.tv_sec /= 2;
    }
}

const char *evalh_guard_signal_name(int number) { return sigabbrev_np(number); }

void evalh_guard_die_by(int number) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    kill(getpid(), number);
    _exit(128 + number);
}
