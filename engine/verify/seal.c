// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/seal.h>

#include <xxhash.h>

#define CHECK "check "
#define CHECK_LEN (sizeof CHECK - 1 + 16 + 1) /* the word, 16 digits and a NUL */

static void
append_check(sp_bytes body, sp_str *out)
{
    sp_str_append_format(out, CHECK "%016llx", (unsigned long long)XXH64(body.data, body.len, 0));
    sp_str_append_char(out, '\0');
}

void
sp_seal_append(sp_str *text)
{
    append_check(sp_str_bytes(text), text);
}

bool
sp_seal_remove(sp_bytes *text)
{
    SP_AUTO(sp_str_done) sp_str expected = {0};
    if (text->len <= CHECK_LEN)
        return false;
    sp_bytes body = sp_bytes_slice(*text, 0, text->len - CHECK_LEN);
    append_check(body, &expected);
    if (expected.failed ||
        !sp_bytes_equal(sp_bytes_slice(*text, body.len, text->len), sp_str_bytes(&expected)))
        return false;
    *text = body;
    return true;
}
