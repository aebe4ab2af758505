// SPDX-License-Identifier: GPL-2.0-or-later
#include "fold.h"

#include <utf8proc.h>

const unsigned char sp_ascii_folded[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd',
    ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k',
    ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r',
    ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y',
    ['z'] = 'z', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f',
    ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm',
    ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't',
    ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
};

struct code_range {
    uint32_t first, last;
};

/* Combining marks that folding removes, because they only change the sound of a letter.
   Ascending. */
static const struct code_range stripped_marks[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05C7},   {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0670, 0x0670}, {0x06D6, 0x06ED}, {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF},
};

/* Scripts that are indexed as pairs of characters: those that are written without spaces, and
   Hangul, whose particles follow a word directly. Ascending. */
static const struct code_range unspaced_scripts[] = {
    {0x1100, 0x11FF}, {0x3005, 0x3007}, {0x3021, 0x3029}, {0x3031, 0x3035},   {0x3038, 0x303C},
    {0x3041, 0x3096}, {0x309B, 0x309F}, {0x30A1, 0x30FA}, {0x30FC, 0x312F},   {0x3131, 0x318E},
    {0x31A0, 0x31BF}, {0x31F0, 0x31FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},   {0xA960, 0xA97C},
    {0xAC00, 0xD7A3}, {0xD7B0, 0xD7FB}, {0xF900, 0xFAFF}, {0x1B000, 0x1B16F}, {0x20000, 0x3FFFD},
};

static bool
is_in(uint32_t code, const struct code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count && code >= ranges[i].first; i++) {
        if (code <= ranges[i].last)
            return true;
    }
    return false;
}

#define IS_IN(code, ranges) is_in(code, ranges, sizeof(ranges) / sizeof *(ranges))

bool
sp_fold_is_mark(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

static bool
is_jamo(uint32_t code)
{
    return code >= 0x1160 && code <= 0x11FF;
}

/* Every letter and syllable of Hangul takes three bytes. */
static bool
is_hangul_before(sp_bytes text, size_t at)
{
    uint32_t code;
    if (at < 3 || sp_utf8_decode(text, at - 3, &code) != 3)
        return false;
    return (code >= 0x1100 && code <= 0x11FF) || (code >= 0x3131 && code <= 0x318E) ||
           (code >= 0xAC00 && code <= 0xD7A3);
}

/* Whether the code point is a combining mark, or one of the half-width voicing marks, which become
   combining marks when they are normalised. */
static bool
is_continuing(uint32_t code)
{
    return code >= 0x300 && (sp_fold_is_mark(code) || code == 0xFF9E || code == 0xFF9F);
}

bool
sp_fold_continues(sp_bytes text, size_t at)
{
    if (at >= text.len || (unsigned char)text.data[at] < 0xCC)
        return false;
    uint32_t code;
    sp_utf8_decode(text, at, &code);
    return is_continuing(code) || (is_jamo(code) && is_hangul_before(text, at));
}

size_t
sp_fold_encode(int32_t code, char out[4])
{
    return (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)out);
}

/* For readers of Cyrillic and for Snowball's Russian stemmer, й is a letter, not an accented и. */
static bool
is_stripped(int32_t code, int32_t base)
{
    if (base == 0x438 && code == 0x306)
        return false;
    return IS_IN((uint32_t)code, stripped_marks) && sp_fold_is_mark((uint32_t)code);
}

/* Letters that Unicode does not decompose, and what people without these letters on their keyboard
   type instead (CLDR's transform Latin-ASCII). */
static const struct {
    int32_t letter;
    int32_t plain[2];
} plain_letters[] = {
    {0xE6, {'a', 'e'}},  {0xF8, {'o'}},   {0x111, {'d'}},     {0x127, {'h'}}, {0x142, {'l'}},
    {0x153, {'o', 'e'}}, {0xF0, {'d'}},   {0xFE, {'t', 'h'}}, {0x131, {'i'}}, {0x138, {'q'}},
    {0x14B, {'n'}},      {0x167, {'t'}},  {0x180, {'b'}},     {0x183, {'b'}}, {0x188, {'c'}},
    {0x18C, {'d'}},      {0x192, {'f'}},  {0x199, {'k'}},     {0x19A, {'l'}}, {0x19E, {'n'}},
    {0x1A5, {'p'}},      {0x1AB, {'t'}},  {0x1AD, {'t'}},     {0x1B4, {'y'}}, {0x1B6, {'z'}},
    {0x1E5, {'g'}},      {0x221, {'d'}},  {0x225, {'z'}},     {0x23C, {'c'}}, {0x247, {'e'}},
    {0x249, {'j'}},      {0x24D, {'r'}},  {0x24F, {'y'}},     {0x253, {'b'}}, {0x256, {'d'}},
    {0x257, {'d'}},      {0x260, {'g'}},  {0x268, {'i'}},     {0x272, {'n'}}, {0x289, {'u'}},
    {0x2C65, {'a'}},     {0x2C66, {'t'}},
};

