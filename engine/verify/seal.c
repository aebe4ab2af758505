// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/seal.h>

#include <stdio.h>
#include <xxhash.h>

#define CHECK "check "
#define CHECK_LEN (sizeof CHECK - 1 + 16 + 1) /* the word, 16 digits and a NUL */

static void
format_check(sp_bytes body, char out[CHECK_LEN])
{
    snprintf(out, CHECK_LEN, CHECK "%016llx", (unsigned long long)XXH64(body.data, body.len, 0));
}

void
sp_seal_append(sp_str *text)
{
    char check[CHECK_LEN];
    format_check(sp_str_bytes(text), check);
    sp_str_append(text, (sp_bytes){check, sizeof check});
}

bool
sp_seal_remove(sp_bytes *text)
{
    char expected[CHECK_LEN];
    if (text->len <= CHECK_LEN)
        return false;
    sp_bytes body = sp_bytes_slice(*text, 0, text->len - CHECK_LEN);
    format_check(body, expected);
    if (memcmp(text->data + body.len, expected, CHECK_LEN) != 0)
        return false;
    *text = body;
    return true;
}
