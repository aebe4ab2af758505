// SPDX-License-Identifier: GPL-2.0-or-later
#include "atom.h"

#include <signpost/ascii.h>

/* The value of `group` after a decimal point: too many digits for a thousands separator to
   follow. */
#define NO_GROUP 4

struct atom_state {
    sp_bytes text;
    size_t group;     /* digits since the start or the last separator */
    bool after_digit; /* the last character was a digit */
};

void
sp_letters_append(struct sp_letters *letters, const char *character, size_t len)
{
    if (letters->full || len > sizeof letters->data - letters->len) {
        letters->full = true;
        return;
    }
    memcpy(letters->data + letters->len, character, len);
    letters->len += len;
}

void
sp_letters_append_all(struct sp_letters *letters, const struct sp_letters *more)
{
    for (size_t at = 0; at < more->len && !letters->full;) {
        size_t end = at + 1;
        while (end < more->len && sp_utf8_is_continuation(more->data[end]))
            end++;
        sp_letters_append(letters, more->data + at, end - at);
        at = end;
    }
}

void
sp_letters_append_folded(struct sp_letters *letters, const struct sp_folded *c)
{
    /* A letter that decomposes into a mark and a letter (Thai AM) loses the mark where no letter is
       before it. */
    bool bare = letters->len == 0 && c->count > 1 && sp_fold_is_mark(c->code);
    for (size_t i = bare; i < c->count && !letters->full; i++) {
        char bytes[4];
        sp_letters_append(letters, bytes, sp_fold_encode(c->codes[i], bytes));
    }
}

size_t
sp_possessive_end(sp_bytes text, size_t at)
{
    struct sp_folded c;
    sp_fold_char(text, at, &c);
    if (c.kind != SP_CHAR_BREAK || c.code != '\'')
        return at;
    sp_fold_char(text, c.end, &c);
    if (c.count != 1 || c.code != 's')
        return at;
    size_t end = c.end;
    sp_fold_char(text, end, &c);
    return sp_char_in_word(&c) ? at : end;
}

static bool
is_digit_at(sp_bytes text, size_t at)
{
    return at < text.len && sp_ascii_is_digit(text.data[at]);
}

/* Whether exactly three digits follow, as after a thousands separator. */
static bool
is_group_at(sp_bytes text, size_t at)
{
    return is_digit_at(text, at) && is_digit_at(text, at + 1) && is_digit_at(text, at + 2) &&
           !is_digit_at(text, at + 3);
}

/* Whether two digits follow, and after more such groups one of three, as in India
   (`10,00,000`). */
static bool
is_indian_group_at(sp_bytes text, size_t at)
{
    for (int groups = 0; groups < 4; groups++, at += 3) {
        if (!is_digit_at(text, at) || !is_digit_at(text, at + 1) || at + 2 >= text.len ||
            text.data[at + 2] != ',')
            return false;
        if (is_group_at(text, at + 3))
            return true;
    }
    return false;
}

/* Whether the break c separates thousands: a comma, or in Switzerland an apostrophe. */
static bool
separates_thousands(const struct atom_state *state, const struct sp_atom *atom,
                    const struct sp_folded *c)
{
    return atom->letters == 0 && state->group < NO_GROUP &&
           (is_group_at(state->text, c->end) ||
            (c->code == ',' && is_indian_group_at(state->text, c->end)));
}

/* Whether the atom continues after the break c: an apostrophe, a decimal point or a thousands
   separator. Of these only the decimal point becomes part of the folded atom. */
static bool
continues_atom(struct atom_state *state, struct sp_atom *atom, const struct sp_folded *c)
{
    struct sp_folded next;
    if ((c->code == '\'' || c->code == ',') && separates_thousands(state, atom, c)) {
        state->group = 0;
        return true;
    }
    if (c->code == '\'') {
        sp_fold_char(state->text, c->end, &next);
        return next.kind == SP_CHAR_LETTER;
    }
    if (c->code == '.' && state->after_digit) {
        sp_fold_char(state->text, c->end, &next);
        if (next.kind != SP_CHAR_DIGIT)
            return false;
        sp_letters_append(&atom->folded, ".", 1);
        state->group = NO_GROUP;
        return true;
    }
    return false;
}

static void
take_character(struct atom_state *state, struct sp_atom *atom, const struct sp_folded *c)
{
    state->after_digit = c->kind == SP_CHAR_DIGIT;
    if (state->after_digit) {
        atom->digits++;
        if (state->group < NO_GROUP)
            state->group++;
    } else {
        atom->letters++;
    }
    sp_letters_append_folded(&atom->folded, c);
    atom->end = atom->next = c->end;
}

/* Whether the word before an apostrophe is one that drops its vowel in French, Italian or Catalan.
   Longer French ones (`aujourd'hui`) are not separated from the rest. */
static bool
is_elided(const struct sp_atom *atom)
{
    static const char *const words[] = {
        "c",    "d",    "j",    "l",    "m",     "n",      "s",      "t",
        "v",    "qu",   "un",   "all",  "com",   "cos",    "dov",    "anch",
        "bell", "coll", "dall", "dell", "mezz",  "nell",   "quell",  "quest",
        "sant", "senz", "sull", "tutt", "jusqu", "lorsqu", "puisqu", "quoiqu"};
    sp_bytes word = {atom->folded.data, atom->folded.len};
    for (size_t i = 0; atom->digits == 0 && i < sizeof words / sizeof *words; i++) {
        if (sp_bytes_equal(word, sp_bytes_of(words[i])))
            return true;
    }
    return false;
}

void
sp_atom_read(sp_bytes text, size_t at, struct sp_atom *out)
{
    struct atom_state state = {.text = text};
    out->start = out->end = out->next = at;
    out->letters = out->digits = 0;
    out->elided = false;
    out->folded.len = 0;
    out->folded.full = false;
    for (;;) {
        struct sp_folded c;
        sp_fold_char(text, at, &c);
        if (sp_char_in_word(&c)) {
            take_character(&state, out, &c);
        } else if (c.kind == SP_CHAR_SILENT) {
            out->next = c.end;
        } else if (c.code == '\'' && sp_possessive_end(text, at) > at) {
            out->next = sp_possessive_end(text, at);
            return;
        } else if (!continues_atom(&state, out, &c)) {
            return;
        } else if (c.code == '\'' && is_elided(out)) {
            out->elided = true;
            out->next = c.end;
            return;
        }
        at = c.end;
    }
}
