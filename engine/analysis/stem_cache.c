// SPDX-License-Identifier: GPL-2.0-or-later
#include "stem_cache.h"

#include "engine/base/table.h"
#include "stop_words.h"

#include <signpost/arena.h>

#include <pthread.h>
#include <stdlib.h>
#include <xapian-c.h>

/* The most words in the cache, which then takes about 8 MB. A site has fewer words; the limit is
   for texts that an attacker made to fill the memory. */
#define WORDS_MAX ((size_t)64 * 1024)
#define CAPACITY_FIRST ((size_t)512)

/* The most slots that a search for a word looks at, even if an attacker made words that collide. */
#define PROBES_MAX 32

struct sp_stem_cache {
    xc_stemmer *stemmer; /* NULL: none */
    bool english;
    sp_bytes language;             /* in `lasting` */
    const struct stop_stems *stop; /* NULL: the language has no stop words */
    sp_arena lasting;
    const struct sp_stem_cache_entry **entries; /* items of the table; allocated from `words` */
    size_t count, capacity;
    sp_table table; /* keyed by the word's hash */
    sp_arena words;
    sp_arena overflow; /* entries of the current text that found no slot */
};

void
sp_stem_cache_free(sp_stem_cache *cache)
{
    if (!cache)
        return;
    xc_stemmer_free(cache->stemmer);
    sp_arena_done(&cache->lasting);
    sp_arena_done(&cache->words);
    sp_arena_done(&cache->overflow);
    sp_table_done(&cache->table);
    free(cache->entries);
    free(cache);
}

/* Makes room for twice as many words, up to WORDS_MAX. Entries stay valid, but the table may lose
   some of them (sp_table_reserve). If memory is out, the cache is unchanged. */
static void
grow(sp_stem_cache *cache)
{
    size_t capacity = cache->capacity > 0 ? cache->capacity * 2 : CAPACITY_FIRST;
    if (capacity > WORDS_MAX)
        return;
    void *entries = realloc(cache->entries, capacity * sizeof *cache->entries);
    if (!entries)
        return;
    cache->entries = entries;
    if (sp_table_reserve(&cache->table, capacity))
        cache->capacity = capacity;
}

