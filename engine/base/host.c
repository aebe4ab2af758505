// SPDX-License-Identifier: GPL-2.0-or-later
/* Canonical hosts by IDNA 2008 with the mapping of UTS #46, non-transitional, as browsers do. */
#include "host.h"

#include <signpost/ascii.h>
#include <signpost/printable.h>
#include <signpost/url.h>

#include <arpa/inet.h>
#include <idn2.h>
#include <utf8proc.h>

#define HOST_MAX 255
/* Converting again what a conversion gave changes nothing, except that it can uncover "www." or an
   escape; no host is known that needs more than three rounds. */
#define ROUNDS_MAX 8

bool
sp_host_is_sound(sp_bytes host)
{
    if (host.len == 0 || host.len > HOST_MAX || host.data[0] == '.' ||
        sp_utf8_invalid(host) != SIZE_MAX)
        return false;
    const char *others = host.data[0] == '[' ? "-._~%:[]" : "-._~%";
    for (size_t at = 0, len; at < host.len; at += len) {
        char c = host.data[at];
        uint32_t code_point;
        len = sp_utf8_decode(host, at, &code_point);
        if (code_point < 0x80 ? !sp_ascii_is_alphanumeric(c) && (c == '\0' || !strchr(others, c))
                              : sp_printable(code_point) != code_point)
            return false;
    }
    return true;
}

/* The host without final dots and, unless only a top level domain would remain, without "www.". */
static sp_bytes
bare_host(sp_bytes host)
{
    while (host.len > 1 && host.data[host.len - 1] == '.')
        host.len--;
    for (;;) {
        sp_bytes rest = sp_host_without_www(host);
        if (rest.len == host.len || rest.data[0] == '.' ||
            sp_bytes_find(rest, SP_LITERAL("."), 0) == SIZE_MAX)
            return host;
        host = rest;
    }
}

static void
append_lower(sp_str *out, sp_bytes text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t code_point;
        at += sp_utf8_decode(text, at, &code_point);
        sp_utf8_append(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point));
    }
}

/* Whether the label is equal for all spellings once its case is: ASCII, and not made by IDNA. */
static bool
is_plain(sp_bytes label)
{
    for (size_t i = 0; i < label.len; i++) {
        if ((unsigned char)label.data[i] >= 0x80)
            return false;
    }
    return label.len < 4 ||
           !sp_bytes_equal_ascii_case(sp_bytes_slice(label, 0, 4), SP_LITERAL("xn--"));
}

/* Whether the result of a conversion is one label. The mapping can give a dot or a slash. */
static bool
is_label(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!sp_ascii_is_alphanumeric(text.data[i]) && text.data[i] != '-' && text.data[i] != '_')
            return false;
    }
    return text.len > 0;
}

/* Appends the label as IDNA encodes it. A label that is not valid stays as written. */
static void
append_label(sp_str *out, sp_bytes label)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    uint8_t *encoded = NULL;
    if (is_plain(label)) {
        append_lower(out, label);
        return;
    }
    sp_str_append(&text, label); /* with a NUL at its end */
    int status = text.failed ? IDN2_MALLOC
                             : idn2_lookup_u8((const uint8_t *)text.data, &encoded,
                                              IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    sp_bytes result = sp_bytes_of((const char *)encoded);
    if (status == IDN2_MALLOC)
        sp_str_fail(out);
    if (status == IDN2_OK && is_label(result))
        sp_str_append(out, result);
    else
        append_lower(out, label);
    idn2_free(encoded);
}

/* Length of the dot at the start of text, or 0. IDNA takes three other characters for dots: U+3002,
   U+FF0E and U+FF61. */
static size_t
dot_length(sp_bytes text)
{
    static const char *const dots[] = {".", "\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"};
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        if (sp_bytes_starts_with(text, sp_bytes_of(dots[i])))
            return strlen(dots[i]);
    }
    return 0;
}

static void
append_labels(sp_str *out, sp_bytes host)
{
    size_t start = 0;
    for (size_t at = 0; at < host.len;) {
        size_t dot = dot_length(sp_bytes_slice(host, at, host.len));
        if (dot > 0) {
            append_label(out, sp_bytes_slice(host, start, at));
            sp_str_append_char(out, '.');
            start = at + dot;
        }
        at += dot > 0 ? dot : 1;
    }
    append_label(out, sp_bytes_slice(host, start, host.len));
}

/* Appends the host with its percent escapes decoded; nothing if the result could not be a host. */
static void
append_decoded(sp_str *out, sp_bytes host)
{
    for (size_t i = 0; i < host.len; i++) {
        int high = i + 2 < host.len ? sp_ascii_hex_value(host.data[i + 1]) : -1;
        int low = i + 2 < host.len ? sp_ascii_hex_value(host.data[i + 2]) : -1;
        bool escape = host.data[i] == '%' && high >= 0 && low >= 0;
        sp_str_append_char(out, escape ? (char)(high * 16 + low) : host.data[i]);
        i += escape ? 2 : 0;
    }
    sp_bytes decoded = sp_str_bytes(out);
    if (!sp_host_is_sound(decoded) || memchr(decoded.data, '%', decoded.len))
        sp_str_clear(out);
}

