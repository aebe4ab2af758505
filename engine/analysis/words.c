// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"

#include "atom.h"

#include <signpost/ascii.h>
#include <utf8proc.h>

/* The most units of a chain that has a form: `state-of-the-art` has one; nobody would write longer
   chains as one word. */
#define CHAIN_FORM_MAX 5

/* The most atoms in a group. A group is read to its end before it is known whether it is an
   abbreviation (`U.S.A.`) or not (`www.example.com`). */
#define GROUP_MAX 8

struct splitter {
    sp_bytes text;
    sp_word_sink *sink;
    void *context;
    uint32_t newlines;
    bool elided; /* the next word is (atom.h) */
};

/* The chain (words.h) that is being read, and its words joined, which become its form. */
struct chain {
    size_t start, end;
    size_t units;
    uint32_t words;
    struct sp_letters joined;
};

/* Names with symbols, and their spelling without symbols. */
static const struct {
    sp_bytes word, form;
} symbol_forms[] = {
    {{"c++", 3}, {"cpp", 3}},
    {{"c#", 2}, {"csharp", 6}},
    {{"f#", 2}, {"fsharp", 6}},
    {{".net", 4}, {"dotnet", 6}},
};

static void
emit_form(struct splitter *s, sp_bytes form, size_t start, size_t end, uint32_t span)
{
    struct sp_word word = {
        .folded = form, .start = (uint32_t)start, .end = (uint32_t)end, .span = span, .form = true};
    s->sink(s->context, &word);
}

/* A form that queries leave out. */
static void
emit_loose(struct splitter *s, sp_bytes form, size_t start, size_t end, uint32_t span)
{
    struct sp_word word = {.folded = form,
                           .start = (uint32_t)start,
                           .end = (uint32_t)end,
                           .span = span,
                           .form = true,
                           .loose = true};
    s->sink(s->context, &word);
}

static void
emit_bytes(struct splitter *s, sp_bytes folded, size_t start, size_t end)
{
    struct sp_word word = {.folded = folded,
                           .start = (uint32_t)start,
                           .end = (uint32_t)end,
                           .span = 1,
                           .newlines = s->newlines,
                           .elided = s->elided};
    s->newlines = 0;
    s->elided = false;
    s->sink(s->context, &word);
}

static sp_bytes
bytes_of(const struct sp_letters *letters)
{
    return (sp_bytes){letters->data, letters->len};
}

static void
emit_word(struct splitter *s, struct chain *chain, const struct sp_letters *folded, size_t start,
          size_t end)
{
    emit_bytes(s, bytes_of(folded), start, end);
    sp_letters_append_all(&chain->joined, folded);
    chain->words++;
    chain->end = end;
}

/* `50.000` may be a decimal fraction or, with dots between the thousands, 50000: it is the word and
   has the other as a form. */
static void
emit_dotted_number(struct splitter *s, const struct sp_atom *atom)
{
    struct sp_letters plain = {0};
    size_t group = 0;
    bool grouped = true;
    for (size_t i = 0; i < atom->folded.len; i++) {
        char c = atom->folded.data[i];
        if (c == '.')
            grouped = grouped && (plain.len == group ? group <= 3 : group == 3);
        else
            sp_letters_append(&plain, &c, 1);
        group = c == '.' ? 0 : group + 1;
    }
    if (grouped && group == 3 && plain.len < atom->folded.len)
        emit_form(s, bytes_of(&plain), atom->start, atom->end, 1);
}

static void
emit_atom(struct splitter *s, struct chain *chain, const struct sp_atom *atom)
{
    emit_word(s, chain, &atom->folded, atom->start, atom->end);
    if (atom->letters == 0 && atom->digits > 3)
        emit_dotted_number(s, atom);
}

static void
emit_symbol_word(struct splitter *s, struct chain *chain, const struct sp_letters *folded,
                 size_t start, size_t end)
{
    emit_word(s, chain, folded, start, end);
    for (size_t i = 0; i < sizeof symbol_forms / sizeof *symbol_forms; i++) {
        if (sp_bytes_equal(symbol_forms[i].word, bytes_of(folded)))
            emit_form(s, symbol_forms[i].form, start, end, 1);
    }
}

