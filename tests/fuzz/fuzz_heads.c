// SPDX-License-Identifier: GPL-2.0-or-later
/* Request heads: what libmicrohttpd gets of the bytes that arrive. The first byte of the input is
   the size of the pieces that the others arrive in; 'a': they are an address, such as
   X-Forwarded-For has. */
#include "fuzz.h"

#include "searchd/address.h"
#include "searchd/authority.h"
#include "searchd/incoming.h"

/* Sends bytes in pieces, and appends what libmicrohttpd gets. */
static void
pass(sp_incoming *incoming, sp_bytes bytes, size_t piece, sp_str *out)
{
    char buffer[64];
    for (size_t at = 0; at < bytes.len && !incoming->refused;) {
        size_t len = piece < bytes.len - at ? piece : bytes.len - at, taken;
        SP_AUTO(sp_str_done) sp_str copy = {0}; /* sp_incoming_add may change the bytes */
        sp_str_append(&copy, sp_bytes_slice(bytes, at, at + len));
        size_t direct = sp_incoming_add(incoming, copy.data, len);
        PROMISE(direct <= len);
        sp_str_append(out, sp_bytes_slice(sp_str_bytes(&copy), 0, direct));
        while ((taken = sp_incoming_take(incoming, buffer, sizeof buffer)) > 0)
            sp_str_append(out, (sp_bytes){buffer, taken});
        at += len;
    }
}

static bool
begins_field(sp_bytes line, const char *name)
{
    size_t len = strlen(name);
    return line.len >= len &&
           sp_bytes_equal_ascii_case(sp_bytes_slice(line, 0, len), sp_bytes_of(name));
}

/* No line of a head is folded, is a field that libmicrohttpd would interpret, or contains a
   character that ends a line. Returns the number of heads. */
static uint64_t
check_passed(sp_bytes passed)
{
    uint64_t heads = 0;
    bool inside = false;
    PROMISE(passed.len == 0 || passed.data[passed.len - 1] == '\n');
    while (passed.len > 0) {
        sp_bytes line = fuzz_line(&passed);
        if (line.len > 0 && line.data[line.len - 1] == '\r')
            line.len--;
        PROMISE(sp_bytes_find(line, SP_LITERAL("\r"), 0) == SIZE_MAX);
        PROMISE(line.len == 0 || !memchr(line.data, '\0', line.len));
        PROMISE(line.len == 0 || (line.data[0] != ' ' && line.data[0] != '\t'));
        PROMISE(!begins_field(line, "transfer-encoding"));
        PROMISE(!begins_field(line, "content-length:"));
        PROMISE(!begins_field(line, "cookie:"));
        PROMISE(!begins_field(line, "expect:"));
        heads += inside && line.len == 0;
        inside = line.len > 0;
    }
    return heads;
}

static bool
is_size(unsigned status)
{
    return status == 414 || status == 431;
}

static void
check_heads(sp_bytes bytes, size_t piece)
{
    SP_AUTO(sp_incoming_done) sp_incoming whole = {0}, pieces = {0};
    SP_AUTO(sp_str_done) sp_str first = {0}, second = {0};
    pass(&whole, bytes, bytes.len, &first);
    pass(&pieces, bytes, piece, &second);
    PROMISE(sp_bytes_equal(sp_str_bytes(&first), sp_str_bytes(&second)));
    PROMISE(whole.refused == pieces.refused && whole.heads == pieces.heads);
    PROMISE(check_passed(sp_str_bytes(&first)) == whole.heads);
    if (!whole.refused)
        return;
    /* In pieces, a head can be too large before the byte arrives that makes it malformed. */
    PROMISE(whole.problem.status == pieces.problem.status || is_size(pieces.problem.status));
    PROMISE(whole.problem.status >= 400 && whole.problem.status <= 505);
    PROMISE(fuzz_is_line(sp_bytes_of(whole.problem.detail)));
    SP_AUTO(sp_str_done) sp_str json = {0};
    sp_problem_print(&whole.problem, &json);
    PROMISE(fuzz_is_json(sp_str_bytes(&json)));
}

static void
check_address(sp_bytes text)
{
    sp_address address, again;
    sp_network network;
    if (sp_address_read(text, &address)) {
        char printed[SP_ADDRESS_TEXT_MAX];
        sp_address_print(&address, printed);
        PROMISE(sp_address_read(sp_bytes_of(printed), &again));
        PROMISE(sp_address_equal(&address, &again));
        sp_address key = sp_address_limit_key(&address);
        again = sp_address_limit_key(&key);
        PROMISE(sp_address_equal(&key, &again));
    }
    if (sp_network_read(text, &network)) {
        PROMISE(network.bits <= 128);
        PROMISE(sp_network_has(&network, &network.address));
    }
    if (sp_authority_is_valid(text))
        PROMISE(fuzz_is_line(text) && text.len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sp_bytes rest = {(const char *)data, size};
    unsigned first = fuzz_byte(&rest);
    if (first == 'a')
        check_address(rest);
    else
        check_heads(rest, first % 64 + 1);
    return 0;
}
