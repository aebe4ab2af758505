// SPDX-License-Identifier: GPL-2.0-or-later
#include "ordinary.h"

#include <string.h>

#define BASE_MIN 3 /* letters of the word that a form is made of */
#define BASE_MAX 64

static bool
is_listed(sp_bytes word)
{
    for (unsigned hash = 0; hash < SP_ORDINARY_HASHES; hash++) {
        size_t bit = sp_ordinary_bit(word, hash, sp_ordinary_bits);
        if (!(sp_ordinary_filter[bit / 8] >> bit % 8 & 1))
            return false;
    }
    return true;
}

static bool
is_one_of(char letter, const char *letters)
{
    return letter != '\0' && strchr(letters, letter) != NULL;
}

/* `printed`, `printing` of "print", and `hired`, `hiring` of "hire". After a single vowel and
   consonant English doubles the consonant, so that `commited` is a misspelling. */
static bool
is_verb_form(sp_bytes base)
{
    char with_e[BASE_MAX + 1];
    if (base.len < BASE_MIN || base.len > BASE_MAX)
        return false;
    if (!is_one_of(base.data[base.len - 1], "aeiouy") &&
        !is_one_of(base.data[base.len - 2], "aeiou") && is_listed(base))
        return true;
    memcpy(with_e, base.data, base.len);
    with_e[base.len] = 'e';
    return is_listed((sp_bytes){with_e, base.len + 1});
}

bool
sp_is_ordinary_word(sp_bytes word)
{
    if (is_listed(word))
        return true;
    if (word.len > BASE_MIN && sp_bytes_ends_with(word, SP_LITERAL("s")) &&
        !is_one_of(word.data[word.len - 2], "sxzyhui"))
        return is_listed(sp_bytes_slice(word, 0, word.len - 1));
    if (sp_bytes_ends_with(word, SP_LITERAL("ed")))
        return is_verb_form(sp_bytes_slice(word, 0, word.len - 2));
    return sp_bytes_ends_with(word, SP_LITERAL("ing")) &&
           is_verb_form(sp_bytes_slice(word, 0, word.len - 3));
}
