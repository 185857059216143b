// Running a program: file actions and environment are arrays of pointers, which stay on this side.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

// SIGTERM and SIGKILL are macros to Swift.
enum { cl_sigterm = SIGTERM, cl_sigkill = SIGKILL };

// Starts the program with nothing on its standard input and its output on our standard error, in an environment of
// its own. Returns 0, or an errno.
int cl_spawn(const char *path, char *const *arguments, int *pid);

// Waits for the end of a child: its exit status, or 0x100 and the signal that killed it; -errno.
int cl_wait(int pid);