void
sp_stem_cache_begin(sp_stem_cache *cache)
{
    sp_arena_clear(&cache->overflow);
    if (cache->count < WORDS_MAX && !cache->words.failed)
        return;
    sp_table_clear(&cache->table);
    sp_arena_clear(&cache->words);
    cache->count = 0;
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

/* Snowball cannot stem numbers and names with symbols. */
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

/* `PhDs`, `CVs`, `CTFs`: Snowball's English stemmer does not remove the plural s of a word without
   vowels. */
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

/* The stem as Snowball makes it. */
static sp_bytes
snowball_stem(sp_stem_cache *cache, sp_arena *arena, sp_bytes word)
{
    if (!cache->stemmer || !is_stemmable(word))
        return word;
    if (cache->english && is_plural_of_letters(word))
        return sp_bytes_slice(word, 0, word.len - 1);
    xc_bytes stem = xc_stemmer_stem(cache->stemmer, (xc_bytes){word.data, word.len});
    if (!stem.data) {
        sp_arena_fail(arena);
        return word;
    }
    sp_bytes bytes = {stem.data, stem.len};
    return stem.len == 0 || sp_bytes_equal(bytes, word) ? word : sp_arena_copy(arena, bytes);
}

static int
compare_stems(const void *a, const void *b)
{
    return sp_bytes_compare(*(const sp_bytes *)a, *(const sp_bytes *)b);
}

/* The stems of the stop words of one language, which all caches share: to stem 150 words takes
   longer than to answer a query. The mutex guards the list; its items are constant once they are in
   it, and last as long as the process. */
struct stop_stems {
    struct stop_stems *next;
    const char *const *words; /* the stop words, which tell the languages apart */
    sp_bytes *stems;          /* ascending */
    size_t count;
    uint32_t lengths[256]; /* by first byte: the lengths of the stems, as bits. Most stems of other
                              words do not fit, and are not searched for */
    sp_arena arena;
};

#define LENGTH_MAX 31u

static uint32_t
length_bit(sp_bytes stem)
{
    return UINT32_C(1) << (stem.len < LENGTH_MAX ? stem.len : LENGTH_MAX);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct stop_stems *shared;

static void
free_stop_stems(struct stop_stems *list)
{
    if (list)
        sp_arena_done(&list->arena);
    free(list);
}

/* NULL when out of memory. */
static struct stop_stems *
make_stop_stems(sp_stem_cache *cache, sp_stop_words words)
{
    struct stop_stems *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->words = words.items;
    made->count = words.count;
    made->stems = sp_arena_array(&made->arena, words.count, sizeof *made->stems);
    for (size_t i = 0; made->stems && i < words.count; i++)
        made->stems[i] = snowball_stem(cache, &made->arena, sp_bytes_of(words.items[i]));
    if (made->arena.failed) {
        free_stop_stems(made);
        return NULL;
    }
    for (size_t i = 0; i < words.count; i++)
        made->lengths[(unsigned char)made->stems[i].data[0]] |= length_bit(made->stems[i]);
    qsort(made->stems, words.count, sizeof *made->stems, compare_stems);
    return made;
}

static enum sp_status
find_stop_stems(sp_stem_cache *cache, sp_error *err)
{
    sp_stop_words words = sp_stop_words_of(cache->language);
    if (words.count == 0)
        return SP_OK;
    pthread_mutex_lock(&mutex);
    struct stop_stems *found = shared;
    while (found && found->words != words.items)
        found = found->next;
    if (!found) {
        found = make_stop_stems(cache, words);
        if (found) {
            found->next = shared;
            shared = found;
        }
    }
    pthread_mutex_unlock(&mutex);
    if (!found)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    cache->stop = found;
    return SP_OK;
}

enum sp_status
sp_stem_cache_new(const char *stemmer, sp_bytes language, sp_stem_cache **out, sp_error *err)
{
    sp_stem_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    cache->english = stemmer && strcmp(stemmer, "english") == 0;
    cache->language = sp_arena_copy(&cache->lasting, language);
    cache->table.probes_max = PROBES_MAX;
    grow(cache);
    enum sp_status status =
        cache->capacity > 0 ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
    xc_error problem;
    if (status == SP_OK && stemmer && xc_stemmer_new(stemmer, &cache->stemmer, &problem) != XC_OK) {
        status = problem.status == XC_NO_MEMORY ? SP_NO_MEMORY : SP_INTERNAL;
        sp_fail(err, status, "stemmer '%s': %s", stemmer, problem.text);
    }
    if (status == SP_OK)
        status = sp_arena_check(&cache->lasting, err);
    if (status == SP_OK)
        status = find_stop_stems(cache, err);
    if (status != SP_OK) {
        sp_stem_cache_free(cache);
        return status;
    }
    *out = cache;
    return SP_OK;
}

static bool
is_stop_stem(const sp_stem_cache *cache, sp_bytes stem)
{
    const struct stop_stems *stop = cache->stop;
    if (!stop || stem.len == 0 ||
        (stop->lengths[(unsigned char)stem.data[0]] & length_bit(stem)) == 0)
        return false;
    return bsearch(&stem, stop->stems, stop->count, sizeof *stop->stems, compare_stems) != NULL;
}

static sp_bytes
stem_of(sp_stem_cache *cache, sp_arena *arena, sp_bytes word)
{
    sp_bytes stem = snowball_stem(cache, arena, word);
    if (!is_stop_stem(cache, stem) || sp_is_stop_word(cache->language, word))
        return stem;
    SP_AUTO(sp_str_done) sp_str own = {0};
    sp_str_append(&own, stem);
    sp_str_append_text(&own, SP_OWN_STEM_MARK);
    return sp_arena_copy_str(arena, &own);
}

static const struct sp_stem_cache_entry *
make_entry(sp_stem_cache *cache, sp_arena *arena, sp_bytes word)
{
    struct sp_stem_cache_entry *entry = sp_arena_alloc(arena, sizeof *entry);
    sp_bytes copy = sp_arena_copy(arena, word);
    sp_bytes stem = stem_of(cache, arena, copy);
    if (sp_arena_check(arena, NULL) != SP_OK)
        return NULL;
    *entry = (struct sp_stem_cache_entry){sp_stem_hash(stem), copy, stem};
    return entry;
}

static bool
is_word(const void *items, uint32_t item, const void *key)
{
    const struct sp_stem_cache_entry *const *entries = items;
    return sp_bytes_equal(entries[item]->word, *(const sp_bytes *)key);
}

const struct sp_stem_cache_entry *
sp_stem_cache_look_up(sp_stem_cache *cache, sp_bytes word)
{
    uint32_t hash = fnv_1a(word);
    sp_table_slot *slot = sp_table_find(&cache->table, hash, is_word, cache->entries, &word);
    if (sp_table_has_item(slot))
        return cache->entries[sp_table_item(slot)];
    if (!slot || cache->count == cache->capacity)
        return make_entry(cache, &cache->overflow, word);
    const struct sp_stem_cache_entry *entry = make_entry(cache, &cache->words, word);
    if (!entry)
        return NULL;
    sp_table_fill(&cache->table, slot, hash, (uint32_t)cache->count);
    cache->entries[cache->count++] = entry;
    if (cache->count == cache->capacity)
        grow(cache);
    return entry;
}