static void
append_code(struct sp_folded *out, int32_t code)
{
    if (out->count < SP_FOLDED_MAX)
        out->codes[out->count++] = code;
}

static void
append_plain(struct sp_folded *out, int32_t code)
{
    for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++) {
        if (plain_letters[i].letter == code) {
            append_code(out, plain_letters[i].plain[0]);
            if (plain_letters[i].plain[1])
                append_code(out, plain_letters[i].plain[1]);
            return;
        }
    }
    append_code(out, code);
}

/* Marks that do not fit into SP_FOLDED_MAX are dropped: no script stacks that many. The apostrophe
   in U+0149 is removed as other apostrophes are. */
static void
append_decomposed(struct sp_folded *out, uint32_t code)
{
    utf8proc_int32_t codes[SP_FOLDED_MAX];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)code, codes, SP_FOLDED_MAX,
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &boundary);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        int32_t base = out->count > 0 ? out->codes[out->count - 1] : 0;
        if (!is_stripped(codes[i], base) && codes[i] != 0x2BC)
            append_plain(out, codes[i]);
    }
}

static int
combining_class(int32_t code)
{
    return utf8proc_get_property(code)->combining_class;
}

/* Insertion sort into canonical order; there are only a few marks. */
static void
order_marks(struct sp_folded *out)
{
    for (size_t i = 1; i < out->count; i++) {
        int32_t code = out->codes[i];
        int order = combining_class(code);
        size_t j = i;
        for (; order > 0 && j > 0 && combining_class(out->codes[j - 1]) > order; j--)
            out->codes[j] = out->codes[j - 1];
        out->codes[j] = code;
    }
}

