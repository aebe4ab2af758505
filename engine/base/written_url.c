// SPDX-License-Identifier: GPL-2.0-or-later
/* URLs as authors write them. Only programs that read posts link this file and host.c. */
#include "host.h"

#include <signpost/ascii.h>
#include <signpost/printable.h>
#include <signpost/url.h>

static bool
is_unreserved(char c)
{
    return sp_ascii_is_alphanumeric(c) || (c != '\0' && strchr("-._~", c));
}

static sp_bytes
take(sp_bytes *rest, size_t len)
{
    sp_bytes taken = sp_bytes_slice(*rest, 0, len);
    *rest = sp_bytes_slice(*rest, len, rest->len);
    return taken;
}

static bool
skip_ascii_case(sp_bytes *rest, sp_bytes prefix)
{
    if (rest->len < prefix.len ||
        !sp_bytes_equal_ascii_case(sp_bytes_slice(*rest, 0, prefix.len), prefix))
        return false;
    take(rest, prefix.len);
    return true;
}

static bool
parse_scheme(sp_bytes *rest, bool *https)
{
    *https = true;
    if (skip_ascii_case(rest, SP_LITERAL("https://")) || skip_ascii_case(rest, SP_LITERAL("//")))
        return true;
    *https = false;
    return skip_ascii_case(rest, SP_LITERAL("http://"));
}

static bool
parse_authority(sp_bytes authority, sp_url *out)
{
    uint32_t port;
    authority = sp_bytes_after_last(authority, '@'); /* skips user name and password */
    size_t host_end = sp_bytes_until(authority, ":");
    if (authority.len > 0 && authority.data[0] == '[') {
        host_end = sp_bytes_until(authority, "]");
        if (host_end == authority.len)
            return false;
        host_end++;
    }
    out->host = take(&authority, host_end);
    if (authority.len > 0 && authority.data[0] != ':')
        return false;
    if (authority.len > 0)
        take(&authority, 1);
    while (authority.len > 1 && authority.data[0] == '0')
        take(&authority, 1);
    out->port = authority;
    return sp_host_is_sound(out->host) && !sp_host_is_loopback(out->host) &&
           sp_port_read(out->port, &port);
}

bool
sp_url_parse(sp_bytes text, sp_url *out)
{
    sp_bytes rest = sp_bytes_trim(text);
    *out = (sp_url){0};
    if (rest.len > SP_URL_MAX || !parse_scheme(&rest, &out->https))
        return false;
    if (!parse_authority(take(&rest, sp_bytes_until(rest, "/?#\\")), out))
        return false;
    if (rest.len > 0 && rest.data[0] == '\\')
        return false;
    out->path = take(&rest, sp_bytes_until(rest, "?#"));
    if (rest.len > 0 && rest.data[0] == '?') {
        take(&rest, 1);
        out->query = take(&rest, sp_bytes_until(rest, "#"));
    }
    if (rest.len > 0)
        out->fragment = sp_bytes_slice(rest, 1, rest.len);
    return true;
}

static void
append_part(sp_str *out, const char *mark, sp_bytes part)
{
    if (part.len > 0) {
        sp_str_append_text(out, mark);
        sp_str_append(out, part);
    }
}

/* Appends the part with one spelling for each character (RFC 3986, 6.2.2). */
static void
append_normalised(sp_str *out, sp_bytes part)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < part.len; i++) {
        char c = part.data[i];
        bool encode =
            (unsigned char)c <= ' ' || (unsigned char)c >= 0x7F || strchr("\"<>\\^`{|}", c);
        if (c == '%') {
            int high = i + 2 < part.len ? sp_ascii_hex_value(part.data[i + 1]) : -1;
            int low = i + 2 < part.len ? sp_ascii_hex_value(part.data[i + 2]) : -1;
            if (i + 2 < part.len && high >= 0 && low >= 0) {
                c = (char)(high * 16 + low);
                i += 2;
            }
            encode = !is_unreserved(c);
        }
        if (encode) {
            unsigned char byte = (unsigned char)c;
            char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            sp_str_append(out, (sp_bytes){escape, sizeof escape});
        } else {
            sp_str_append_char(out, c);
        }
    }
}

/* Removes the last segment of the path that begins at `root`, and the slash before it. */
static void
drop_last_segment(sp_str *out, size_t root)
{
    while (out->len > root && out->data[out->len - 1] != '/')
        out->len--;
    if (out->len > root)
        out->len--;
}

/* Appends a path with dot segments resolved (RFC 3986, 5.2.4) and no slash at its end. */
static void
append_path(sp_str *out, sp_bytes path)
{
    size_t root = out->len;
    while (path.len > 0) {
        take(&path, 1); /* the slash */
        sp_bytes segment = take(&path, sp_bytes_until(path, "/"));
        if (sp_bytes_equal(segment, SP_LITERAL(".")))
            continue;
        if (sp_bytes_equal(segment, SP_LITERAL(".."))) {
            drop_last_segment(out, root);
            continue;
        }
        sp_str_append_char(out, '/');
        sp_str_append(out, segment);
    }
    while (out->len > root && out->data[out->len - 1] == '/')
        out->len--;
}

