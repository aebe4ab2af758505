// SPDX-License-Identifier: GPL-2.0-or-later
#include "likeness.h"

#include "ordinary.h"

#include <math.h>
#include <string.h>

/* One edit changes a large part of a short word: `waiter` and `wanted` are two edits apart. Of four
   letters, only cheap edits and a missing letter are accepted; from six letters on, two errors if
   one of them is cheap, and from eight letters on any two. */
#define LONG_MIN 8
static const uint32_t cost_max_of_length[LONG_MIN + 1] = {0, 0, 0, 0, 100, 94, 130, 160, 200};

/* A word with capitals is often a name or a product, unless the reader's device wrote the first
   letter of the query large. Long words are seldom one edit away from a name. */
static const uint32_t name_cost_max_of_length[LONG_MIN + 1] = {0, 0, 0, 0, 47, 47, 62, 62, 100};

#define CHEAP 62     /* at most half of an edit, roughly */
#define ONE_EDIT 100 /* the dearest single edit */

/* A word in capitals of at most this many letters is taken for an acronym. */
#define ACRONYM_MAX 5

#define EDIT 94        /* another letter */
#define EXTRA 100      /* an extra consonant */
#define SWAP 47        /* of two neighbours */
#define DOUBLE 44      /* a letter doubled that is single in the word, or the other way round */
#define OTHER_VOWEL 63 /* a vowel for another vowel */
#define LIKE_SOUND 60  /* a consonant for one that sounds alike */
#define LEFT_OUT 81    /* a missing consonant */
#define LEFT_OUT_VOWEL 61
#define EXTRA_VOWEL 76

/* The weight of the binary logarithm of a word's frequency. */
#define FREQUENCY 4.0

/* The least cost of an edit that changes the length, or the set of the letters. */
#define LENGTH_EDIT_MIN DOUBLE
#define SET_EDIT_MIN 30 /* LIKE_SOUND changes the set by two letters */

#define FAR (UINT32_MAX / 4)

/* In an index of this many documents, a word that only one of them has is often a name or itself
   misspelt. The required number grows with the index. */
#define SMALL_INDEX 100
#define DOCUMENTS_PER_FREQ 10000

