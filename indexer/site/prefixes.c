// SPDX-License-Identifier: GPL-2.0-or-later
#include "prefixes.h"

#include <sys/random.h>
#include <sys/types.h>

struct sp_prefix {
    sp_bytes text;
    uint32_t item_plus_1; /* the last one added */
};

/* A hash is a polynomial in a random base, modulo the prime 2^31 - 1 (Carter & Wegman, "Universal
   classes of hash functions", 1979): people who write settings cannot find texts with the same
   hash. The hashes of all prefixes of a text are computed in one pass. */
#define PRIME UINT32_C(2147483647)

static uint32_t
random_base(void)
{
    uint32_t base;
    if (getrandom(&base, sizeof base, GRND_NONBLOCK) != (ssize_t)sizeof base)
        base = UINT32_C(1540483477); /* the system has no random numbers */
    return base % (PRIME - 1) + 1;
}

static uint32_t
hash_byte(const sp_prefixes *prefixes, uint32_t hash, char byte)
{
    return (uint32_t)(((uint64_t)hash * prefixes->base + (unsigned char)byte + 1) % PRIME);
}

static uint32_t
hash_text(const sp_prefixes *prefixes, sp_bytes text)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < text.len; i++)
        hash = hash_byte(prefixes, hash, text.data[i]);
    return hash;
}

static bool
is_text(const void *items, uint32_t item, const void *key)
{
    return sp_bytes_equal(((const struct sp_prefix *)items)[item].text, *(const sp_bytes *)key);
}

void
sp_prefixes_done(sp_prefixes *prefixes)
{
    sp_table_done(&prefixes->table);
    free(prefixes->items);
    free(prefixes->next);
    *prefixes = (sp_prefixes){0};
}

/* Doubles an array until it has room for `needed` elements. */
static void *
grow(void *items, size_t *capacity, size_t needed, size_t size)
{
    size_t room = *capacity > 0 ? *capacity : 16;
    while (room < needed)
        room *= 2;
    if (items && room == *capacity)
        return items;
    void *grown = realloc(items, room * size);
    if (grown)
        *capacity = room;
    return grown;
}

static bool
make_room(sp_prefixes *prefixes, uint32_t item)
{
    struct sp_prefix *items =
        grow(prefixes->items, &prefixes->capacity, prefixes->count + 1, sizeof *items);
    if (items)
        prefixes->items = items;
    uint32_t *next = grow(prefixes->next, &prefixes->next_capacity, (size_t)item + 1, sizeof *next);
    if (next)
        prefixes->next = next;
    return items && next && sp_table_reserve(&prefixes->table, prefixes->count + 1);
}

bool
sp_prefixes_add(sp_prefixes *prefixes, sp_bytes text, uint32_t item)
{
    if (prefixes->base == 0)
        prefixes->base = random_base();
    uint32_t hash = hash_text(prefixes, text);
    if (!make_room(prefixes, item))
        return false;
    sp_table_slot *slot = sp_table_find(&prefixes->table, hash, is_text, prefixes->items, &text);
    if (!sp_table_has_item(slot)) {
        sp_table_fill(&prefixes->table, slot, hash, (uint32_t)prefixes->count);
        prefixes->items[prefixes->count++] = (struct sp_prefix){.text = text};
    }
    struct sp_prefix *prefix = &prefixes->items[sp_table_item(slot)];
    prefixes->next[item] = prefix->item_plus_1;
    prefix->item_plus_1 = item + 1;
    return true;
}

static const struct sp_prefix *
find(const sp_prefixes *prefixes, sp_bytes text, uint32_t hash)
{
    const sp_table_slot *slot =
        sp_table_find(&prefixes->table, hash, is_text, prefixes->items, &text);
    return sp_table_has_item(slot) ? &prefixes->items[sp_table_item(slot)] : NULL;
}

bool
sp_prefixes_has(const sp_prefixes *prefixes, sp_bytes text)
{
    return find(prefixes, text, hash_text(prefixes, text)) != NULL;
}

bool
sp_prefixes_find(const sp_prefixes *prefixes, sp_bytes text, uint32_t *item)
{
    const struct sp_prefix *prefix = find(prefixes, text, hash_text(prefixes, text));
    if (!prefix)
        return false;
    *item = prefix->item_plus_1 - 1;
    return true;
}

bool
sp_prefixes_next(const sp_prefixes *prefixes, sp_prefix_walk *walk, uint32_t *item)
{
    while (walk->item_plus_1 == 0 && walk->len <= walk->text.len && prefixes->count > 0) {
        if (walk->len > 0)
            walk->hash = hash_byte(prefixes, walk->hash, walk->text.data[walk->len - 1]);
        const struct sp_prefix *prefix =
            find(prefixes, sp_bytes_slice(walk->text, 0, walk->len++), walk->hash);
        walk->item_plus_1 = prefix ? prefix->item_plus_1 : 0;
    }
    if (walk->item_plus_1 == 0)
        return false;
    *item = walk->item_plus_1 - 1;
    walk->item_plus_1 = prefixes->next[*item];
    return true;
}