/* Converts the host once. The result may need another conversion. */
static void
append_converted(sp_str *out, sp_bytes host)
{
    SP_AUTO(sp_str_done) sp_str decoded = {0};
    SP_AUTO(sp_str_done) sp_str labels = {0};
    if (host.len > 0 && host.data[0] != '[' && memchr(host.data, '%', host.len))
        append_decoded(&decoded, host);
    if (decoded.len > 0)
        host = sp_str_bytes(&decoded);
    host = bare_host(host);
    if (host.len > 0 && host.data[0] != '[')
        append_labels(&labels, host);
    if (labels.len == 0 || !sp_host_is_sound(sp_str_bytes(&labels))) {
        sp_str_clear(&labels);
        append_lower(&labels, host);
    }
    sp_str_append(out, bare_host(sp_str_bytes(&labels)));
    out->failed |= labels.failed || decoded.failed;
}

/* Whether the host is canonical but for "www." and final dots, as almost all hosts are. */
static bool
is_ordinary(sp_bytes host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.data[i];
        if (!sp_ascii_is_lower(c) && !sp_ascii_is_digit(c) && c != '-' && c != '.')
            return false;
    }
    return sp_bytes_find(host, SP_LITERAL("xn--"), 0) == SIZE_MAX;
}

void
sp_host_append_canonical(sp_str *out, sp_bytes host)
{
    if (is_ordinary(host)) {
        sp_str_append(out, bare_host(host));
        return;
    }
    SP_AUTO(sp_str_done) sp_str before = {0};
    SP_AUTO(sp_str_done) sp_str after = {0};
    append_converted(&after, host);
    for (int i = 1; i < ROUNDS_MAX && !sp_bytes_equal(sp_str_bytes(&after), host); i++) {
        sp_str spare = before;
        before = after;
        after = spare;
        sp_str_clear(&after);
        host = sp_str_bytes(&before);
        append_converted(&after, host);
    }
    sp_str_append(out, sp_str_bytes(&after));
    out->failed |= before.failed || after.failed;
}

/* Whether the text has this canonical form. libidn2 drops some labels that it cannot decode. */
static bool
is_spelling_of(sp_bytes text, sp_bytes canonical)
{
    SP_AUTO(sp_str_done) sp_str again = {0};
    sp_host_append_canonical(&again, text);
    return sp_bytes_equal(sp_str_bytes(&again), canonical);
}

void
sp_host_append_unicode(sp_str *out, sp_bytes canonical)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    char *decoded = NULL;
    if (is_ordinary(canonical)) {
        sp_str_append(out, canonical);
        return;
    }
    sp_str_append(&text, canonical);
    int status = text.failed ? IDN2_MALLOC : idn2_to_unicode_8z8z(text.data, &decoded, 0);
    if (status == IDN2_MALLOC)
        sp_str_fail(out);
    bool valid = decoded && is_spelling_of(sp_bytes_of(decoded), canonical);
    sp_str_append(out, valid ? sp_bytes_of(decoded) : canonical);
    idn2_free(decoded);
}

/* Like browsers, inet_addr also reads 2130706433, 0x7f.1 and 0177.0.0.1. */
static bool
is_loopback_ipv4(const char *text)
{
    in_addr_t address = ntohl(inet_addr(text));
    return address >> 24 == IN_LOOPBACKNET || address == INADDR_ANY;
}

static bool
is_loopback_ipv6(const char *text)
{
    struct in6_addr address;
    if (inet_pton(AF_INET6, text, &address) != 1)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_UNSPECIFIED(&address) ||
           (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == IN_LOOPBACKNET);
}

bool
sp_host_is_loopback(sp_bytes host)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    sp_host_append_canonical(&canonical, host);
    sp_bytes name = sp_str_bytes(&canonical);
    if (name.len > 2 && name.data[0] == '[') {
        canonical.data[canonical.len - 1] = '\0';
        return is_loopback_ipv6(canonical.data + 1);
    }
    return sp_bytes_equal(name, SP_LITERAL("localhost")) || is_loopback_ipv4(name.data);
}

bool
sp_url_is_host(const sp_url *url, sp_bytes host)
{
    SP_AUTO(sp_str_done) sp_str a = {0};
    SP_AUTO(sp_str_done) sp_str b = {0};
    sp_host_append_canonical(&a, url->host);
    sp_host_append_canonical(&b, host);
    return a.len > 0 && sp_bytes_equal(sp_str_bytes(&a), sp_str_bytes(&b));
}
