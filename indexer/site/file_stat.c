// SPDX-License-Identifier: GPL-2.0-or-later
/* What stat says about the files of a site. */
#include "site_private.h"

#include <errno.h>
#include <sys/stat.h>

/* Returns nanoseconds since 1970. Years after 2255, which files can have, are too far for them. */
static int64_t
nanoseconds(struct timespec time)
{
    int64_t most = 9000000000, seconds = time.tv_sec;
    seconds = seconds > most ? most : seconds < -most ? -most : seconds;
    return seconds * 1000000000 + time.tv_nsec;
}

void
sp_source_set_stat(sp_source *source, const struct stat *about)
{
    source->size = about->st_size;
    source->mtime_ns = nanoseconds(about->st_mtim);
    source->ctime_ns = nanoseconds(about->st_ctim);
    source->device = about->st_dev;
    source->inode = about->st_ino;
}

enum sp_site_entry
sp_site_find_entry(const sp_site *site, sp_bytes path)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    struct stat about;
    sp_str_append(&name, path);
    if (path.len == 0)
        return SP_SITE_FOLDER;
    if (name.failed || strlen(name.data) != path.len)
        return SP_SITE_NOTHING;
    if (!sp_beneath_stat(&site->folder, name.data, 0, &about))
        return errno == EXDEV ? SP_SITE_FILE : SP_SITE_NOTHING;
    if (S_ISDIR(about.st_mode))
        return SP_SITE_FOLDER;
    return S_ISREG(about.st_mode) ? SP_SITE_FILE : SP_SITE_NOTHING;
}
