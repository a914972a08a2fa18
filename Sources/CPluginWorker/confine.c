#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Landlock's interface, which is newer than some C libraries; the numbers are the same on all architectures.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_add_rule
#define SYS_landlock_add_rule 445
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

enum {
    LANDLOCK_EXECUTE = 1 << 0,
    LANDLOCK_WRITE_FILE = 1 << 1,
    /// Removing and making files of all kinds, in versions of Landlock from 1 on.
    LANDLOCK_CHANGES = 0x1ff0,
    LANDLOCK_REFER = 1 << 13,
    LANDLOCK_TRUNCATE = 1 << 14,
};

/// Every right to change files is taken and given for /dev/null alone; reading stays as it is.
static int forbid_writing_by_landlock(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1u /* its version */);
    if (version < 1) return 0;
    uint64_t handled = LANDLOCK_EXECUTE | LANDLOCK_WRITE_FILE | LANDLOCK_CHANGES;
    if (version >= 2) handled |= LANDLOCK_REFER;
    if (version >= 3) handled |= LANDLOCK_TRUNCATE;
    // A library that is loaded is read and mapped, which is no execution.
    struct {
        uint64_t files;
    } rules = {handled};
    int set = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0u);
    if (set < 0) return 0;
    struct {
        uint64_t allowed;
        int32_t parent;
    } __attribute__((packed)) rule = {LANDLOCK_WRITE_FILE, open("/dev/null", O_PATH | O_CLOEXEC)};
    if (rule.parent >= 0) {
        syscall(SYS_landlock_add_rule, set, 1 /* beneath a path */, &rule, 0u);
        close(rule.parent);
    }
    int done = syscall(SYS_landlock_restrict_self, set, 0u) == 0;
    close(set);
    return done;
}

/// All that is mounted becomes read-only, in a name space of our own.
static int forbid_writing_by_mounts(void) {
    struct {
        uint64_t set, clear, propagation, userns;
    } read_only = {1 /* read-only */, 0, 0, 0};
    // What happens here stays here.
    struct {
        uint64_t set, clear, propagation, userns;
    } private = {0, 0, 1u << 18, 0};
    if (unshare(CLONE_NEWNS) != 0) return 0;
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0x8000u /* recursive */, &private, sizeof private) != 0) return 0;
    return syscall(SYS_mount_setattr, AT_FDCWD, "/", 0x8000u, &read_only, sizeof read_only) == 0;
}

#if defined(__x86_64__)
#define FILTERED_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTERED_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/// Refuses what no plugin needs: other processes, sockets, and the parts of the kernel that faults come from.
static int forbid_calls(void) {
#ifdef FILTERED_ARCHITECTURE
    static const int refused[] = {
        SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto,
        SYS_sendmsg, SYS_sendmmsg, SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
        SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_bpf, SYS_perf_event_open,
        SYS_keyctl, SYS_add_key, SYS_request_key, SYS_init_module, SYS_finit_module, SYS_delete_module,
        SYS_userfaultfd, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_kill, SYS_tkill,
        425 /* io_uring_setup */, 426, 427, 424 /* pidfd_send_signal */, 434 /* pidfd_open */, 438 /* pidfd_getfd */,
        428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */,
#ifdef SYS_fork
        SYS_fork, SYS_vfork,
#endif
    };
    enum { COUNT = sizeof refused / sizeof *refused };
    struct sock_filter program[2 * COUNT + 32];
    unsigned n = 0;
#define STATEMENT(CODE, K) program[n++] = (struct sock_filter)BPF_STMT(CODE, K)
#define JUMP(CODE, K, TRUE, FALSE) program[n++] = (struct sock_filter)BPF_JUMP(CODE, K, TRUE, FALSE)
#define LOAD(MEMBER) STATEMENT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, MEMBER))
#define REFUSE(ERROR) STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (ERROR))
    LOAD(arch);
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, FILTERED_ARCHITECTURE, 1, 0);
    STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    LOAD(nr);
#if defined(__x86_64__)
    // Calls of the x32 interface have other numbers for the same.
    JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1);
    REFUSE(ENOSYS);
#endif
    for (unsigned at = 0; at < COUNT; at++) {
        JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refused[at], 0, 1);
        REFUSE(EPERM);
    }
    // A library then falls back to `clone`, whose flags can be looked at.
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, 435 /* clone3 */, 0, 1);
    REFUSE(ENOSYS);
    // Threads, no processes.
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SYS_clone, 0, 4);
    LOAD(args[0]);
    JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
    REFUSE(EPERM);
    LOAD(nr);
    // Signals to ourselves.
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SYS_tgkill, 0, 3);
    LOAD(args[0]);
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 1, 0);
    REFUSE(EPERM);
    STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {(unsigned short)n, program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
#else
    return 0;
#endif
}

static int limit(int resource, rlim_t amount) {
    struct rlimit bounds;
    if (getrlimit(resource, &bounds) != 0) return 0;
    if (bounds.rlim_max == RLIM_INFINITY || bounds.rlim_max > amount) bounds.rlim_max = amount;
    bounds.rlim_cur = bounds.rlim_max;
    return setrlimit(resource, &bounds) == 0;
}

uint32_t evalh_worker_confine(void) {
    uint32_t has = 0;
    // A file that would grow is refused with an error, which does not end us.
    signal(SIGXFSZ, SIG_IGN);
    if (limit(RLIMIT_NOFILE, 64) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_MEMLOCK, 0)
        && limit(RLIMIT_MSGQUEUE, 0))
        has |= EVALH_CONFINED_LIMITS;
    // In a user name space of our own we have the rights for the other two; where there is none, the filter has to do.
    int has_users = unshare(CLONE_NEWUSER) == 0;
    if ((has_users || geteuid() == 0) && unshare(CLONE_NEWNET | CLONE_NEWIPC) == 0) has |= EVALH_CONFINED_NETWORK;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return has;
    if (forbid_writing_by_landlock()) has |= EVALH_CONFINED_FILES;
    else if ((has_users || geteuid() == 0) && forbid_writing_by_mounts()) has |= EVALH_CONFINED_FILES;
    if (forbid_calls()) has |= EVALH_CONFINED_CALLS | EVALH_CONFINED_NETWORK;
    return has;
}
