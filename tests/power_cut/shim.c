// A disk that forgets: what was written and not synced is gone when the power is cut.
//
// Preloaded into the program under test (LD_PRELOAD). It stands between the program and the files of one folder, without
// sub-folders, and keeps beside them, in a second folder, what a disk would hold: the bytes of a file as of its last sync,
// and the names as of the last sync of the folder. Cutting the power is then: kill the process, and put the second folder
// in the place of the first. What may have reached the disk by itself is the business of the test, which sees both.
//
//   POWER_CUT_FOLDER  the folder, absolute
//   POWER_CUT_DISK    the second folder, absolute, filled with copies by the test; names with a dot in front are ours
//   POWER_CUT_AFTER   if set: dies by SIGKILL in place of its n-th write, change of size, sync or change of a name. A program
//                     that ends before that leaves the number of them in the file `.calls` of the second folder
//
// It does not see bytes written through a memory map (SQLite: only the `-shm` file, which a reboot drops anyway), and it
// syncs nothing itself: the real disk is not what is tested.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define FDS 65536
#define FILES 4096

// One file, however many descriptors and names it has.
struct file {
    ino_t ino; // 0 once its last name is gone: the number may come again for another file
    int disk;  // its bytes on the disk
    unsigned char *dirty;
    size_t pages;
};