static bool
is_tracking(sp_bytes name)
{
    static const char *const names[] = {
        "gclid",  "gclsrc", "dclid", "gbraid",  "wbraid", "fbclid", "msclkid",
        "mc_cid", "mc_eid", "_ga",   "_gl",     "igshid", "igsh",   "twclid",
        "yclid",  "_hsenc", "_hsmi", "mkt_tok", "gh_src",
    };
    sp_bytes rest = name;
    if (skip_ascii_case(&rest, SP_LITERAL("utm_")))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (sp_bytes_equal_ascii_case(name, sp_bytes_of(names[i])))
            return true;
    }
    return false;
}

/* The name of the parameter with one spelling for each character: escapes must not hide the name
   of a tracking parameter. Borrowed from *decoded. */
static sp_bytes
name_of(sp_bytes parameter, sp_str *decoded)
{
    sp_str_clear(decoded);
    append_normalised(decoded, sp_bytes_slice(parameter, 0, sp_bytes_until(parameter, "=")));
    return sp_str_bytes(decoded);
}

sp_bytes
sp_url_tracking(const sp_url *url)
{
    SP_AUTO(sp_str_done) sp_str decoded = {0};
    for (sp_bytes query = url->query; query.len > 0;) {
        sp_bytes parameter = take(&query, sp_bytes_until(query, "&"));
        if (is_tracking(name_of(parameter, &decoded)))
            return sp_bytes_slice(parameter, 0, sp_bytes_until(parameter, "="));
        if (query.len > 0)
            take(&query, 1);
    }
    return SP_LITERAL("");
}

/* Encodes spaces, control characters and controls of the bidirectional algorithm, because a
   terminal would obey them or they would end a line of `search --urls`. */
static void
append_as_written(sp_str *out, const char *mark, sp_bytes part)
{
    sp_str_append_text(out, part.len > 0 ? mark : "");
    for (size_t at = 0, len; at < part.len; at += len) {
        uint32_t code_point;
        len = sp_utf8_decode(part, at, &code_point);
        bool encode = code_point == ' ' || sp_printable(code_point) != code_point;
        for (size_t i = at; i < at + len; i++) {
            if (encode)
                sp_str_append_format(out, "%%%02X", (unsigned char)part.data[i]);
            else
                sp_str_append_char(out, part.data[i]);
        }
    }
}

/* Appends all parameters except those that only track the reader, in their order. */
static void
append_query(sp_str *out, sp_bytes query, bool normalise)
{
    SP_AUTO(sp_str_done) sp_str decoded = {0};
    char mark = '?';
    while (query.len > 0) {
        sp_bytes parameter = take(&query, sp_bytes_until(query, "&"));
        if (query.len > 0)
            take(&query, 1);
        if (parameter.len == 0 || is_tracking(name_of(parameter, &decoded)))
            continue;
        sp_str_append_char(out, mark);
        if (normalise)
            append_normalised(out, parameter);
        else
            append_as_written(out, "", parameter);
        mark = '&';
    }
}

void
sp_url_append_shown(sp_str *out, const sp_url *url)
{
    sp_str_append_text(out, url->https ? "https://" : "http://");
    sp_str_append(out, url->host);
    append_part(out, ":", url->port);
    append_as_written(out, "", url->path);
    append_query(out, url->query, false);
    append_as_written(out, "#", url->fragment);
}

/* Appends the fragment, normalised and without its text directive. */
static void
append_fragment(sp_str *out, sp_bytes fragment)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    append_normalised(&text, fragment);
    sp_bytes normalised = sp_str_bytes(&text);
    size_t directive = sp_bytes_find(normalised, SP_LITERAL(":~:"), 0);
    append_part(
        out, "#",
        sp_bytes_slice(normalised, 0, directive < normalised.len ? directive : normalised.len));
    out->failed |= text.failed;
}

void
sp_url_append_canonical(sp_str *out, const sp_url *url)
{
    sp_str_append_text(out, "https://");
    sp_host_append_canonical(out, url->host);
    bool standard =
        sp_bytes_equal(url->port, SP_LITERAL("80")) || sp_bytes_equal(url->port, SP_LITERAL("443"));
    if (!standard) /* the default of http or https: the canonical form is always https */
        append_part(out, ":", url->port);
    SP_AUTO(sp_str_done) sp_str path = {0};
    append_normalised(&path, url->path);
    append_path(out, sp_str_bytes(&path));
    append_query(out, url->query, true);
    append_fragment(out, url->fragment);
    out->failed = out->failed || path.failed;
}

static bool
is_mark(char c)
{
    return c == '\0' || strchr(" .,:;!?\"'()[]<>*-", c) != NULL;
}

sp_bytes
sp_link_text_trim(sp_bytes text)
{
    /* An ellipsis, a right arrow and two kinds of angle quotation marks. */
    static const char *const marks[] = {"\xE2\x80\xA6", "\xE2\x86\x92", "\xC2\xBB", "\xE2\x80\xBA"};
    while (text.len > 0 && is_mark(text.data[0]))
        text = sp_bytes_slice(text, 1, text.len);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (sp_bytes_ends_with(text, sp_bytes_of(marks[i])))
            text.len -= strlen(marks[i]);
    }
    while (text.len > 0 && is_mark(text.data[text.len - 1]))
        text.len--;
    return text;
}

bool
sp_link_text_append_canonical(sp_str *out, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str assumed = {0};
    sp_url url;
    if (memchr(text.data, ' ', text.len))
        return false;
    if (!sp_url_parse(text, &url)) {
        sp_str_append_text(&assumed, "https://");
        sp_str_append(&assumed, text);
        if (!sp_url_parse(sp_str_bytes(&assumed), &url))
            return false;
    }
    sp_url_append_canonical(out, &url);
    return true;
}