/* The offset after the character at `at` if it is the break `code`, otherwise 0. */
static size_t
after_break(sp_bytes text, size_t at, uint32_t code)
{
    struct sp_folded c;
    sp_fold_char(text, at, &c);
    return c.kind == SP_CHAR_BREAK && c.code == code ? c.end : 0;
}

static bool
is_word_at(sp_bytes text, size_t at)
{
    struct sp_folded c;
    sp_fold_char(text, at, &c);
    return sp_char_in_word(&c);
}

static bool
is_upper_at(sp_bytes text, size_t at)
{
    uint32_t code;
    return at < text.len && sp_utf8_decode(text, at, &code) > 0 &&
           utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LU;
}

/* The offset of the word that follows the break `code` at `at`, or 0 if there is no such break or
   word. */
static size_t
after_connector(sp_bytes text, size_t at, uint32_t code)
{
    size_t next = after_break(text, at, code);
    return next > 0 && is_word_at(text, next) ? next : 0;
}

/* If the text at `at` is `.NET`, the offset after it, otherwise 0. */
static size_t
dot_net_end(sp_bytes text, size_t at)
{
    size_t end = after_break(text, at, '.');
    for (const char *letter = "net"; end > 0 && *letter; letter++) {
        struct sp_folded c;
        sp_fold_char(text, end, &c);
        end = c.count == 1 && c.code == (uint32_t)*letter ? c.end : 0;
    }
    return end > 0 && !is_word_at(text, end) ? end : 0;
}

static size_t
read_dot_net(struct splitter *s, size_t at, size_t end, struct chain *chain)
{
    struct sp_letters folded = {.len = 4, .data = ".net"};
    emit_symbol_word(s, chain, &folded, at, end);
    return sp_possessive_end(s->text, end);
}

/* The offset after the `++` or `#` that belongs to the atom, otherwise 0: `C++11` has one, `a++b`
   does not. */
static size_t
symbol_end(sp_bytes text, const struct sp_atom *atom, uint32_t symbol)
{
    if (atom->digits > 0 || atom->next != atom->end)
        return 0;
    size_t end = after_break(text, atom->end, symbol);
    struct sp_folded c;
    if (symbol == '#') {
        return atom->letters == 1 && !is_word_at(text, end) ? end : 0;
    }
    end = after_break(text, end, symbol);
    sp_fold_char(text, end, &c);
    return c.kind == SP_CHAR_LETTER || c.code == symbol ? 0 : end;
}

static size_t
read_symbol(struct splitter *s, struct sp_atom *atom, size_t end, uint32_t symbol,
            struct chain *chain)
{
    sp_letters_append(&atom->folded, symbol == '#' ? "#" : "++", symbol == '#' ? 1 : 2);
    emit_symbol_word(s, chain, &atom->folded, atom->start, end);
    return sp_possessive_end(s->text, end);
}

static bool
is_initials(const struct sp_atom *atom)
{
    return atom->digits == 0 && atom->letters <= 2;
}

/* `R&D` and `AT&T` are one word. Longer atoms next to an ampersand are separate words. */
static size_t
read_ampersand(struct splitter *s, struct sp_atom *atom, struct chain *chain)
{
    size_t at = is_initials(atom) ? after_connector(s->text, atom->next, '&') : 0;
    if (at > 0) {
        struct sp_atom other;
        sp_atom_read(s->text, at, &other);
        if (is_initials(&other)) {
            sp_letters_append(&atom->folded, "&", 1);
            sp_letters_append_all(&atom->folded, &other.folded);
            emit_word(s, chain, &atom->folded, atom->start, other.end);
            return other.next;
        }
    }
    emit_atom(s, chain, atom);
    return atom->next;
}

