// SPDX-License-Identifier: GPL-2.0-or-later
/* The setting `defaults`: which entries apply to a file, and which of them wins. */
#include "glob.h"
#include "site_private.h"

static bool
is_document(const sp_source *source)
{
    return source->kind != SP_SOURCE_PAGE && source->kind != SP_SOURCE_PLAIN;
}

sp_bytes
sp_document_path(const sp_site *site, const sp_source *source)
{
    sp_bytes path = source->path, folder = site->collections_dir;
    if (is_document(source) && folder.len > 0 && sp_bytes_starts_with(path, folder) &&
        path.len > folder.len && path.data[folder.len] == '/')
        return sp_bytes_slice(path, folder.len + 1, path.len);
    return path;
}

static sp_bytes
type_of(const sp_site *site, const sp_source *source)
{
    if (!is_document(source))
        return SP_LITERAL("pages");
    return site->collections[source->kind == SP_SOURCE_DOCUMENT ? source->collection : SP_POSTS]
        .label;
}

/* Whether the glob matches the file or a folder above it. */
static bool
glob_applies(sp_bytes pattern, sp_bytes path)
{
    while (pattern.len > 0 && pattern.data[pattern.len - 1] == '/')
        pattern.len--;
    for (size_t end = 1; end <= path.len; end++) {
        if ((end == path.len || path.data[end] == '/') &&
            sp_glob_match_path(pattern, sp_bytes_slice(path, 0, end)))
            return true;
    }
    return false;
}

static bool
path_applies(const sp_site *site, const struct sp_default *set, const sp_source *source)
{
    sp_bytes scope = set->path, folder = site->collections_dir;
    if (scope.len == 0)
        return true;
    if (set->is_glob)
        return glob_applies(scope, source->path);
    if (folder.len > 0 && sp_bytes_starts_with(scope, folder) && scope.len > folder.len &&
        scope.data[folder.len] == '/')
        scope = sp_bytes_slice(scope, folder.len + 1, scope.len);
    return sp_bytes_starts_with(sp_document_path(site, source), scope);
}

static size_t
precision(const struct sp_default *set)
{
    return set->path.len - (set->path.len > 0 && set->path.data[0] == '/');
}

/* Of two entries, the one with the longer path wins; of equal paths, the one with a type; else the
   later one. */
static bool
wins(const struct sp_default *set, const struct sp_default *old)
{
    if (!old)
        return true;
    if (precision(set) != precision(old))
        return precision(set) > precision(old);
    return set->has_type || !old->has_type;
}

/* For documents, Jekyll merges whole entries, so an entry without the key, too, takes precedence
   over later entries with shorter paths. For pages, Jekyll looks only at the entries that have the
   key. */
const sp_yaml *
sp_defaults_find(const sp_site *site, const sp_source *source, const char *key)
{
    const sp_yaml *value = NULL;
    const struct sp_default *old = NULL;
    sp_bytes type = type_of(site, source);
    for (size_t i = 0; i < site->default_count; i++) {
        const struct sp_default *set = &site->defaults[i];
        if ((set->has_type && !sp_bytes_equal(set->type, type)) || !path_applies(site, set, source))
            continue;
        const sp_yaml *found = sp_yaml_get(set->values, key);
        if (!is_document(source) && !found)
            continue;
        bool better = wins(set, old);
        if (better)
            old = set;
        if (found && (better ? !sp_yaml_is_null(found) : sp_yaml_is_null(value)))
            value = found;
    }
    return value;
}
