// SPDX-License-Identifier: GPL-2.0-or-later
/* The first byte of the input chooses: a file of pinned results, whose pins must be found again in
   the index's form; or that form itself, as a damaged index can have it. */
#include "fuzz.h"

#include "engine/query/pins.h"
#include "indexer/run/pins_file.h"

static sp_analyzer *
analyzer(void)
{
    static sp_analyzer *made;
    if (!made)
        MUST(sp_analyzer_new(SP_LITERAL("en"), &made, NULL));
    return made;
}

/* Looks up the pins of a query. Returns their number. */
static size_t
find(sp_bytes packed, sp_bytes text, sp_bytes target, bool *found)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_query query;
    sp_pinned pinned = {0};
    MUST(sp_query_read(analyzer(), text, &arena, &query, NULL));
    MUST(sp_pinned_find(packed, &query, &arena, &pinned, NULL));
    PROMISE(pinned.count <= SP_PINNED_MAX);
    *found = false;
    for (size_t i = 0; i < pinned.count; i++)
        *found = *found || sp_bytes_equal(pinned.targets[i], target);
    return pinned.count;
}

/* Whether the words of a pin's query are read as the same words again. A letter that becomes two
   letters can change that: "a&b" is a word, "a&bc" is not. */
static bool
is_read_again(sp_bytes query)
{
    SP_AUTO(sp_str_done) sp_str again = {0};
    sp_fold_append(&again, query);
    return sp_bytes_equal(sp_str_bytes(&again), query);
}

static void
check_file(sp_bytes content)
{
    SP_AUTO(sp_pins_done) sp_pins pins = {0};
    sp_error err = {0};
    if (content.len > SP_PINS_BYTES_MAX)
        return;
    if (sp_pins_add(&pins, "pins.tsv", content, SP_LITERAL("https://site.example"), &err) !=
        SP_OK) {
        PROMISE(err.status == SP_BAD_INPUT && err.line >= 1 && err.column >= 1);
        PROMISE(err.column <= content.len + 1);
        return;
    }
    MUST(sp_pins_pack(&pins, NULL));
    for (size_t i = 0; i < pins.count && i < 20; i++) {
        bool found;
        const sp_pin *pin = &pins.items[i];
        size_t count = find(sp_str_bytes(&pins.packed), pin->query, pin->target, &found);
        /* none: the words are an operator of the query language */
        PROMISE(count == 0 || found || !is_read_again(pin->query));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool found;
    sp_bytes rest = {(const char *)data, size};
    if (fuzz_byte(&rest) % 2)
        check_file(rest);
    else
        find(rest, SP_LITERAL("ai residency"), SP_LITERAL("/x/"), &found);
    return 0;
}
