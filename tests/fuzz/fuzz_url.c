// SPDX-License-Identifier: GPL-2.0-or-later
/* URLs: canonical and shown forms. The input is a URL as an author writes it. */
#include "fuzz.h"

#include <signpost/schema.h>
#include <signpost/url.h>

static bool
is_inside(sp_bytes part, sp_bytes whole)
{
    return part.len == 0 ||
           (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

/* The canonical form of a canonical URL is the same, and that of the shown form, too. */
static void
check_forms(sp_bytes text, const sp_url *url)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0}, shown = {0}, again = {0};
    sp_url second;
    sp_url_append_canonical(&canonical, url);
    sp_url_append_shown(&shown, url);
    PROMISE(sp_bytes_starts_with(sp_str_bytes(&canonical), SP_LITERAL("https://")));
    PROMISE(sp_utf8_invalid(text) != SIZE_MAX ||
            sp_utf8_invalid(sp_str_bytes(&canonical)) == SIZE_MAX);
    bool long_host = url->host.len > 100; /* lower case can make a host too long */
    PROMISE(sp_url_parse(sp_str_bytes(&canonical), &second) || canonical.len > SP_URL_MAX ||
            long_host);
    if (canonical.len <= SP_URL_MAX && !long_host) {
        sp_url_append_canonical(&again, &second);
        PROMISE(sp_bytes_equal(sp_str_bytes(&again), sp_str_bytes(&canonical)));
    }
    sp_str_clear(&again);
    PROMISE(sp_url_parse(sp_str_bytes(&shown), &second) || shown.len > SP_URL_MAX);
    if (shown.len <= SP_URL_MAX) {
        sp_url_append_canonical(&again, &second);
        PROMISE(sp_bytes_equal(sp_str_bytes(&again), sp_str_bytes(&canonical)));
        PROMISE(sp_url_tracking(&second).len == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sp_bytes text = {(const char *)data, size};
    sp_url url;
    PROMISE(is_inside(sp_url_without_scheme(text), text));
    PROMISE(is_inside(sp_url_without_www(text), text));
    PROMISE(is_inside(sp_url_authority(text), text));
    PROMISE(is_inside(sp_url_host(text), sp_url_authority(text)));
    PROMISE(sp_url_path(text).len <= text.len || sp_url_path(text).len == 1);
    PROMISE(!sp_url_is_absolute(text) || !sp_url_is_relative(text));
    PROMISE(is_inside(sp_target_of(text), text));
    if (!sp_url_parse(text, &url))
        return 0;
    PROMISE(text.len <= SP_URL_MAX && url.host.len > 0);
    PROMISE(is_inside(url.host, text) && is_inside(url.port, text) && is_inside(url.path, text));
    PROMISE(is_inside(url.query, text) && is_inside(url.fragment, text));
    PROMISE(sp_url_is_host(&url, url.host));
    check_forms(text, &url);
    return 0;
}
