#define _GNU_SOURCE
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int can_write(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return 0;
    close(file);
    unlink(path);
    return 1;
}

static int writes_outside(const evalh_sandbox_job *job) {
    (void)job;
    return can_write("/evalh-escape") || can_write("/usr/evalh-escape") || can_write("/dev/evalh-escape")
        || can_write("/program/evalh-escape");
}

static int sees_files(const evalh_sandbox_job *job) { return access(job->bait->file, F_OK) == 0; }

static int reaches_network(const evalh_sandbox_job *job) {
    int is_reached = 0;
    int to_port = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)job->bait->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (to_port >= 0 && connect(to_port, (struct sockaddr *)&address, sizeof address) == 0) is_reached = 1;
    if (to_port >= 0) close(to_port);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    strcpy(name.sun_path + 1, "evalh-sandbox-");
    size_t length = 1 + strlen(name.sun_path + 1);
    char digits[12];
    int count = 0;
    for (int rest = job->bait->port; rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
    while (count > 0) name.sun_path[length++] = digits[--count];
    int to_name = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (to_name >= 0 && connect(to_name, (struct sockaddr *)&name, size) == 0) is_reached = 1;
    if (to_name >= 0) close(to_name);
    return is_reached;
}

static int starts_processes(const evalh_sandbox_job *job) {
    for (unsigned number = 0; number < job->limits.processes; number++) {
        long process = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (process == 0) _exit(0);
        if (process < 0) return 0;
    }
    return 1;
}

static int sees_processes(const evalh_sandbox_job *job) {
    // Numbers as small as ours may mean ourselves.
    return job->bait->process > 64 && kill(job->bait->process, 0) == 0;
}

static int holds_its_guard(const evalh_sandbox_job *job) {
    (void)job;
    return ptrace(PTRACE_ATTACH, 1, NULL, NULL) == 0;
}

static int has_rights(const evalh_sandbox_job *job) {
    (void)job;
    return chroot("/tmp") == 0 || mount("tmpfs", "/tmp", "tmpfs", 0, NULL) == 0
        || mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL) == 0 || umount2("/tmp", MNT_DETACH) == 0
        || unshare(CLONE_NEWNS) == 0 || sethostname("escape", 6) == 0;
}

static int fills_memory(const evalh_sandbox_job *job) {
    void *memory =
        mmap(NULL, (size_t)job->limits.memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 0;
    munmap(memory, (size_t)job->limits.memory_bytes);
    return 1;
}

/// Writes `bytes` to a file; how many went in.
static unsigned long long fill(const char *path, unsigned long long bytes) {
    static const char piece[1 << 16];
    unsigned long long written = 0;
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return 0;
    while (written < bytes) {
        ssize_t length = write(file, piece, sizeof piece);
        if (length <= 0) break;
        written += (unsigned long long)length;
    }
    close(file);
    return written;
}

static int fills_disk(const evalh_sandbox_job *job) {
    signal(SIGXFSZ, SIG_IGN);
    unsigned long long most = job->limits.file_bytes + (1 << 16), all = 0;
    char path[] = "/tmp/fill-a";
    for (; all <= job->limits.folder_bytes && path[10] <= 'z'; path[10]++) {
        unsigned long long written = fill(path, most);
        if (written == 0) return 0;
        if (written >= most) return 1;
        all += written;
    }
    return all > job->limits.folder_bytes;
}

static int holds_descriptors(const evalh_sandbox_job *job) {
    (void)job;
    for (int descriptor = 4; descriptor < 4096; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0) return 1;
    return 0;
}

_Noreturn void sandbox_try_to_break_out(const evalh_sandbox_job *job) {
    static const struct {
        int (*succeeds)(const evalh_sandbox_job *);
        const char *what;
    } attempts[] = {
        {holds_descriptors, "holds open files of ours"},
        {writes_outside, "writes outside its folder"},
        {sees_files, "sees the user's files"},
        {reaches_network, "reaches the network"},
        {sees_processes, "sees other processes"},
        {holds_its_guard, "gets hold of its guard"},
        {has_rights, "has rights of an administrator"},
        {fills_memory, "takes more memory than it may"},
        {fills_disk, "writes more than it may"},
        {starts_processes, "starts more processes than it may"},
    };
    const char *mark = "confined";
    for (size_t number = 0; number < sizeof attempts / sizeof attempts[0]; number++)
        if (attempts[number].succeeds(job)) {
            mark = attempts[number].what;
            break;
        }
    ssize_t written = write(3, mark, strlen(mark));
    (void)written;
    _exit(0);
}