static char folder[PATH_MAX], disk[PATH_MAX];
static struct file files[FILES];
static int used = 1;            // files[0] is "none of ours", files[1] the folder itself
static unsigned short of[FDS];  // which file a descriptor is of
static long after = -1, calls;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) \
    static type (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

static void broken(const char *what) {
    dprintf(2, "power_cut: %s: %s\n", what, strerror(errno));
    abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *f = getenv("POWER_CUT_FOLDER"), *d = getenv("POWER_CUT_DISK"), *n = getenv("POWER_CUT_AFTER");
    if (!f || !d || !realpath(f, folder) || !realpath(d, disk)) broken("POWER_CUT_FOLDER and POWER_CUT_DISK");
    if (n) after = atol(n);
    used = 2;
}

// The last part of a path directly inside the folder; "" for the folder itself; NULL for anything else.
static const char *name_of(int at, const char *path) {
    char whole[PATH_MAX];
    size_t length = strlen(folder);
    if (used < 2 || !path) return NULL;
    if (path[0] != '/') {
        char link[64], base[PATH_MAX];
        snprintf(link, sizeof link, at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
        ssize_t n = readlink(link, base, sizeof base - 1);
        if (n < 0) return NULL;
        base[n] = 0;
        if (snprintf(whole, sizeof whole, "%s/%s", base, path) >= (int)sizeof whole) return NULL;
    } else if (snprintf(whole, sizeof whole, "%s", path) >= (int)sizeof whole) {
        return NULL;
    }
    if (strncmp(whole, folder, length) != 0) return NULL;
    if (whole[length] == 0 || (whole[length] == '/' && whole[length + 1] == 0)) return "";
    if (whole[length] != '/' || strchr(whole + length + 1, '/')) return NULL;
    return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static void on_disk(char *out, const char *name) {
    if (snprintf(out, PATH_MAX, "%s/%s", disk, name) >= PATH_MAX) broken(name);
}

static int real_open_at(const char *path, int flags) {
    REAL(int, open, const char *, int, ...);
    return real_open(path, flags | O_CLOEXEC, 0600);
}

// One call that would change the disk. The process may end here instead.
static void counted(void) {
    if (++calls == after) kill(getpid(), SIGKILL), pause();
}

__attribute__((destructor)) static void end(void) {
    char path[PATH_MAX];
    if (used < 2 || after < 0) return;
    on_disk(path, ".calls");
    int fd = real_open_at(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd >= 0) dprintf(fd, "%ld", calls), close(fd);
}

// Whose descriptor it is, from now on.
static void opened(int fd, const char *name, int is_new) {
    struct stat st;
    char path[PATH_MAX];
    if (fd < 0 || fd >= FDS || !name) return;
    if (!*name) { of[fd] = 1; return; }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return;
    for (int n = 2; n < used; n++)
        if (files[n].ino == st.st_ino) { of[fd] = n; return; }
    if (used == FILES) broken("too many files");
    on_disk(path, name);
    int copy = is_new ? -1 : real_open_at(path, O_RDWR);
    if (copy < 0) { // its bytes can be on the disk before its name is
        char hidden[64];
        snprintf(hidden, sizeof hidden, ".%d.%lu.%d", getpid(), (unsigned long)st.st_ino, used);
        on_disk(path, hidden);
        copy = real_open_at(path, O_RDWR | O_CREAT | O_TRUNC);
    }
    if (copy < 0) broken(path);
    files[used] = (struct file){.ino = st.st_ino, .disk = copy};
    of[fd] = used++;
}

static struct file *mine(int fd) {
    return used >= 2 && fd >= 0 && fd < FDS && of[fd] > 1 ? &files[of[fd]] : NULL;
}

static void touched(struct file *file, off_t from, off_t to) {
    size_t last = to / PAGE + 1;
    if (last > file->pages) {
        size_t pages = last * 2;
        file->dirty = realloc(file->dirty, pages);
        if (!file->dirty) broken("memory");
        memset(file->dirty + file->pages, 0, pages - file->pages);
        file->pages = pages;
    }
    for (off_t page = from / PAGE; page * PAGE < to; page++) file->dirty[page] = 1;
}

static void sync_file(struct file *file, int fd) {
    char page[PAGE];
    struct stat st;
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    REAL(int, ftruncate, int, off_t);
    if (fstat(fd, &st) != 0) broken("fstat");
    int reader = fd;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if ((reader = real_open_at(path, O_RDONLY)) < 0) broken(path);
    }
    for (size_t n = 0; n < file->pages; n++) {
        if (!file->dirty[n]) continue;
        ssize_t size = pread(reader, page, PAGE, n * PAGE);
        if (size < 0 || real_pwrite(file->disk, page, size, n * PAGE) != size) broken("copy");
        file->dirty[n] = 0;
    }
    if (real_ftruncate(file->disk, st.st_size) != 0) broken("size");
    if (reader != fd) close(reader);
}

static int is_hidden(const struct dirent *entry) { return entry->d_name[0] == '.'; }

// Brings the names on the disk up to date: new ones, other files under an old name, and those that are gone.
static void sync_folder(void) {
    char here[PATH_MAX], there[PATH_MAX], draft[PATH_MAX], fd[64];
    struct stat st, copy;
    struct dirent *entry;
    REAL(int, unlink, const char *);
    DIR *all = opendir(folder);
    if (!all) broken(folder);
    while ((entry = readdir(all))) {
        if (is_hidden(entry) || snprintf(here, PATH_MAX, "%s/%s", folder, entry->d_name) >= PATH_MAX) continue;
        if (stat(here, &st) != 0 || !S_ISREG(st.st_mode)) continue;
        on_disk(there, entry->d_name);
        on_disk(draft, ".draft");
        for (int n = 2; n < used; n++) {
            if (files[n].ino != st.st_ino || fstat(files[n].disk, &copy) != 0) continue;
            ino_t bytes = copy.st_ino;
            if (stat(there, &copy) == 0 && copy.st_ino == bytes) continue;
            snprintf(fd, sizeof fd, "/proc/self/fd/%d", files[n].disk);
            REAL(int, linkat, int, const char *, int, const char *, int);
            REAL(int, rename, const char *, const char *);
            if (real_linkat(AT_FDCWD, fd, AT_FDCWD, draft, AT_SYMLINK_FOLLOW) != 0 || real_rename(draft, there) != 0) broken(there);
        }
    }
    closedir(all);
    if (!(all = opendir(disk))) broken(disk);
    while ((entry = readdir(all))) {
        if (is_hidden(entry) || snprintf(here, PATH_MAX, "%s/%s", folder, entry->d_name) >= PATH_MAX) continue;
        on_disk(there, entry->d_name);
        if (stat(here, &st) != 0) real_unlink(there);
    }
    closedir(all);
}

static int sync_any(int fd) {
    pthread_mutex_lock(&lock);
    struct file *file = mine(fd);
    int is_ours = file || (used >= 2 && fd >= 0 && fd < FDS && of[fd] == 1);
    if (is_ours) counted();
    if (file) sync_file(file, fd);
    else if (is_ours) sync_folder();
    pthread_mutex_unlock(&lock);
    return is_ours;
}

#define OPEN(symbol, real, at, ...) \
    mode_t mode = 0; \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
    pthread_mutex_lock(&lock); \
    const char *name = name_of(at, path); \
    struct stat st; \
    int is_new = name && fstatat(at, path, &st, 0) != 0; \
    int fd = real(__VA_ARGS__, flags, mode); \
    int why = errno; \
    if (name && fd >= 0) { \
        opened(fd, name, is_new); \
        if (mine(fd) && !is_new && (flags & O_TRUNC)) counted(), touched(mine(fd), 0, st.st_size); \
    } \
    pthread_mutex_unlock(&lock); \
    errno = why; \
    return fd;

int open(const char *path, int flags, ...) { REAL(int, open, const char *, int, ...); OPEN(open, real_open, AT_FDCWD, path) }
int open64(const char *path, int flags, ...) { REAL(int, open64, const char *, int, ...); OPEN(open64, real_open64, AT_FDCWD, path) }
int openat(int at, const char *path, int flags, ...) { REAL(int, openat, int, const char *, int, ...); OPEN(openat, real_openat, at, at, path) }
int openat64(int at, const char *path, int flags, ...) { REAL(int, openat64, int, const char *, int, ...); OPEN(openat64, real_openat64, at, at, path) }

int close(int fd) {
    REAL(int, close, int);
    if (fd >= 0 && fd < FDS) of[fd] = 0;
    return real_close(fd);
}

// A write at a known place, or where the descriptor stands.
#define WRITE(call, place) \
    struct file *file = mine(fd); \
    if (!file) return call; \
    pthread_mutex_lock(&lock); \
    counted(); \
    ssize_t done = call; \
    int why = errno; \
    if (done > 0) { off_t end = (place); touched(file, end - done, end); } \
    pthread_mutex_unlock(&lock); \
    errno = why; \
    return done;

ssize_t write(int fd, const void *from, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    WRITE(real_write(fd, from, size), lseek(fd, 0, SEEK_CUR))
}
ssize_t writev(int fd, const struct iovec *from, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    WRITE(real_writev(fd, from, count), lseek(fd, 0, SEEK_CUR))
}
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    WRITE(real_pwrite(fd, from, size, at), at + done)
}
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    WRITE(real_pwrite64(fd, from, size, at), at + done)
}

