/* Loaded before the C library: a disk whose syncs fail while the file that SYNC_FAILS names is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int sync_unless_broken(const char *name, int file)
{
    const char *flag = getenv("SYNC_FAILS");
    if (flag != NULL && access(flag, F_OK) == 0) {
        errno = EIO;
        return -1;
    }

    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file) { return sync_unless_broken("fsync", file); }

int fdatasync(int file) { return sync_unless_broken("fdatasync", file); }
