// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counts the words of a post, and collects words that may be misspelt if no other post has them:
 * words of lower-case ASCII letters in running text. Words in code, links, addresses and
 * identifiers, and words with capitals, may be names. A word that the post contains in such a
 * place, too, is not collected.
 */
#include "post_checks.h"
#include "engine/base/language.h"
#include "source_lines.h"

#include <signpost/ascii.h>

/* Shorter words are not checked: each is similar to too many others. */
#define LETTERS_MIN 6

/* A word is looked for on its recorded line and on this many lines after that line. */
#define LINES_OF_A_WORD 2

struct word_scan {
    sp_post_checks *checks;
    const sp_post_check_input *input;
    const sp_source_lines *lines;
    sp_bytes text;
    size_t start, end; /* of the current word */
    size_t non_prose;  /* index of the first non-prose range that does not end before the word */
    bool counts_only;  /* the post is in another language */
    char before[SP_COUNTED_WORD_MAX]; /* the previous word in the block, in lower case */
    size_t before_len;                /* 0: none */
    uint32_t last_rare;               /* number of the rare word before the current word, or 0 */
};

/* Length of the general punctuation (quotes, dashes, ellipsis) at `at`, or 0. */
static size_t
punctuation_length(sp_bytes text, size_t at)
{
    bool wide = at + 2 < text.len && text.data[at] == '\xE2' && text.data[at + 1] == '\x80';
    return wide ? 3 : 0;
}

static bool
is_word_byte(sp_bytes text, size_t at)
{
    unsigned char c = (unsigned char)text.data[at];
    if (sp_ascii_is_alphanumeric((char)c) || c == '_')
        return true;
    return c >= 0x80 && punctuation_length(text, at) == 0;
}

/* Whether the characters next to the word make it part of an address, an identifier, a hyphenated
   word, or a word that continues after an apostrophe. */
static bool
is_part(const struct word_scan *scan)
{
    sp_bytes text = scan->text;
    char before = scan->start > 0 ? text.data[scan->start - 1] : ' ';
    char after = scan->end < text.len ? text.data[scan->end] : ' ';
    char next = scan->end + 1 < text.len ? text.data[scan->end + 1] : ' ';
    if (strchr("-./\\@#$&=+~'<*`:%^|", before) || strchr("-/\\@#$&=+~<*`(%^|", after))
        return true;
    if (after == '\'')
        return next != 's' && next != ' ';
    if (strchr(".:?!,;", after))
        return next != ' ' && next != '\n' && !strchr("\"')]\xE2", next);
    return punctuation_length(text, scan->end) > 0 &&
           (unsigned char)text.data[scan->end + 2] == 0x99;
}

static bool
is_non_prose(struct word_scan *scan)
{
    const sp_notes *notes = &scan->input->reader->notes;
    while (scan->non_prose < notes->non_prose_count &&
           notes->non_prose[scan->non_prose].end <= scan->start)
        scan->non_prose++;
    return scan->non_prose < notes->non_prose_count &&
           notes->non_prose[scan->non_prose].start < scan->end;
}

static bool
may_be_misspelt(struct word_scan *scan)
{
    if (scan->counts_only || scan->end - scan->start < LETTERS_MIN ||
        scan->start < scan->input->post->title.end)
        return false;
    for (size_t i = scan->start; i < scan->end; i++) {
        if (scan->text.data[i] < 'a' || scan->text.data[i] > 'z')
            return false;
    }
    return !is_part(scan) && !is_non_prose(scan);
}

/* The column at which the line contains the word, but not as part of a longer word; or 0. */
static uint32_t
column_of(const sp_source_lines *lines, uint32_t line, sp_bytes word)
{
    sp_bytes text = sp_source_lines_get(lines, line);
    uint32_t column = 0;
    while ((column = sp_source_lines_find(lines, line, column + 1, word)) > 0) {
        size_t start = column - 1, end = start + word.len;
        if ((start == 0 || !is_word_byte(text, start - 1)) &&
            (end == text.len || !is_word_byte(text, end)))
            return column;
    }
    return 0;
}

