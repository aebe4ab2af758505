// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the files of the site library share: the inside of sp_site, and the settings that the
 * files of the site are measured by. Not for others.
 */
#ifndef SIGNPOST_INDEXER_SITE_SITE_PRIVATE_H
#define SIGNPOST_INDEXER_SITE_SITE_PRIVATE_H

#include "date.h"
#include "site.h"

#include <signpost/ranking.h>

/* The collection that posts and drafts belong to stands first. */
#define SP_POSTS 0

struct sp_collection {
    sp_bytes label;
    sp_bytes folder; /* "_recipes" */
    sp_bytes permalink;
    bool output;
};

/* One entry of `defaults`. */
struct sp_default {
    sp_bytes path; /* "" applies everywhere */
    bool is_glob, has_type;
    sp_bytes type;
    const sp_yaml *values;
};

struct sp_list {
    sp_bytes *items;
    size_t count;
};

struct sp_site {
    sp_arena arena;
    sp_bytes root; /* as given, NUL-terminated; with `source` behind it */
    sp_bytes real_root;
    int folder; /* open on root */
    bool jekyll;
    bool drafts, future, unpublished;
    int64_t now;
    uint64_t hash;
    const sp_yaml *config;
    sp_bytes title, url, baseurl, lang;
    sp_bytes page_suffix; /* what follows a page's name in its URL: "/", ":output_ext" or "" */
    sp_bytes collections_dir, destination;
    sp_zone zone;
    sp_ranking ranking;
    struct sp_list include, exclude, extensions;
    struct sp_collection *collections;
    size_t collection_count;
    struct sp_default *defaults;
    size_t default_count;
};

/* Fills everything of site that the settings decide; site->config is read. path is for messages. */
enum sp_status sp_config_apply(sp_site *site, const char *path, sp_error *err) SP_MUST_CHECK;

/* Fills site->ranking by `signpost: ranking:`, and refuses what is wrong there. */
enum sp_status sp_config_ranking(sp_site *site, const char *path, sp_error *err) SP_MUST_CHECK;

/* A hash of the settings and options, but `now`, that decide what a file becomes. */
uint64_t sp_config_hash(const sp_site *site);

/* "en_GB" to "en"; "" for what is no language. Memory from arena. */
sp_bytes sp_primary_lang(sp_arena *arena, sp_bytes lang);

/* Whether the name ends as markdown_ext says, in whatever case. */
bool sp_has_markdown_extension(const sp_site *site, sp_bytes name);

/* A path inside a folder: either may be empty. Memory from arena. */
sp_bytes sp_join_path(sp_arena *arena, sp_bytes folder, sp_bytes name);

/* A document's path as Jekyll sees it: without collections_dir. */
sp_bytes sp_document_path(const sp_site *site, const sp_source *source);

/* The value that `defaults` have for a file's key, or NULL. */
const sp_yaml *sp_defaults_find(const sp_site *site, const sp_source *source, const char *key);

#endif
