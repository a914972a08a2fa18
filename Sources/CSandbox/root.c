#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Newer than some C libraries; the numbers are the same on all architectures.
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

enum {
    TREE_CLONE = 1,
    TREE_RECURSIVE = 0x8000,
    TREE_EMPTY_PATH = 0x1000,
    MOVE_FROM_EMPTY_PATH = 4,
    ATTRIBUTE_READ_ONLY = 1,
    ATTRIBUTE_NO_SUID = 2,
    ATTRIBUTE_NO_DEVICES = 4,
};

typedef struct mount_attributes {
    uint64_t set, clear, propagation, user_namespace;
} mount_attributes;

static const char *const devices[] = {"dev/null", "dev/zero", "dev/random", "dev/urandom"};
enum { DEVICES = 4 };

/// The tree at a path as a mount of its own that is nowhere yet.
static int take_tree(const char *path, uint64_t attributes) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC | TREE_RECURSIVE);
    if (tree < 0) return -1;
    mount_attributes wanted = {attributes, 0, 0, 0};
    if (syscall(SYS_mount_setattr, tree, "", TREE_EMPTY_PATH | TREE_RECURSIVE, &wanted, sizeof wanted) != 0) {
        int error = errno;
        close(tree);
        errno = error;
        return -1;
    }
    return tree;
}

int sandbox_take_trees(const evalh_sandbox_job *job, int *trees) {
    // Nothing that is mounted here may show outside.
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return errno;
    int place = 0;
    for (; job->visible[place] != NULL && place < EVALH_SANDBOX_PATHS; place++) {
        trees[place] = -1;
        struct stat kind;
        if (lstat(job->visible[place], &kind) != 0 || S_ISLNK(kind.st_mode)) continue;
        trees[place] =
            take_tree(job->visible[place], ATTRIBUTE_READ_ONLY | ATTRIBUTE_NO_SUID | ATTRIBUTE_NO_DEVICES);
        if (trees[place] < 0) return errno;
    }
    for (int device = 0; device < DEVICES; device++, place++) {
        char path[16] = "/";
        strcat(path, devices[device]);
        trees[place] = take_tree(path, ATTRIBUTE_NO_SUID);
    }
    return 0;
}

/// Makes the folders above a path; relative paths.
static int make_parents(const char *path) {
    char text[4096];
    size_t length = strlen(path);
    if (length >= sizeof text) return ENAMETOOLONG;
    for (size_t at = 0; at < length; at++) {
        text[at] = path[at];
        if (path[at] != '/' || at == 0) continue;
        text[at] = 0;
        if (mkdir(text, 0755) != 0 && errno != EEXIST) return errno;
        text[at] = '/';
    }
    return 0;
}

static int place_tree(int tree, const char *path) {
    int error = make_parents(path);
    if (error) return error;
    struct stat kind;
    if (fstat(tree, &kind) != 0) return errno;
    if (S_ISDIR(kind.st_mode)) {
        if (mkdir(path, 0755) != 0 && errno != EEXIST) return errno;
    } else {
        int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (file < 0) return errno;
        close(file);
    }
    if (syscall(SYS_move_mount, tree, "", AT_FDCWD, path, MOVE_FROM_EMPTY_PATH) != 0) return errno;
    close(tree);
    return 0;
}

/// `/bin -> usr/bin` and the like.
static int place_link(const char *path) {
    char target[4096];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) return 0;  // It is not there.
    target[length] = 0;
    int error = make_parents(path + 1);
    if (error) return error;
    return symlink(target, path + 1) != 0 && errno != EEXIST ? errno : 0;
}

static int write_source(const evalh_sandbox_job *job) {
    if (mkdir("program", 0755) != 0 || chdir("program") != 0) return errno;
    int file = open(job->source_name, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    if (file < 0) return errno;
    for (size_t at = 0; at < job->source_size;) {
        ssize_t written = write(file, job->source + at, job->source_size - at);
        if (written < 0) return errno;
        at += (size_t)written;
    }
    close(file);
    return chdir("..") != 0 ? errno : 0;
}

/// "size=N," and the rest.
static void size_option(char *text, unsigned long long bytes, const char *rest) {
    char digits[24];
    int count = 0;
    do digits[count++] = (char)('0' + bytes % 10);
    while ((bytes /= 10) > 0);
    strcpy(text, "size=");
    size_t at = strlen(text);
    while (count > 0) text[at++] = digits[--count];
    strcpy(text + at, rest);
}

static int fill_root(const evalh_sandbox_job *job, const int *trees) {
    int error = 0;
    int place = 0;
    // Paths stand in order, so that one within another comes after it.
    for (; job->visible[place] != NULL && place < EVALH_SANDBOX_PATHS; place++) {
        error = trees[place] >= 0 ? place_tree(trees[place], job->visible[place] + 1) : place_link(job->visible[place]);
        if (error) return error;
    }
    for (int device = 0; device < DEVICES; device++, place++) {
        if (trees[place] >= 0 && (error = place_tree(trees[place], devices[device]))) return error;
    }
    return 0;
}

static int make_scratch(const evalh_sandbox_job *job) {
    char options[96];
    size_option(options, job->limits.folder_bytes, ",nr_inodes=4096,mode=1777");
    if (mkdir("tmp", 0755) != 0 && errno != EEXIST) return errno;
    return mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0 ? errno : 0;
}

/// The program makes no namespaces of its own. Where this may not be said, they give it nothing that it could use.
static void forbid_namespaces(void) {
    int file = open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t written = write(file, "0", 1);
    (void)written;
    close(file);
}

int sandbox_enclose(const evalh_sandbox_job *job, const int *trees, evalh_sandbox_step *step) {
    *step = EVALH_SANDBOX_ROOT;
    forbid_namespaces();
    char options[96];
    size_option(options, job->source_size + (2 << 20), ",nr_inodes=4096,mode=755");
    // Any folder will do to put the root on: nobody else sees it.
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0 || chdir("/tmp") != 0) return errno;
    int error = write_source(job);
    if (error) return error;
    *step = EVALH_SANDBOX_VISIBLE;
    if ((error = fill_root(job, trees)) || (error = make_scratch(job))) return error;
    *step = EVALH_SANDBOX_PIVOT;
    // The old root comes to lie on the new one, and goes.
    if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0) return errno;
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0) return errno;
    return chdir("/tmp") != 0 ? errno : 0;
}
