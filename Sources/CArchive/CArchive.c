// SwiftPM wants one source file in a C target; the shims are in the header.
#include "CArchive.h"

// libarchive's pax writer refers to this function of its own, which lies beside a table of all its formats: linked
// statically it would bring 7zip, xar and ISO 9660 along, and with them five more libraries. It says that an entry is
// neither file, directory nor link, and we write nothing but files and directories.
void __archive_write_entry_filetype_unsupported(
    struct archive *archive, struct archive_entry *entry, const char *format) {
    (void)entry;
    archive_set_error(archive, EINVAL, "%s: neither a file nor a directory", format);
}
