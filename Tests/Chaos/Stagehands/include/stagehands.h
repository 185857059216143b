// What chaos runs do with processes behind the back of whoever looks at them.
#pragma once
#include <stdint.h>

// Starts an actor and waits until it is ready; -errno where that fails.
int stage_start(const char *actor, const char *tag, const char *mode, int notes);

// Kills a child of ours and takes note of its end.
void stage_kill(int pid);

// Kills a child of ours, and lets an actor of the same words have its number; its pid, which is another one where
// somebody else was faster.
int stage_replace(int pid, const char *actor, const char *tag, const char *mode, int notes);

// Whether it is a child that runs.
int stage_lives(int pid);

// A pipe whose reading end does not wait.
int stage_pipe(int ends[2]);

enum stage_deed { STAGE_NOTHING, STAGE_KILL, STAGE_REPLACE, STAGE_EXEC, STAGE_CLOSE };

// Does it on a thread of its own, after so many microseconds. `stage_join` waits for it and returns the pid of a
// replacement, or 0.
struct stage_errand;
struct stage_errand *stage_begin(
    enum stage_deed deed, unsigned delay, int pid, const char *actor, const char *tag, const char *mode, int notes);
int stage_join(struct stage_errand *errand);

// SIGTERM by number alone, as scripts do it: what must not be done, to show that it would be noticed.
void stage_kill_by_number(int pid);
