// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * URLs: finds their parts, which URLs name a resource, and whether two URLs name the same one.
 *
 * Parsing follows RFC 3986 and is as tolerant as browsers are: characters that should be
 * percent-encoded are accepted unencoded. Pure functions for any thread, linear in the length of
 * the URL, safe for any bytes. Parts are borrowed from the URL.
 */
#ifndef SIGNPOST_URL_H
#define SIGNPOST_URL_H

#include <signpost/text.h>

/* Parts of text that is known to be a URL. They are neither checked nor decoded. */

/* Whether the URL has a scheme and a host ("https://..."), so that it is not relative to
   a site. */
bool sp_url_is_absolute(sp_bytes url);

/* Whether the URL is relative to the page that contains it: it has neither a scheme ("mailto:") nor
   a host ("//host"). */
bool sp_url_is_relative(sp_bytes url);

/* "example.org/x" for "https://example.org/x"; a URL without a scheme is returned whole. */
sp_bytes sp_url_without_scheme(sp_bytes url);

/* "example.org/x" for "www.example.org/x". "WWW." stays, so that a resource keeps the name
   that authors write. */
sp_bytes sp_url_without_www(sp_bytes address);

/* The same for a host; the case of "www." does not matter. */
sp_bytes sp_host_without_www(sp_bytes host);

/* Appends the host in lower case, with composed characters and with '.' for each dot that IDNA
   knows. It neither encodes nor decodes labels. */
void sp_host_append_folded(sp_str *out, sp_bytes host);

/* The host with its port, "example.org:4000" for "https://example.org:4000/x": the part between the
   scheme and the first of / ? #. The URL must have no user name. */
sp_bytes sp_url_authority(sp_bytes url);

/* The host without its port. */
sp_bytes sp_url_host(sp_bytes url);

/* "/x?y" for "https://example.org/x?y", and "/" if no slash follows the host. A URL that is not
   absolute is returned whole. */
sp_bytes sp_url_path(sp_bytes url);

/* Reads a port in decimal digits, also with leading zeros; an empty port is 0. False for a number
   above 65535 and for other text. */
bool sp_port_read(sp_bytes digits, uint32_t *out);

/* What sp_base_url_read accepts, for messages. */
#define SP_BASE_URL_RULE "an absolute http or https URL without user name, query and fragment"

/* Reads a URL that is put before site-relative URLs, which begin with a slash. Sets *out to the URL
   without final slashes, borrowed from text. False if the text does not keep SP_BASE_URL_RULE. */
bool sp_base_url_read(sp_bytes text, sp_bytes *out);

/* URLs as authors write them */

/* The longest URL that sp_url_parse accepts, in bytes. */
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

/* Whether the URL's host is `host`, by their canonical forms. */
bool sp_url_is_host(const sp_url *url, sp_bytes host);

/* Appends the canonical form of a host: without "www." and final dot, in lower case, and by IDNA
   (UTS #46, non-transitional): "xn--bcher-kva.example" for "Bücher。example". Percent escapes are
   decoded first. A label that is not valid stays as written, in lower case. An IPv6 address stays,
   too. The canonical form of a canonical form is itself. */
void sp_host_append_canonical(sp_str *out, sp_bytes host);

/* Appends the canonical host with its labels in their own script: "bücher.example". */
void sp_host_append_unicode(sp_str *out, sp_bytes canonical);

/* The name of the first parameter that only tracks readers, or "". */
sp_bytes sp_url_tracking(const sp_url *url);

/* Appends the URL for readers to see and follow: as written, but with a scheme, and without user
   name, password and parameters that only track readers. */
void sp_url_append_shown(sp_str *out, const sp_url *url);

/* Appends the canonical form, which is equal for all URLs of one resource:
   - the scheme is https; the host is canonical (sp_host_append_canonical); a default port is
     removed
   - dot segments are resolved; the path does not end in a slash
   - percent-encoding is used only where needed, in upper case
   - parameters that only track readers (utm_*, gclid, fbclid, mc_cid, _ga ...) are removed; the
     others keep their order. `ref` and `gh_jid` stay, because they often select the content
   - a text directive (`:~:`) is removed from the fragment */
void sp_url_append_canonical(sp_str *out, const sp_url *url);

/* The text of a link without the marks, brackets and arrows around it. */
sp_bytes sp_link_text_trim(sp_bytes text);

/* Appends the canonical form of an address as the texts of links have it, with or without a scheme:
   "https://levels.fyi" for "www.Levels.fyi". False for other text. */
bool sp_link_text_append_canonical(sp_str *out, sp_bytes text);

#endif
