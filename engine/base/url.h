// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * URLs: which of them name a resource, and when two of them name the same one.
 *
 * RFC 3986, read forgivingly as browsers do: what a writer may leave unencoded is encoded. Pure
 * functions of their arguments, linear in the URL, safe on any bytes.
 */
#ifndef SIGNPOST_ENGINE_BASE_URL_H
#define SIGNPOST_ENGINE_BASE_URL_H

#include <signpost/text.h>

/* Longest URL that is taken for one; longer ones are data. */
#define SP_URL_MAX 8192

/* An absolute http or https URL taken apart; the parts point into it. */
typedef struct sp_url {
    bool https;
    sp_bytes host;     /* as written, in any case; never empty */
    sp_bytes port;     /* digits, or empty */
    sp_bytes path;     /* begins with '/', or empty */
    sp_bytes query;    /* without '?' */
    sp_bytes fragment; /* without '#' */
} sp_url;

/* False for what is not an absolute http(s) URL (`//host/x` counts as https) with a sound host that
   others can reach: not localhost, not a loopback address. User names and passwords are passed
   over. */
bool sp_url_parse(sp_bytes text, sp_url *out);

/* Whether the URL's host is the site's own; both may begin with "www.". */
bool sp_url_is_host(const sp_url *url, sp_bytes host);

/* The name of the URL's first parameter that only tracks the reader, or "". */
sp_bytes sp_url_tracking(const sp_url *url);

/* Appends the URL as a reader may see and follow it: as written, but with a scheme, and without
   user name, password and the parameters that only track the reader. */
void sp_url_append_shown(sp_str *out, const sp_url *url);

/* Appends the canonical form; same resource = same bytes. Always https; the host in lower case
   without "www." and final dot; no default port; dot segments resolved; no slash at the path's end;
   percent-encoding only where needed, in upper case; query parameters that only track the reader
   (utm_*, gclid, fbclid, mc_cid, _ga ...) left out, the others in their order; the fragment kept
   but for a text directive (`:~:`). `ref` and `gh_jid` stay: they often choose the content. */
void sp_url_append_canonical(sp_str *out, const sp_url *url);

#endif
