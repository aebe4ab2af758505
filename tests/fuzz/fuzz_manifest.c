// SPDX-License-Identifier: GPL-2.0-or-later
/* The manifest of the last run. The input is its entries; the target adds the checksum, which would
   otherwise refuse every input. Without a change, what is read is written back as it was read. */
#include "fuzz.h"

#include "indexer/store/manifest.h"

#include <xxhash.h>

static void
add_checksum(sp_str *text)
{
    sp_str_append_format(text, "check %016llx",
                         (unsigned long long)XXH64(text->data, text->len, 0));
    sp_str_append_char(text, '\0');
}

static void
check_file(const sp_manifest_file *a, const sp_manifest_file *b)
{
    PROMISE(sp_bytes_equal(a->id, b->id) && sp_bytes_equal(a->urls, b->urls));
    PROMISE(a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns);
    PROMISE(a->inode == b->inode && a->listing == b->listing && a->hash == b->hash);
    PROMISE(a->outcome == b->outcome && a->due == b->due);
}

static void
check_again(const sp_manifest *manifest)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    SP_AUTO(sp_manifest_done) sp_manifest again = {0};
    sp_manifest_print(manifest, &text);
    MUST(sp_manifest_parse(sp_str_bytes(&text), manifest->revision, &again, NULL));
    PROMISE(sp_bytes_equal(again.revision, manifest->revision));
    PROMISE(sp_bytes_equal(again.generator, manifest->generator));
    PROMISE(again.began_ns == manifest->began_ns && again.full_bytes == manifest->full_bytes);
    PROMISE(again.unsettled == manifest->unsettled && again.site_count == manifest->site_count);
    for (size_t i = 0; i < manifest->site_count; i++)
        PROMISE(again.settings[i] == manifest->settings[i]);
    PROMISE(again.count == manifest->count);
    for (size_t i = 0; i < manifest->count; i++)
        check_file(&again.files[i], &manifest->files[i]);
}

static void
check_refused(sp_bytes text, sp_bytes revision)
{
    sp_manifest refused;
    MUST(sp_manifest_parse(text, revision, &refused, NULL));
    PROMISE(refused.count == 0 && refused.revision.len == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    SP_AUTO(sp_manifest_done) sp_manifest manifest = {0};
    sp_str_append(&text, (sp_bytes){(const char *)data, size});
    add_checksum(&text);
    MUST(sp_manifest_parse(sp_str_bytes(&text), SP_LITERAL("r"), &manifest, NULL));
    PROMISE(manifest.revision.len == 0 || sp_bytes_equal(manifest.revision, SP_LITERAL("r")));
    check_refused(sp_bytes_slice(sp_str_bytes(&text), 0, text.len - 1), SP_LITERAL("r")); /* cut */
    if (manifest.revision.len > 0) {
        check_refused(sp_str_bytes(&text), SP_LITERAL("another"));
        check_again(&manifest);
    }
    return 0;
}
