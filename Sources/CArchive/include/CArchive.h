// libarchive: a tar that stock tools open, compressed with zstd.
#pragma once
#include <archive.h>
#include <archive_entry.h>