static uint32_t
smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool
is_capital(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static size_t
count_capitals(sp_bytes typed)
{
    size_t count = 0;
    for (size_t i = 0; i < typed.len; i++)
        count += is_capital(typed.data[i]);
    return count;
}

bool
sp_suspect_init(sp_bytes typed, sp_bytes word, bool english, sp_suspect *out)
{
    sp_spelling *spelling = &out->spelling;
    size_t capitals = count_capitals(typed);
    bool all = capitals == typed.len;
    if (!sp_spell(word, spelling) || spelling->letters < SP_LIKENESS_LETTERS_MIN ||
        spelling->letters < spelling->len || (all && typed.len <= ACRONYM_MAX) ||
        (english && sp_is_ordinary_word(word)))
        return false;
    uint32_t len = smaller(spelling->len, LONG_MIN);
    out->cost_max = capitals > 0 && !all ? name_cost_max_of_length[len] : cost_max_of_length[len];
    return true;
}

static bool
has_more_bits(uint64_t set, uint32_t most)
{
    for (; set && most > 0; most--)
        set &= set - 1;
    return set != 0;
}

static bool
is_frequent(uint32_t freq, uint32_t doc_count)
{
    return doc_count < SMALL_INDEX || freq >= 2 + doc_count / DOCUMENTS_PER_FREQ;
}

/* Whether edits for cost_max can turn a word into one of this length with these letters. */
static bool
is_in_reach(const sp_spelling *typed, uint32_t len, uint64_t set, uint32_t cost_max)
{
    uint32_t apart = typed->len > len ? typed->len - len : len - typed->len;
    return apart <= cost_max / LENGTH_EDIT_MIN &&
           !has_more_bits(typed->set ^ set, cost_max / SET_EDIT_MIN);
}

bool
sp_suspect_may_mean(const sp_suspect *suspect, const sp_vocabulary_word *word, uint32_t doc_count)
{
    return word->len > 0 && word->letters == word->len &&
           word->len + 1U >= SP_LIKENESS_LETTERS_MIN &&
           is_in_reach(&suspect->spelling, word->len, word->set, suspect->cost_max) &&
           is_frequent(word->freq, doc_count);
}

static bool
is_vowel(uint32_t letter)
{
    return letter < 0x80 && strchr("aeiouy", (int)letter) != NULL && letter != 0;
}

static bool
sound_alike(uint32_t a, uint32_t b)
{
    static const char pairs[][2] = {{'c', 's'}, {'c', 'k'}, {'c', 'q'}, {'s', 'z'},
                                    {'t', 'd'}, {'m', 'n'}, {'b', 'p'}, {'f', 'v'},
                                    {'g', 'j'}, {'k', 'q'}, {'x', 'c'}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t x = (unsigned char)pairs[i][0], y = (unsigned char)pairs[i][1];
        if ((a == x && b == y) || (a == y && b == x))
            return true;
    }
    return false;
}

static uint32_t
replacing(uint32_t a, uint32_t b)
{
    if (a == b)
        return 0;
    if (is_vowel(a) && is_vowel(b))
        return OTHER_VOWEL;
    return sound_alike(a, b) ? LIKE_SOUND : EDIT;
}

static bool
is_doubled(const sp_spelling *word, uint32_t at)
{
    uint32_t code = word->codes[at];
    bool before = at > 0 && word->codes[at - 1] == code;
    bool after = at + 1 < word->len && word->codes[at + 1] == code;
    return before || after;
}

/* The cost of a letter that is in the typed word only. */
static uint32_t
extra(const sp_spelling *typed, uint32_t at)
{
    return is_doubled(typed, at) ? DOUBLE : is_vowel(typed->codes[at]) ? EXTRA_VOWEL : EXTRA;
}

/* The cost of a letter that is in the other word only. */
static uint32_t
left_out(const sp_spelling *word, uint32_t at)
{
    return is_doubled(word, at) ? DOUBLE : is_vowel(word->codes[at]) ? LEFT_OUT_VOWEL : LEFT_OUT;
}

static bool
begin_alike(const sp_spelling *a, const sp_spelling *b)
{
    return a->codes[0] == b->codes[0] ||
           (a->len > 1 && b->len > 1 && a->codes[0] == b->codes[1] && a->codes[1] == b->codes[0]);
}

/* Optimal string alignment (Boytsov, Indexing methods for approximate dictionary searching, 2011)
   with costs. Only cells near the diagonal are filled, because others are dearer than cost_max. The
   computation stops at the second row in a row that is too dear everywhere; a swap skips one. */
static uint32_t
align(const sp_spelling *a, const sp_spelling *b, uint32_t cost_max)
{
    uint32_t rows[3][SP_WORD_MAX + 2], band = cost_max / LENGTH_EDIT_MIN, dear = 0;
    if (a->len > b->len + band || b->len > a->len + band)
        return FAR; /* the last cell is outside of the band */
    rows[0][0] = 0;
    for (uint32_t j = 1; j <= b->len; j++)
        rows[0][j] = rows[0][j - 1] + left_out(b, j - 1);
    for (uint32_t i = 1; i <= a->len; i++) {
        uint32_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        uint32_t low = i > band ? i - band : 1, high = smaller(b->len, i + band);
        uint32_t cost = extra(a, i - 1), lowest;
        row[low - 1] = lowest = low == 1 ? above[0] + cost : FAR;
        if (high == i + band)
            above[high] = FAR; /* outside of the band of that row */
        for (uint32_t j = low; j <= high; j++) {
            row[j] = smaller(above[j - 1] + replacing(a->codes[i - 1], b->codes[j - 1]),
                             smaller(above[j] + cost, row[j - 1] + left_out(b, j - 1)));
            if (i > 1 && j > 1 && a->codes[i - 1] == b->codes[j - 2] &&
                a->codes[i - 2] == b->codes[j - 1])
                row[j] = smaller(row[j], two_above[j - 2] + SWAP);
            lowest = smaller(lowest, row[j]);
        }
        dear = lowest > cost_max ? dear + 1 : 0;
        if (dear == 2)
            return FAR;
    }
    return rows[a->len % 3][b->len];
}

/* Readers seldom mistype the first letter, and most short words that differ in it are others:
   `tailor`, `sailor`. Long ones may differ in it by one edit. */
static uint32_t
reach_of(const sp_suspect *suspect, const sp_spelling *word)
{
    const sp_spelling *typed = &suspect->spelling;
    if (begin_alike(typed, word))
        return suspect->cost_max;
    uint32_t most = typed->len < LONG_MIN ? 0 : smaller(ONE_EDIT, suspect->cost_max);
    return is_in_reach(typed, word->len, word->set, most) ? most : 0;
}

uint32_t
sp_suspect_cost(const sp_suspect *suspect, const sp_spelling *word)
{
    uint32_t most = reach_of(suspect, word), len = suspect->spelling.len;
    uint32_t cost = most > 0 ? align(&suspect->spelling, word, most) : FAR;
    if (cost > most)
        return FAR;
    bool shortest = len == SP_LIKENESS_LETTERS_MIN && word->len <= len && cost > CHEAP;
    bool much_shorter = len < LONG_MIN && word->len + 2 <= len;
    bool three_letters = word->letters < SP_LIKENESS_LETTERS_MIN && cost > DOUBLE;
    return shortest || much_shorter || three_letters ? FAR : cost;
}

double
sp_likeness_score(uint32_t cost, uint32_t freq)
{
    return cost - FREQUENCY * log2(freq);
}
