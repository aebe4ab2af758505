// SPDX-License-Identifier: GPL-2.0-or-later
#include "stem_cache.h"

#include <signpost/analyzer.h>
#include <signpost/arena.h>

#include <stdlib.h>
#include <xapian-c.h>

/* Words remembered: some 8 MB. More than a site's vocabulary, less than an attacker's. */
#define WORDS_MAX ((size_t)64 * 1024)
#define SLOTS_FIRST ((size_t)1024)

/* Slots looked at for a word. Words made to collide cost no more than this. */
#define PROBES_MAX 32

struct slot {
    uint32_t key;
    const struct sp_stem_cache_entry *entry; /* NULL: free */
};

struct sp_stem_cache {
    xc_stemmer *stemmer; /* NULL: none */
    bool english;
    struct slot *slots; /* a power of two of them, at most half in use */
    size_t slot_count, word_count;
    sp_arena words; /* entries in slots */
    sp_arena rest;  /* entries of this text that found no slot */
};

void
sp_stem_cache_free(sp_stem_cache *lexicon)
{
    if (!lexicon)
        return;
    xc_stemmer_free(lexicon->stemmer);
    sp_arena_done(&lexicon->words);
    sp_arena_done(&lexicon->rest);
    free(lexicon->slots);
    free(lexicon);
}

enum sp_status
sp_stem_cache_new(const char *language, sp_stem_cache **out, sp_error *err)
{
    sp_stem_cache *lexicon = calloc(1, sizeof *lexicon);
    if (!lexicon)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    lexicon->english = language && strcmp(language, "english") == 0;
    lexicon->slot_count = SLOTS_FIRST;
    lexicon->slots = calloc(SLOTS_FIRST, sizeof *lexicon->slots);
    enum sp_status status = lexicon->slots ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
    xc_error problem;
    if (status == SP_OK && language &&
        xc_stemmer_new(language, &lexicon->stemmer, &problem) != XC_OK) {
        status = problem.status == XC_NO_MEMORY ? SP_NO_MEMORY : SP_INTERNAL;
        sp_fail(err, status, "stemmer '%s': %s", language, problem.text);
    }
    if (status != SP_OK) {
        sp_stem_cache_free(lexicon);
        return status;
    }
    *out = lexicon;
    return SP_OK;
}

void
sp_stem_cache_begin(sp_stem_cache *lexicon)
{
    sp_arena_clear(&lexicon->rest);
    if (lexicon->word_count < WORDS_MAX && !lexicon->words.failed)
        return;
    memset(lexicon->slots, 0, lexicon->slot_count * sizeof *lexicon->slots);
    sp_arena_clear(&lexicon->words);
    lexicon->word_count = 0;
}

static uint32_t
fnv_1a(sp_bytes bytes)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.data[i]) * 16777619u;
    return hash;
}

uint32_t
sp_stem_hash(sp_bytes stem)
{
    uint32_t hash = fnv_1a(stem);
    return hash >> 24 ^ (hash & 0xFFFFFFu);
}

/* Numbers and names with symbols are nothing to Snowball. */
static bool
is_stemmable(sp_bytes word)
{
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.data[i];
        if (c < 0x80 && (c < 'a' || c > 'z'))
            return false;
    }
    return true;
}

/* `PhDs`, `CVs`, `CTFs`: where a word has no vowel, Snowball's English takes its last letter for a
   part of it. */
static bool
is_plural_of_letters(sp_bytes word)
{
    if (word.len < 3 || word.data[word.len - 1] != 's' || word.data[word.len - 2] == 's')
        return false;
    for (size_t i = 0; i < word.len; i++) {
        if ((unsigned char)word.data[i] >= 0x80 || strchr("aeiouy", word.data[i]))
            return false;
    }
    return true;
}

static sp_bytes
stem_of(sp_stem_cache *lexicon, sp_arena *arena, sp_bytes word)
{
    if (!lexicon->stemmer || !is_stemmable(word))
        return word;
    if (lexicon->english && is_plural_of_letters(word))
        return sp_bytes_slice(word, 0, word.len - 1);
    xc_bytes stem = xc_stemmer_stem(lexicon->stemmer, (xc_bytes){word.data, word.len});
    if (!stem.data) {
        arena->failed = true;
        return word;
    }
    sp_bytes bytes = {stem.data, stem.len};
    return stem.len == 0 || sp_bytes_equal(bytes, word) ? word : sp_arena_copy(arena, bytes);
}

static const struct sp_stem_cache_entry *
make_entry(sp_stem_cache *lexicon, sp_arena *arena, sp_bytes word)
{
    struct sp_stem_cache_entry *entry = sp_arena_alloc(arena, sizeof *entry);
    sp_bytes copy = sp_arena_copy(arena, word);
    sp_bytes stem = stem_of(lexicon, arena, copy);
    if (sp_arena_check(arena, NULL) != SP_OK)
        return NULL;
    *entry = (struct sp_stem_cache_entry){sp_stem_hash(stem), copy, stem};
    return entry;
}

/* The slot that holds the word or is free for it; NULL when neither is near. */
static struct slot *
find_slot(struct slot *slots, size_t count, uint32_t key, sp_bytes word)
{
    for (size_t i = 0; i < PROBES_MAX; i++) {
        struct slot *slot = &slots[(key + i) & (count - 1)];
        if (!slot->entry || (slot->key == key && sp_bytes_equal(slot->entry->word, word)))
            return slot;
    }
    return NULL;
}

/* Twice the slots. A word that finds none in the new table is forgotten, its entry stays valid;
   without memory the table stays as it is. */
static void
grow(sp_stem_cache *lexicon)
{
    size_t count = lexicon->slot_count * 2;
    struct slot *slots = calloc(count, sizeof *slots);
    if (!slots)
        return;
    for (size_t i = 0; i < lexicon->slot_count; i++) {
        struct slot *old = &lexicon->slots[i];
        struct slot *slot = old->entry ? find_slot(slots, count, old->key, old->entry->word) : NULL;
        if (slot)
            *slot = *old;
    }
    free(lexicon->slots);
    lexicon->slots = slots;
    lexicon->slot_count = count;
}

const struct sp_stem_cache_entry *
sp_stem_cache_look_up(sp_stem_cache *lexicon, sp_bytes word)
{
    uint32_t key = fnv_1a(word);
    struct slot *slot = find_slot(lexicon->slots, lexicon->slot_count, key, word);
    if (slot && slot->entry)
        return slot->entry;
    if (!slot || lexicon->word_count >= WORDS_MAX)
        return make_entry(lexicon, &lexicon->rest, word);
    const struct sp_stem_cache_entry *entry = make_entry(lexicon, &lexicon->words, word);
    if (!entry)
        return NULL;
    *slot = (struct slot){key, entry};
    if (++lexicon->word_count * 2 > lexicon->slot_count)
        grow(lexicon);
    return entry;
}
