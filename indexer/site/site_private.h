// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by the files of site.h only: the members of sp_site, and the functions that read settings
 * and apply them. The comment before each function names its file.
 */
#ifndef SIGNPOST_INDEXER_SITE_SITE_PRIVATE_H
#define SIGNPOST_INDEXER_SITE_SITE_PRIVATE_H

#include "engine/base/language.h"
#include "beneath.h"
#include "patterns.h"
#include "scan.h"
#include "zone.h"

#include <signpost/ranking.h>

/* The index of the collection that posts and drafts belong to. */
#define SP_POSTS 0

struct sp_collection {
    sp_bytes label;
    sp_bytes folder; /* "_recipes" */
    sp_bytes permalink;
    bool output;
};

/* The number of keys that can be in front matter and in `defaults` (defaults.c names them). */
#define SP_DEFAULT_KEYS 16

/* One entry of `defaults`. */
struct sp_default {
    sp_bytes path; /* "" applies everywhere */
    bool is_glob, has_type;
    size_t names; /* in a glob without `**`: the number of names in paths that it matches; else 0 */
    sp_bytes needle; /* of a glob: text that is in all paths that it matches */
    sp_bytes type;
    uint32_t keys;                          /* a bit for each of `values` that is not NULL */
    const sp_yaml *values[SP_DEFAULT_KEYS]; /* NULL: the entry does not have the key */
};

/* The entries of `defaults` that apply to one file, in the order of the settings. */
struct sp_default_list {
    struct sp_default_match {
        const struct sp_default *set;
        uint32_t keys; /* of the entry */
        bool better;   /* for a document: takes precedence over the entries before it */
    } * items;
    size_t count;
    bool is_document;
    bool is_costly; /* comparing the globs with the path takes too long, and was not finished */
};

struct sp_list {
    sp_bytes *items;
    size_t count;
};

struct sp_site {
    sp_arena arena;
    sp_bytes shown;    /* the folder as given, for messages; NUL-terminated */
    sp_bytes root;     /* `shown` joined with `source`; NUL-terminated */
    sp_beneath given;  /* the folder as given: settings, pins, judged queries */
    sp_beneath folder; /* the same, or the folder in it that `source` names: all other files */
    bool jekyll;
    bool drafts, future, unpublished;
    int64_t now;
    const atomic_bool *cancel; /* or NULL */
    uint64_t hash;             /* of the settings that sp_config_get has read, and of the options */
    const sp_yaml *config;
    sp_bytes title, url, baseurl, lang;
    char primary_lang[SP_LANGUAGE_MAX + 1]; /* of lang, in lower case */
    sp_bytes page_suffix; /* end of a page's URL after its name: "/", ":output_ext" or "" */
    sp_bytes collections_dir, destination;
    sp_zone zone;
    sp_ranking ranking;
    sp_patterns include, exclude;
    struct sp_list extensions;
    struct sp_collection *collections;
    size_t collection_count;
    struct sp_default *defaults;
    size_t default_count;
    sp_prefixes default_paths, default_globs; /* numbers of defaults, by the beginning of paths */
};

/* config.c: sets the members of site from site->config. path is for messages. */
enum sp_status sp_config_apply(sp_site *site, const char *path, sp_error *err) SP_MUST_CHECK;

/* config_ranking.c: sets site->ranking from `signpost: ranking:`, and checks the other settings of
   `signpost:`. SP_BAD_INPUT for an invalid name or value. */
enum sp_status sp_config_ranking(sp_site *site, const char *path, sp_error *err) SP_MUST_CHECK;

/* config.c: fails with SP_BAD_INPUT unless the path that a setting has is relative and has no `..`.
   node: the setting, or NULL. what: "a file" or "a folder"; path is that of the settings. */
enum sp_status sp_config_check_path(const sp_yaml *node, const char *name, const char *what,
                                    const char *path, sp_error *err) SP_MUST_CHECK;

/* file_stat.c: copies the results of stat. */
void sp_source_set_stat(sp_source *source, const struct stat *about);

/* config_hash.c: returns the value of a setting, or NULL. Adds the key and its value to site->hash,
   so that the next run reads all files again if the setting has changed. */
const sp_yaml *sp_config_get(sp_site *site, const char *key);

/* config_hash.c: like sp_config_get, but adds nothing to site->hash. This is for settings that
   select files (each run scans for files), that the run itself compares (the title), or that an
   option can override (sp_config_hash_options hashes them). */
const sp_yaml *sp_config_get_unhashed(const sp_site *site, const char *key);

/* config_hash.c: adds to site->hash the time zone, and all options except `now`, each combined with
   the setting of the same name. */
void sp_config_hash_options(sp_site *site);

/* config.c: returns the tag as written, "en-GB" for "en_GB", and "" if lang is not a language tag.
   The memory comes from arena. */
sp_bytes sp_lang_tag(sp_arena *arena, sp_bytes lang);

/* page_terms.c: returns text as valid UTF-8 on one line. Each run of white space becomes one space;
   white space at the ends is removed. */
sp_bytes sp_one_line(sp_arena *arena, sp_bytes text);

/* site.c: returns folder and name joined by a slash; either may be empty. The memory comes from
   arena. */
sp_bytes sp_join_path(sp_arena *arena, sp_bytes folder, sp_bytes name);

/* defaults.c: returns a document's path as Jekyll sees it, without collections_dir. */
sp_bytes sp_document_path(const sp_site *site, const sp_source *source);

/* defaults.c: reads the setting. SP_BAD_INPUT for a value that is too long. */
enum sp_status sp_defaults_read(sp_site *site, const char *path, sp_error *err) SP_MUST_CHECK;

/* defaults.c: returns the entries that apply to the file. The memory comes from arena. */
struct sp_default_list sp_defaults_of(const sp_site *site, const sp_source *source,
                                      sp_arena *arena);

/* defaults.c: returns the value of a key in the entries that apply to a file, or NULL. */
const sp_yaml *sp_defaults_find(const struct sp_default_list *list, const char *key);

#endif