/* `401(k)` gives the words `401` and `k` and the form `401k`. */
static size_t
read_parenthesised_letter(struct splitter *s, const struct sp_atom *atom, struct chain *chain)
{
    struct sp_atom letter;
    size_t at =
        atom->digits == 3 && atom->letters == 0 ? after_connector(s->text, atom->end, '(') : 0;
    size_t close = 0;
    if (at > 0) {
        sp_atom_read(s->text, at, &letter);
        close =
            letter.letters == 1 && letter.digits == 0 ? after_break(s->text, letter.end, ')') : 0;
    }
    emit_atom(s, chain, atom);
    if (close == 0)
        return atom->next;
    emit_atom(s, chain, &letter);
    struct sp_letters joined = atom->folded;
    sp_letters_append_all(&joined, &letter.folded);
    emit_form(s, bytes_of(&joined), atom->start, close, 2);
    chain->end = close;
    return close;
}

/* `U.S.`, `Ph.D`, `e.g.`: atoms of one or two letters, at least one of them of one letter. */
static bool
is_abbreviation(const struct sp_atom *atoms, size_t count)
{
    bool single = false;
    for (size_t i = 0; i < count; i++) {
        if (!is_initials(&atoms[i]))
            return false;
        single = single || atoms[i].letters == 1;
    }
    return single && count > 1;
}

/* The final dot is part of the abbreviation, unless it begins an ellipsis. */
static size_t
emit_abbreviation(struct splitter *s, const struct sp_atom *atoms, size_t count,
                  struct chain *chain)
{
    const struct sp_atom *last = &atoms[count - 1];
    struct sp_letters joined = atoms[0].folded;
    for (size_t i = 1; i < count; i++)
        sp_letters_append_all(&joined, &atoms[i].folded);
    size_t end = after_break(s->text, last->end, '.');
    if (end == 0 || after_break(s->text, end, '.') > 0) {
        emit_word(s, chain, &joined, atoms[0].start, last->end);
        return last->next;
    }
    emit_word(s, chain, &joined, atoms[0].start, end);
    return sp_possessive_end(s->text, end);
}

/* Atoms joined by dots: an abbreviation is one word; two words (`Node.js`) also have a form. */
static size_t
read_group(struct splitter *s, const struct sp_atom *first, struct chain *chain)
{
    struct sp_atom atoms[GROUP_MAX];
    size_t count = 1, next;
    atoms[0] = *first;
    while ((next = after_connector(s->text, atoms[count - 1].next, '.')) > 0 && count < GROUP_MAX)
        sp_atom_read(s->text, next, &atoms[count++]);
    if (next == 0 && is_abbreviation(atoms, count))
        return emit_abbreviation(s, atoms, count, chain);
    for (size_t i = 0; i < count; i++)
        emit_atom(s, chain, &atoms[i]);
    if (count == 2) {
        struct sp_letters joined = atoms[0].folded;
        sp_letters_append_all(&joined, &atoms[1].folded);
        emit_form(s, bytes_of(&joined), atoms[0].start, atoms[1].end, 2);
    }
    return atoms[count - 1].next;
}

/* Names such as `L'Oréal` also have a form, for people who type them without the apostrophe. */
static size_t
read_elided(struct splitter *s, const struct sp_atom *atom, struct chain *chain)
{
    s->elided = true;
    emit_atom(s, chain, atom);
    if (!is_upper_at(s->text, atom->next))
        return atom->next;
    struct sp_atom name;
    sp_atom_read(s->text, atom->next, &name);
    emit_atom(s, chain, &name);
    struct sp_letters joined = atom->folded;
    sp_letters_append_all(&joined, &name.folded);
    emit_loose(s, bytes_of(&joined), atom->start, name.end, 2);
    return name.next;
}

/* The offset of the digit that follows one space at `at`, or 0. */
static size_t
after_digit_space(sp_bytes text, size_t at)
{
    uint32_t code;
    if (at >= text.len)
        return 0;
    size_t end = at + sp_utf8_decode(text, at, &code);
    bool space = code == ' ' || code == 0xA0 || code == 0x202F || code == 0x2009;
    return space && end < text.len && sp_ascii_is_digit(text.data[end]) ? end : 0;
}

