// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/url.h>

#include <signpost/ascii.h>

#include <stdlib.h>
#include <utf8proc.h>

#define PORT_MAX 65535

/* The length of a scheme (RFC 3986, 3.1) and "://" at the beginning of the URL; 0 if it has none. A
   later "://" belongs to the path, as in the addresses of web archives. */
static size_t
scheme_len(sp_bytes url)
{
    size_t at = 0;
    while (at < url.len && (sp_ascii_is_alphanumeric(url.data[at]) ||
                            (url.data[at] != '\0' && strchr("+-.", url.data[at]))))
        at++;
    sp_bytes rest = sp_bytes_slice(url, at, url.len);
    return at > 0 && sp_bytes_starts_with(rest, SP_LITERAL("://")) ? at + 3 : 0;
}

bool
sp_url_is_absolute(sp_bytes url)
{
    return scheme_len(url) > 0;
}

bool
sp_url_is_relative(sp_bytes url)
{
    size_t end = sp_bytes_until(url, ":/?#");
    bool has_scheme = end < url.len && url.data[end] == ':';
    return !has_scheme && !sp_bytes_starts_with(url, SP_LITERAL("//"));
}

sp_bytes
sp_url_without_scheme(sp_bytes url)
{
    return sp_bytes_slice(url, scheme_len(url), url.len);
}

sp_bytes
sp_url_without_www(sp_bytes address)
{
    return sp_bytes_slice(address, sp_bytes_starts_with(address, SP_LITERAL("www.")) ? 4 : 0,
                          address.len);
}

sp_bytes
sp_host_without_www(sp_bytes host)
{
    bool www =
        host.len > 4 && sp_bytes_equal_ascii_case(sp_bytes_slice(host, 0, 4), SP_LITERAL("www."));
    return sp_bytes_slice(host, www ? 4 : 0, host.len);
}

/* Appends the character in lower case, or '.' for a dot of East Asian texts. */
static void
append_folded(sp_str *out, uint32_t code_point)
{
    bool dot = code_point == 0x3002 || code_point == 0xFF0E || code_point == 0xFF61;
    sp_utf8_append(out, dot ? '.' : (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point));
}

void
sp_host_append_folded(sp_str *out, sp_bytes host)
{
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)host.data, (utf8proc_ssize_t)host.len, &composed,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    sp_bytes from = len >= 0 ? (sp_bytes){(const char *)composed, (size_t)len} : host;
    if (len == UTF8PROC_ERROR_NOMEM)
        sp_str_fail(out);
    for (size_t at = 0; at < from.len;) {
        uint32_t code_point;
        at += sp_utf8_decode(from, at, &code_point);
        append_folded(out, code_point);
    }
    free(composed);
}

sp_bytes
sp_url_authority(sp_bytes url)
{
    sp_bytes rest = sp_url_without_scheme(url);
    return sp_bytes_slice(rest, 0, sp_bytes_until(rest, "/?#"));
}

sp_bytes
sp_url_host(sp_bytes url)
{
    sp_bytes authority = sp_url_authority(url);
    return sp_bytes_slice(authority, 0, sp_bytes_until(authority, ":"));
}

sp_bytes
sp_url_path(sp_bytes url)
{
    if (!sp_url_is_absolute(url))
        return url;
    sp_bytes rest = sp_url_without_scheme(url);
    size_t slash = sp_bytes_until(rest, "/");
    return slash == rest.len ? SP_LITERAL("/") : sp_bytes_slice(rest, slash, rest.len);
}

bool
sp_port_read(sp_bytes digits, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (!sp_ascii_is_digit(digits.data[i]))
            return false;
        *out = *out * 10 + (uint32_t)(digits.data[i] - '0');
        if (*out > PORT_MAX)
            return false;
    }
    return true;
}
