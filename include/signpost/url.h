// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * URLs: their parts, which of them name a resource, and when two of them name the same one.
 *
 * RFC 3986, read forgivingly as browsers do: characters that should be percent-encoded are accepted
 * unencoded. Pure functions for any thread, linear in the length of the URL, safe on any bytes.
 * Parts are borrowed from the URL.
 */
#ifndef SIGNPOST_URL_H
#define SIGNPOST_URL_H

#include <signpost/text.h>

/* Parts of a URL that is known to be one. Nothing is checked or decoded. */

/* Whether the URL has a scheme and a host ("https://..."), so that it names no page of a site. */
bool sp_url_is_absolute(sp_bytes url);

/* Whether the URL continues the address of the page that it is on: it has neither a scheme
   ("mailto:") nor a host ("//host"). */
bool sp_url_is_relative(sp_bytes url);

/* "example.org/x" of "https://example.org/x"; all of a URL without "://". */
sp_bytes sp_url_without_scheme(sp_bytes url);

/* "example.org/x" of "www.example.org/x"; "www." may be in any case. */
sp_bytes sp_url_without_www(sp_bytes host);

/* The host with its port, "example.org:4000" of "https://example.org:4000/x": what comes before the
   first of / ? # after the scheme. The URL has no user name. */
sp_bytes sp_url_authority(sp_bytes url);

/* The host without its port. */
sp_bytes sp_url_host(sp_bytes url);

/* "/x?y" of "https://example.org/x?y", and "/" where nothing follows the host; all of a URL that is
   not absolute. */
sp_bytes sp_url_path(sp_bytes url);

/* URLs as authors write them */

/* Longest URL in bytes that sp_url_parse accepts. */
#define SP_URL_MAX 8192

/* The parts of an absolute http or https URL. */
typedef struct sp_url {
    bool https;
    sp_bytes host;     /* as written, in any case; never empty */
    sp_bytes port;     /* digits, or empty */
    sp_bytes path;     /* begins with '/', or empty */
    sp_bytes query;    /* without '?' */
    sp_bytes fragment; /* without '#' */
} sp_url;

/* False unless the text is an absolute http(s) URL (`//host/x` counts as https) with a valid host
   that others can reach: not localhost, not a loopback address. User names and passwords are
   skipped. */
bool sp_url_parse(sp_bytes text, sp_url *out);

/* Whether the URL's host is the site's own; both may begin with "www.". */
bool sp_url_is_host(const sp_url *url, sp_bytes host);

/* The name of the URL's first parameter that only tracks the reader, or "". */
sp_bytes sp_url_tracking(const sp_url *url);

/* Appends the URL as readers see and follow it: as written, but with a scheme, and without user
   name, password and the parameters that only track the reader. */
void sp_url_append_shown(sp_str *out, const sp_url *url);

/* Appends the canonical form; same resource = same bytes. Always https; the host in lower case
   without "www." and final dot; no default port; dot segments resolved; no slash at the path's end;
   percent-encoding only where needed, in upper case; query parameters that only track the reader
   (utm_*, gclid, fbclid, mc_cid, _ga ...) left out, the others in their order; the fragment without a
   text directive (`:~:`). `ref` and `gh_jid` stay, because they often select the content. */
void sp_url_append_canonical(sp_str *out, const sp_url *url);

#endif