static bool
is_digit_group(const struct sp_atom *atom, size_t least)
{
    return atom->letters == 0 && atom->digits >= least && atom->digits <= 3 &&
           atom->folded.len == atom->digits;
}

/* A number with spaces between the thousands has the form without them. A plain space may also
   separate two numbers, so queries leave this form out. */
static size_t
read_spaced_number(struct splitter *s, const struct sp_atom *first, struct chain *chain)
{
    struct sp_letters joined = first->folded;
    struct sp_atom atom = *first;
    uint32_t groups = 1;
    bool plain = false;
    size_t next;
    emit_atom(s, chain, first);
    while ((next = after_digit_space(s->text, atom.end)) > 0) {
        struct sp_atom more;
        sp_atom_read(s->text, next, &more);
        if (!is_digit_group(&more, 3))
            break;
        plain |= s->text.data[atom.end] == ' ';
        emit_atom(s, chain, &more);
        sp_letters_append_all(&joined, &more.folded);
        atom = more;
        groups++;
    }
    if (groups > 1)
        (plain ? emit_loose : emit_form)(s, bytes_of(&joined), first->start, atom.end, groups);
    return atom.next;
}

static size_t
read_unit(struct splitter *s, size_t at, struct chain *chain)
{
    size_t end = dot_net_end(s->text, at);
    if (end > 0)
        return read_dot_net(s, at, end, chain);
    struct sp_atom atom;
    struct sp_folded c;
    sp_atom_read(s->text, at, &atom);
    if (atom.elided)
        return read_elided(s, &atom, chain);
    sp_fold_char(s->text, atom.next, &c);
    if (c.code == '+' || c.code == '#') {
        end = symbol_end(s->text, &atom, c.code);
        if (end > 0)
            return read_symbol(s, &atom, end, c.code, chain);
    }
    if (c.code == '&')
        return read_ampersand(s, &atom, chain);
    if (c.code == '(')
        return read_parenthesised_letter(s, &atom, chain);
    if (c.code == '.')
        return read_group(s, &atom, chain);
    if (is_digit_group(&atom, 1) && after_digit_space(s->text, atom.end) > 0)
        return read_spaced_number(s, &atom, chain);
    emit_atom(s, chain, &atom);
    return atom.next;
}

static size_t
read_chain(struct splitter *s, size_t at, struct chain *chain)
{
    *chain = (struct chain){.start = at};
    for (size_t next = at; next > 0 || chain->units == 0;) {
        at = read_unit(s, next, chain);
        chain->units++;
        next = after_connector(s->text, at, '-');
    }
    if (chain->units > 1 && chain->units <= CHAIN_FORM_MAX)
        emit_form(s, bytes_of(&chain->joined), chain->start, chain->end, chain->words);
    return at;
}

/* Chains joined by slashes. `CI/CD` also has the form `cicd`; addresses, paths and names with
   symbols (`C/C++`) have none, nor has a chain of several words. */
static size_t
read_slashed(struct splitter *s, size_t at)
{
    struct chain chain;
    bool path = at > 0 && (s->text.data[at - 1] == '/' || s->text.data[at - 1] == ':');
    size_t start = at, next;
    at = read_chain(s, at, &chain);
    if ((next = after_connector(s->text, at, '/')) == 0)
        return at;
    struct sp_letters joined = chain.joined;
    uint32_t words = 1;
    path |= chain.words != 1;
    for (; next > 0; next = after_connector(s->text, at, '/')) {
        at = read_chain(s, next, &chain);
        sp_letters_append_all(&joined, &chain.joined);
        path |= chain.words != 1;
        words++;
    }
    path |= after_break(s->text, at, '/') > 0;
    for (size_t i = 0; i < joined.len; i++)
        path |=
            (unsigned char)joined.data[i] < 0x80 && !sp_ascii_folded[(unsigned char)joined.data[i]];
    if (!path && words <= CHAIN_FORM_MAX)
        emit_loose(s, bytes_of(&joined), start, chain.end, words);
    return at;
}

