// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/url.h>

#include <signpost/ascii.h>

#include <utf8proc.h>

static bool
is_unreserved(char c)
{
    return sp_ascii_is_alphanumeric(c) || (c != '\0' && strchr("-._~", c));
}

/* The offset of the first byte of text that is in `stops`, or the length of text. */
static size_t
until(sp_bytes text, const char *stops)
{
    size_t at = 0;
    while (at < text.len && (text.data[at] == '\0' || !strchr(stops, text.data[at])))
        at++;
    return at;
}

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
    size_t end = until(url, ":/?#");
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

sp_bytes
sp_url_authority(sp_bytes url)
{
    sp_bytes rest = sp_url_without_scheme(url);
    return sp_bytes_slice(rest, 0, until(rest, "/?#"));
}

sp_bytes
sp_url_host(sp_bytes url)
{
    sp_bytes authority = sp_url_authority(url);
    return sp_bytes_slice(authority, 0, until(authority, ":"));
}

sp_bytes
sp_url_path(sp_bytes url)
{
    if (!sp_url_is_absolute(url))
        return url;
    sp_bytes rest = sp_url_without_scheme(url);
    size_t slash = until(rest, "/");
    return slash == rest.len ? SP_LITERAL("/") : sp_bytes_slice(rest, slash, rest.len);
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
is_sound_host(sp_bytes host)
{
    if (host.len == 0 || host.len > 255 || host.data[0] == '.' || sp_utf8_invalid(host) != SIZE_MAX)
        return false;
    bool literal = host.data[0] == '[';
    for (size_t i = 0; i < host.len; i++) {
        char c = host.data[i];
        bool ordinary = is_unreserved(c) || (unsigned char)c >= 0x80 || c == '%';
        if (!ordinary && !(literal && (c == ':' || c == '[' || c == ']')))
            return false;
    }
    return true;
}

static bool
is_loopback(sp_bytes host)
{
    static const char *const own[] = {"localhost", "0.0.0.0", "[::1]"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (sp_bytes_equal_ascii_case(host, sp_bytes_of(own[i])))
            return true;
    }
    return sp_bytes_starts_with(host, SP_LITERAL("127."));
}

static bool
is_sound_port(sp_bytes port)
{
    unsigned value = 0;
    for (size_t i = 0; i < port.len; i++) {
        if (!sp_ascii_is_digit(port.data[i]) || value > 65535)
            return false;
        value = value * 10 + (unsigned)(port.data[i] - '0');
    }
    return value <= 65535;
}

static bool
parse_authority(sp_bytes authority, sp_url *out)
{
    authority = sp_bytes_after_last(authority, '@'); /* skips user name and password */
    size_t host_end = until(authority, ":");
    if (authority.len > 0 && authority.data[0] == '[') {
        host_end = until(authority, "]");
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
    return is_sound_host(out->host) && !is_loopback(out->host) && is_sound_port(out->port);
}

bool
sp_url_parse(sp_bytes text, sp_url *out)
{
    sp_bytes rest = sp_bytes_trim(text);
    *out = (sp_url){0};
    if (rest.len > SP_URL_MAX || !parse_scheme(&rest, &out->https))
        return false;
    if (!parse_authority(take(&rest, until(rest, "/?#\\")), out))
        return false;
    if (rest.len > 0 && rest.data[0] == '\\')
        return false;
    out->path = take(&rest, until(rest, "?#"));
    if (rest.len > 0 && rest.data[0] == '?') {
        take(&rest, 1);
        out->query = take(&rest, until(rest, "#"));
    }
    if (rest.len > 0)
        out->fragment = sp_bytes_slice(rest, 1, rest.len);
    return true;
}

/* The host without final dots and, unless only a top level domain would remain, "www.". Removes
   repeated ones, too, so that the canonical form of a canonical URL is the same. */
static sp_bytes
bare_host(sp_bytes host)
{
    while (host.len > 1 && host.data[host.len - 1] == '.')
        host.len--;
    for (;;) {
        sp_bytes rest = sp_host_without_www(host);
        size_t dot = sp_bytes_find(rest, SP_LITERAL("."), 0);
        if (rest.len == host.len || dot == SIZE_MAX || dot == 0) /* "www..org" */
            return host;
        host = rest;
    }
}

static void
append_lower(sp_str *out, sp_bytes host)
{
    for (size_t at = 0; at < host.len;) {
        uint32_t code_point;
        at += sp_utf8_decode(host, at, &code_point);
        sp_utf8_append(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point));
    }
}

bool
sp_url_is_host(const sp_url *url, sp_bytes host)
{
    SP_AUTO(sp_str_done) sp_str a = {0};
    SP_AUTO(sp_str_done) sp_str b = {0};
    append_lower(&a, bare_host(url->host));
    append_lower(&b, bare_host(host));
    return a.len > 0 && sp_bytes_equal(sp_str_bytes(&a), sp_str_bytes(&b));
}

static void
append_part(sp_str *out, const char *mark, sp_bytes part)
{
    if (part.len > 0) {
        sp_str_append_text(out, mark);
        sp_str_append(out, part);
    }
}

/* Reads the percent-encoded byte at offset `at`; false if there is none. */
static bool
decode_escape(sp_bytes part, size_t at, char *out)
{
    if (part.data[at] != '%' || at + 2 >= part.len)
        return false;
    int high = sp_ascii_hex_value(part.data[at + 1]), low = sp_ascii_hex_value(part.data[at + 2]);
    if (high < 0 || low < 0)
        return false;
    *out = (char)(high * 16 + low);
    return true;
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
            if (decode_escape(part, i, &c))
                i += 2;
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
        sp_bytes segment = take(&path, until(path, "/"));
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

/* More than the length of any of these names. */
#define TRACKING_LEN_MAX 16

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

/* Whether the name only tracks readers once its percent-encoding is normalised: `utm%5Fsource`. */
static bool
is_tracking_encoded(sp_bytes name)
{
    char decoded[TRACKING_LEN_MAX];
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < sizeof decoded; i++) {
        char c = name.data[i];
        if (c == '%' && decode_escape(name, i, &c))
            i += 2;
        decoded[len++] = c;
    }
    return is_tracking((sp_bytes){decoded, len});
}

sp_bytes
sp_url_tracking(const sp_url *url)
{
    for (sp_bytes query = url->query; query.len > 0;) {
        sp_bytes parameter = take(&query, until(query, "&"));
        sp_bytes name = sp_bytes_slice(parameter, 0, until(parameter, "="));
        if (is_tracking_encoded(name))
            return name;
        if (query.len > 0)
            take(&query, 1);
    }
    return SP_LITERAL("");
}

/* Encodes control characters and spaces, because a terminal would obey them or they would end a
   line of `search --urls`. */
static void
append_as_written(sp_str *out, const char *mark, sp_bytes part)
{
    sp_str_append_text(out, part.len > 0 ? mark : "");
    for (size_t i = 0; i < part.len; i++) {
        unsigned char byte = (unsigned char)part.data[i];
        if (byte <= ' ' || byte == 0x7F)
            sp_str_append_format(out, "%%%02X", byte);
        else
            sp_str_append_char(out, part.data[i]);
    }
}

/* Appends all parameters except those that only track the reader, in their order. */
static void
append_query(sp_str *out, sp_bytes query, bool normalise)
{
    char mark = '?';
    while (query.len > 0) {
        sp_bytes parameter = take(&query, until(query, "&"));
        if (query.len > 0)
            take(&query, 1);
        sp_bytes name = sp_bytes_slice(parameter, 0, until(parameter, "="));
        if (parameter.len == 0 || is_tracking_encoded(name))
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

/* Appends a fragment without its text directive, which can be encoded: ":%7E:". */
static void
append_fragment(sp_str *out, sp_bytes fragment)
{
    SP_AUTO(sp_str_done) sp_str normalised = {0};
    append_normalised(&normalised, fragment);
    sp_bytes shown = sp_str_bytes(&normalised);
    size_t directive = sp_bytes_find(shown, SP_LITERAL(":~:"), 0);
    append_part(out, "#", directive == SIZE_MAX ? shown : sp_bytes_slice(shown, 0, directive));
    out->failed = out->failed || normalised.failed;
}

void
sp_url_append_canonical(sp_str *out, const sp_url *url)
{
    sp_str_append_text(out, "https://");
    append_lower(out, bare_host(url->host));
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
