// Running a program: file actions and environment are arrays of pointers, which stay on this side.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

// SIGTERM and SIGKILL are macros to Swift.
enum { cl_sigterm = SIGTERM, cl_sigkill = SIGKILL };

// A signal to a process group whose leader is a child of ours that was not waited for: the number is still its own.
static inline int cl_signal_group(int leader, int number) { return kill(-leader, number); }

// Starts the program with nothing on its standard input and its output on our standard error, in an environment of
// its own. Returns 0, or an errno.
int cl_spawn(const char *path, char *const *arguments, int *pid);

// Starts the program in a process group of its own (its number is `pid`), with nothing on its standard input and with
// exactly that environment. Its output and errors go to those descriptors; `status`, unless it is -1, becomes its
// descriptor 3. Returns 0, or an errno.
int cl_start(const char *path, char *const *arguments, char *const *environment, int output, int errors, int status,
             int *pid);

// Starts the program in a session of its own, with nothing on its standard descriptors, as a child of the first process
// (init reaps it), in an empty environment but for PATH. Returns 0, or an errno.
int cl_detach(const char *path, char *const *arguments);

// A pipe, both ends close-on-exec, the reading one never waits. Returns 0, or an errno.
int cl_pipe(int ends[2]);

// Waits for the end of a child: its exit status, or 0x100 and the signal that killed it; -errno.
int cl_wait(int pid);