/* Every two adjacent characters are a word; a single character is a word too, and the last one of
   several a form: with it, each character begins a word or form, so a prefix finds it. */
static size_t
read_unspaced(struct splitter *s, size_t at)
{
    struct sp_letters last = {0};
    size_t last_start = at, count = 0;
    struct sp_folded c;
    for (sp_fold_char(s->text, at, &c); c.kind == SP_CHAR_CJK; sp_fold_char(s->text, at, &c)) {
        for (size_t i = 0; i < c.count; i++) {
            char bytes[4];
            size_t len = sp_fold_encode(c.codes[i], bytes);
            struct sp_letters pair = last;
            sp_letters_append(&pair, bytes, len);
            if (count++ > 0)
                emit_bytes(s, bytes_of(&pair), last_start, c.end);
            last.len = 0;
            sp_letters_append(&last, bytes, len);
            last_start = at;
        }
        at = c.end;
    }
    if (count == 1)
        emit_bytes(s, bytes_of(&last), last_start, at);
    else
        emit_loose(s, bytes_of(&last), last_start, at, 1);
    return at;
}

static void
emit_emoji(struct splitter *s, const struct sp_folded *c, size_t at)
{
    struct sp_letters folded = {0};
    sp_letters_append_folded(&folded, c);
    emit_bytes(s, bytes_of(&folded), at, c->end);
}

static bool
is_plain_break(unsigned char byte)
{
    static const bool connectors[128] = {
        ['.'] = true, [','] = true, ['-'] = true, ['\''] = true, ['&'] = true,
        ['('] = true, ['+'] = true, ['#'] = true, ['/'] = true};
    return byte < 0x80 && !sp_ascii_folded[byte] && !connectors[byte];
}

/* Whether an ASCII word that ends at `at` needs no other rule of this file, because a plain break
   follows it, directly or after one punctuation mark. */
static bool
ends_plainly(sp_bytes text, size_t at)
{
    if (at >= text.len || is_plain_break((unsigned char)text.data[at]))
        return !sp_ascii_is_digit(text.data[at - 1]) || after_digit_space(text, at) == 0;
    char c = text.data[at];
    if (c != '.' && c != ',' && c != '-' && c != '\'')
        return false;
    return at + 1 >= text.len || is_plain_break((unsigned char)text.data[at + 1]);
}

/* The fast path for ASCII words between plain breaks. Returns 0 for other words. */
static size_t
read_plain(struct splitter *s, size_t at)
{
    char folded[SP_WORD_MAX];
    size_t len = 0;
    for (; len < SP_WORD_MAX && at + len < s->text.len; len++) {
        unsigned char c = sp_ascii_folded[(unsigned char)s->text.data[at + len]];
        if (!c)
            break;
        folded[len] = (char)c;
    }
    if (!ends_plainly(s->text, at + len))
        return 0;
    emit_bytes(s, (sp_bytes){folded, len}, at, at + len);
    return at + len;
}

static size_t
read_next(struct splitter *s, size_t at)
{
    unsigned char byte = (unsigned char)s->text.data[at];
    size_t end = sp_ascii_folded[byte] ? read_plain(s, at) : 0;
    if (end > 0)
        return end;
    if (is_plain_break(byte)) {
        s->newlines += byte == '\n';
        return at + 1;
    }
    struct sp_folded c;
    sp_fold_char(s->text, at, &c);
    if (sp_char_in_word(&c) || (c.code == '.' && dot_net_end(s->text, at) > 0))
        return read_slashed(s, at);
    if (c.kind == SP_CHAR_EMOJI)
        emit_emoji(s, &c, at);
    return c.kind == SP_CHAR_CJK ? read_unspaced(s, at) : c.end;
}

void
sp_split_words(sp_bytes text, sp_word_sink *sink, void *context)
{
    struct splitter s = {text, sink, context, 0, false};
    for (size_t at = 0; at < text.len;)
        at = read_next(&s, at);
}
