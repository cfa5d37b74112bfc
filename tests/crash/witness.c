// Stands between a process and its disk (LD_PRELOAD): counts the syncs of the write-ahead log, or of the files whose
// names end as WITNESS_END says, in the file that WITNESS_COUNT names, and lets all of them fail with EIO from number
// WITNESS_FAIL on (0 for never).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long count;

static int is_watched(int fd) {
  const char *end = getenv("WITNESS_END");
  if (!end) end = "-wal";
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < (ssize_t)strlen(end)) return 0;
  path[size] = 0;
  return strcmp(path + size - strlen(end), end) == 0;
}

static int witness(int fd, const char *name) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  if (!is_watched(fd)) return real(fd);
  long number = __sync_add_and_fetch(&count, 1);
  const char *fail = getenv("WITNESS_FAIL");
  if (fail && atol(fail) > 0 && number >= atol(fail)) {
    errno = EIO;
    return -1;
  }
  int result = real(fd);
  const char *file = getenv("WITNESS_COUNT");
  int out = file ? open(file, O_WRONLY | O_CREAT, 0600) : -1;
  if (out >= 0) {
    // Always as long as before and in one write: a kill leaves the old number or the new one.
    char text[32];
    int size = snprintf(text, sizeof text, "%020ld", number);
    if (pwrite(out, text, size, 0) < size) count = 0;
    close(out);
  }
  return result;
}

int fsync(int fd) { return witness(fd, "fsync"); }
int fdatasync(int fd) { return witness(fd, "fdatasync"); }