static int resized(int fd, off_t size) {
    REAL(int, ftruncate, int, off_t);
    struct file *file = mine(fd);
    struct stat st;
    if (!file || fstat(fd, &st) != 0) return real_ftruncate(fd, size);
    pthread_mutex_lock(&lock);
    counted();
    int done = real_ftruncate(fd, size);
    if (done == 0) touched(file, size < st.st_size ? size : st.st_size, size < st.st_size ? st.st_size : size);
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate(int fd, off_t size) { return resized(fd, size); }
int ftruncate64(int fd, off64_t size) { return resized(fd, size); }

int fsync(int fd) { REAL(int, fsync, int); return sync_any(fd) ? 0 : real_fsync(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return sync_any(fd) ? 0 : real_fdatasync(fd); }

// A name goes or is taken over: a file without names is forgotten, its number may come again.
#define GONE(call, at, path) \
    struct stat st; \
    const char *name = name_of(at, path); \
    if (!name || !*name) return call; \
    pthread_mutex_lock(&lock); \
    int was = fstatat(at, path, &st, 0) == 0; \
    counted(); \
    int done = call; \
    int why = errno; \
    for (int n = 2; done == 0 && was && st.st_nlink == 1 && n < used; n++) \
        if (files[n].ino == st.st_ino) files[n].ino = 0; \
    pthread_mutex_unlock(&lock); \
    errno = why; \
    return done;

int unlink(const char *path) { REAL(int, unlink, const char *); GONE(real_unlink(path), AT_FDCWD, path) }
int unlinkat(int dir, const char *path, int flags) { REAL(int, unlinkat, int, const char *, int); GONE(real_unlinkat(dir, path, flags), dir, path) }
int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); GONE(real_rename(from, to), AT_FDCWD, to) }
