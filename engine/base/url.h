// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * URLs: which of them name a resource, and when two of them name the same one.
 *
 * Parsing follows RFC 3986 and is as tolerant as browsers are: characters that should have been
 * encoded are accepted and encoded. Pure functions, linear in the URL, safe for any bytes.
 */
#ifndef SIGNPOST_ENGINE_BASE_URL_H
#define SIGNPOST_ENGINE_BASE_URL_H

#include <signpost/text.h>

/* The longest URL, in bytes; longer text is not taken for one. */
#define SP_URL_MAX 8192

/* The parts of an absolute http or https URL, borrowed from it. */
typedef struct sp_url {
    bool https;
    sp_bytes host;     /* as written, in any case; never empty */
    sp_bytes port;     /* digits, or empty */
    sp_bytes path;     /* begins with '/', or empty */
    sp_bytes query;    /* without '?' */
    sp_bytes fragment; /* without '#' */
} sp_url;

/* False if the text is not an absolute http(s) URL (`//host/x` counts as https) with a valid host
   that others can reach: localhost and loopback addresses are refused. User names and passwords are
   skipped. */
bool sp_url_parse(sp_bytes text, sp_url *out);

/* Whether the URL's host is `host`; a leading "www." is ignored in both. */
bool sp_url_is_host(const sp_url *url, sp_bytes host);

/* The name of the first parameter that only tracks readers, or "". */
sp_bytes sp_url_tracking(const sp_url *url);

/* Appends the URL for readers to see and follow: as written, but with a scheme, and without user
   name, password and parameters that only track readers. */
void sp_url_append_shown(sp_str *out, const sp_url *url);

/* Appends the canonical form, which is equal for all URLs of one resource:
   - the scheme is https; the host is in lower case, without "www." and final dot; a default port is
     removed
   - dot segments are resolved; the path does not end in a slash
   - percent-encoding is used only where needed, in upper case
   - parameters that only track readers (utm_*, gclid, fbclid, mc_cid, _ga ...) are removed; the
     others keep their order. `ref` and `gh_jid` stay, because they often select the content
   - a text directive (`:~:`) is removed from the fragment */
void sp_url_append_canonical(sp_str *out, const sp_url *url);

#endif