static sp_file_place
place_of(const struct word_scan *scan, sp_bytes word)
{
    const sp_post *post = scan->input->post;
    uint32_t first = sp_line_at(post->lines, post->line_count, (uint32_t)scan->start);
    for (uint32_t line = first; line <= first + LINES_OF_A_WORD; line++) {
        uint32_t column = column_of(scan->lines, line, word);
        if (column > 0)
            return (sp_file_place){scan->input->file, line, column};
    }
    return (sp_file_place){scan->input->file, first > 0 ? first : 1, 1};
}

static uint32_t
add_rare(struct word_scan *scan, sp_bytes word)
{
    sp_post_checks *checks = scan->checks;
    sp_arena *arena = &checks->arena;
    sp_rare_word *rare = sp_arena_grow(arena, checks->rare, &checks->rare_capacity,
                                       checks->rare_count + 1, sizeof *rare);
    if (!rare)
        return 0;
    checks->rare = rare;
    rare[checks->rare_count++] =
        (sp_rare_word){.word = sp_arena_copy(arena, word),
                       .place = place_of(scan, word),
                       .before = sp_arena_copy(arena, (sp_bytes){scan->before, scan->before_len}),
                       .after = SP_LITERAL(""),
                       .times = 1};
    return (uint32_t)checks->rare_count;
}

/* Counts a rare word that the post repeats, or drops it if this occurrence may be a name. */
static void
count_again(struct word_scan *scan, sp_word_count *count)
{
    if (count->rare == 0)
        return;
    if (may_be_misspelt(scan))
        scan->checks->rare[count->rare - 1].times++;
    else
        count->rare = 0;
}

static void
count_word(struct word_scan *scan, sp_bytes lower)
{
    sp_post_checks *checks = scan->checks;
    uint32_t post = checks->post_count + 1;
    sp_word_count *count = sp_word_counts_entry(&checks->words, sp_word_hash(lower));
    if (!count)
        return;
    if (count->posts == 0) {
        count->posts = 1;
        if (may_be_misspelt(scan))
            count->rare = scan->last_rare = add_rare(scan, lower);
    } else if (count->last == post) {
        count_again(scan, count);
    } else {
        if (count->posts++ == 1)
            sp_ngrams_add(checks->ngrams, lower);
        count->rare = 0;
    }
    count->last = post;
}

static void
read_word(struct word_scan *scan)
{
    char letters[SP_COUNTED_WORD_MAX];
    sp_bytes lower = {letters, scan->end - scan->start};
    if (lower.len > sizeof letters)
        return;
    for (size_t i = 0; i < lower.len; i++)
        letters[i] = sp_ascii_lower(scan->text.data[scan->start + i]);
    if (scan->last_rare > 0)
        scan->checks->rare[scan->last_rare - 1].after = sp_arena_copy(&scan->checks->arena, lower);
    scan->last_rare = 0;
    count_word(scan, lower);
    memcpy(scan->before, letters, lower.len);
    scan->before_len = lower.len;
}

void
sp_post_checks_words(sp_post_checks *checks, const sp_post_check_input *input,
                     const struct sp_source_lines *lines)
{
    struct word_scan scan = {.checks = checks,
                             .input = input,
                             .lines = lines,
                             .text = input->post->text,
                             .counts_only = !sp_language_equal(input->post->lang, input->language)};
    if (!checks->ngrams)
        checks->ngrams = sp_arena_alloc(&checks->arena, sizeof *checks->ngrams);
    for (size_t at = 0; checks->ngrams && at < scan.text.len;) {
        scan.start = at;
        while (at < scan.text.len && is_word_byte(scan.text, at))
            at++;
        scan.end = at;
        if (scan.end > scan.start) {
            read_word(&scan);
            continue;
        }
        if (scan.text.data[at] == '\n')
            scan.before_len = scan.last_rare = 0;
        size_t wide = punctuation_length(scan.text, at);
        at += wide ? wide : 1;
    }
}
