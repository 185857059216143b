// This program's own words. The Swift runtime reads them from /proc/self/cmdline, and has none where /proc is not mounted:
// then a program does what it does without arguments, and not what it was told.
#include "CLinux.h"

static int count;
static char **words;

// The loader of glibc hands constructors what main gets.
__attribute__((constructor)) static void keep(int argc, char **argv) {
    count = argc;
    words = argv;
}

const char *cl_argument(int index) { return index >= 0 && index < count ? words[index] : 0; }

extern char **environ;

const char *cl_setting(int index) {
    if (index < 0 || !environ) return 0;
    for (int before = 0; before < index; before++)
        if (!environ[before]) return 0;
    return environ[index];
}
