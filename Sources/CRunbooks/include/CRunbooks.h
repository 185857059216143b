// The runbooks as they stand in runbooks/, embedded when this is built.
#pragma once
#include <stddef.h>

// All of them one after another, each with a NUL behind it.
const unsigned char *cr_text(void);
size_t cr_size(void);
