// libsystemd: the bus, the journal, readiness. Shims stand here for what is variadic or a macro.
#pragma once
// As in CLinux.h: both modules must see the same definitions of the C library's types.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
