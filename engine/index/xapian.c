// SPDX-License-Identifier: GPL-2.0-or-later
#include "xapian.h"

static enum sp_status
status_of(xc_status status)
{
    switch (status) {
    case XC_OK:
        return SP_OK;
    case XC_NO_MEMORY:
        return SP_NO_MEMORY;
    case XC_BAD_ARGUMENT:
        return SP_BAD_ARGUMENT;
    case XC_NOT_FOUND:
        return SP_NOT_FOUND;
    case XC_LOCKED:
        return SP_LOCKED;
    case XC_STALE:
        return SP_STALE;
    case XC_CORRUPT:
        return SP_DAMAGED;
    case XC_NETWORK:
    case XC_IO:
        return SP_IO;
    case XC_TIMEOUT:
        return SP_TIMEOUT;
    case XC_CANCELLED:
        return SP_CANCELLED;
    case XC_UNSUPPORTED:
    case XC_INTERNAL:
        break;
    }
    return SP_INTERNAL;
}

enum sp_status
sp_fail_xapian(sp_error *err, xc_status status, const xc_error *cause, const char *path)
{
    size_t len = path ? strlen(path) : 0;
    bool named = path && strncmp(cause->text, path, len) == 0 &&
                 (cause->text[len] == ':' || cause->text[len] == '/');
    return sp_fail_at(err, status_of(status), named ? NULL : path, 0, 0, "%s", cause->text);
}
