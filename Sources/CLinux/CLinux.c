// SwiftPM wants one source file in a C target; the shims are in the header.
#include "CLinux.h"