static void
compose(struct sp_folded *out)
{
    if (out->count < 2)
        return;
    order_marks(out);
    utf8proc_ssize_t count = utf8proc_normalize_utf32(out->codes, (utf8proc_ssize_t)out->count,
                                                      UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (count > 0)
        out->count = (size_t)count;
}

/* Drops the marks that do not compose with the kana or Han character before them: they are not part
   of a word. */
static void
drop_marks_of_unspaced(struct sp_folded *out)
{
    if (out->count < 2 || !IS_IN((uint32_t)out->codes[0], unspaced_scripts))
        return;
    size_t kept = 1;
    for (size_t i = 1; i < out->count; i++) {
        if (!sp_fold_is_mark((uint32_t)out->codes[i]))
            out->codes[kept++] = out->codes[i];
    }
    out->count = kept;
}

static bool
is_apostrophe(uint32_t code)
{
    return code == '\'' || (code >= 0x2018 && code <= 0x201B && code != 0x201A) || code == 0x2BB ||
           code == 0x2BC || code == 0xB4 || code == 0xFF07;
}

/* Hyphen, no-break hyphen, figure dash and en dash. The em dash and the minus sign separate
   words. */
static bool
is_hyphen(uint32_t code)
{
    return (code >= 0x2010 && code <= 0x2013) || code == 0xFE63 || code == 0xFF0D;
}

static bool
is_silent(uint32_t code)
{
    /* The zero-width space marks the ends of words in scripts without spaces. */
    return code != 0x200B && utf8proc_get_property((utf8proc_int32_t)code)->ignorable;
}

static bool
is_word_category(int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* A sign is a break if it decomposes into letters or digits together with other characters (one
   half, degree Celsius) or with Han characters (the telegraph months). */
static enum sp_char_kind
kind_of(const struct sp_folded *c, uint32_t code_in_text)
{
    bool unspaced = IS_IN(c->code, unspaced_scripts);
    for (size_t i = 0; i < c->count; i++) {
        uint32_t code = (uint32_t)c->codes[i];
        if (!is_word_category(c->codes[i]) || IS_IN(code, unspaced_scripts) != unspaced)
            return SP_CHAR_BREAK;
    }
    /* Thai and Lao AM are letters that decompose into a mark and a letter. */
    if (c->count == 0 || (sp_fold_is_mark(c->code) && !is_word_category((int32_t)code_in_text)))
        return SP_CHAR_BREAK;
    if (unspaced)
        return SP_CHAR_CJK;
    return c->code >= '0' && c->code <= '9' ? SP_CHAR_DIGIT : SP_CHAR_LETTER;
}

static void
fold_ascii(unsigned char byte, struct sp_folded *out)
{
    unsigned char folded = sp_ascii_folded[byte];
    out->count = 1;
    out->codes[0] = folded ? folded : byte;
    out->code = (uint32_t)out->codes[0];
    if (!folded)
        out->kind = SP_CHAR_BREAK;
    else
        out->kind = folded <= '9' ? SP_CHAR_DIGIT : SP_CHAR_LETTER;
}

/* Folds code points that must not be decomposed first: apostrophes, hyphens, a few symbols and
   ignorable code points. Returns false for all others. */
static bool
fold_punctuation(uint32_t code, struct sp_folded *out)
{
    out->kind = SP_CHAR_BREAK;
    if (is_apostrophe(code))
        out->code = '\'';
    else if (is_hyphen(code))
        out->code = '-';
    else if (code == 0x266F) /* C♯ */
        out->code = '#';
    else if (code == 0x2122 || code == 0x2120) /* ™ and ℠ are not part of the name before them */
        out->code = code;
    else if (!is_continuing(code) && is_silent(code))
        out->kind = SP_CHAR_SILENT;
    else
        return false;
    return true;
}

static bool
is_flag_letter(uint32_t code)
{
    return code >= 0x1F1E6 && code <= 0x1F1FF;
}

/* Signs of these ranges that Unicode calls pictographic, and the letters that flags consist of. */
static bool
is_emoji(uint32_t code)
{
    if (code < 0x231A || (code >= 0x2C00 && code < 0x1F000))
        return false;
    return is_flag_letter(code) || utf8proc_get_property((utf8proc_int32_t)code)->boundclass ==
                                       UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Whether the code point only changes how the emoji before it looks. */
static bool
is_emoji_style(uint32_t code)
{
    return (code >= 0x1F3FB && code <= 0x1F3FF) || (code >= 0xE0020 && code <= 0xE007F) ||
           is_continuing(code);
}

/* Reads an emoji with the emoji that a joiner connects to it, or the two letters of a flag. The
   joiner is kept, so that a coder is not taken for a woman next to a computer. */
static void
fold_emoji(sp_bytes text, uint32_t code, struct sp_folded *out)
{
    uint32_t next;
    out->kind = SP_CHAR_EMOJI;
    out->code = code;
    append_code(out, (int32_t)code);
    bool flag = is_flag_letter(code), joined = false;
    while (out->end < text.len) {
        size_t end = out->end + sp_utf8_decode(text, out->end, &next);
        if (next == 0x200D && !joined) {
            size_t after = end < text.len ? end + sp_utf8_decode(text, end, &next) : end;
            if (after == end || !is_emoji(next))
                return;
            joined = true;
        } else if (joined || (flag && is_flag_letter(next))) {
            if (joined)
                append_code(out, 0x200D);
            append_code(out, (int32_t)next);
            joined = flag = false;
        } else if (!is_emoji_style(next)) {
            return;
        }
        out->end = end;
    }
}

static void
fold_any(sp_bytes text, uint32_t code, struct sp_folded *out)
{
    bool bare = fold_punctuation(code, out);
    out->count = 0;
    if (!bare && is_emoji(code)) {
        fold_emoji(text, code, out);
        return;
    }
    if (!bare)
        append_decomposed(out, code);
    while (sp_fold_continues(text, out->end)) {
        uint32_t mark;
        out->end += sp_utf8_decode(text, out->end, &mark);
        if (!bare)
            append_decomposed(out, mark);
    }
    if (bare)
        return;
    compose(out);
    drop_marks_of_unspaced(out);
    out->code = out->count > 0 ? (uint32_t)out->codes[0] : 0;
    out->kind = is_continuing(code) ? SP_CHAR_BREAK : kind_of(out, code);
}

void
sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out)
{
    out->code = 0;
    out->count = 0;
    out->kind = SP_CHAR_BREAK;
    out->end = at;
    if (at >= text.len)
        return;
    unsigned char first = (unsigned char)text.data[at];
    out->end = at + 1;
    if (first < 0x80 && !sp_fold_continues(text, at + 1)) {
        fold_ascii(first, out);
        return;
    }
    uint32_t code;
    out->end = at + sp_utf8_decode(text, at, &code);
    fold_any(text, code, out);
}
