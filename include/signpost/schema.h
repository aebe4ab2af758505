// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The index's schema, and the one place that writer and readers take it from.
 *
 * An index is an ordinary Xapian database (libxapian 1.4, Glass), so `xapian-delve` and `quest`
 * work on it. It has a document for each post and one for each resource.
 *
 * Directory: what `indexer -o DIR` writes is a Xapian stub directory: DIR/XAPIANDB holds the one
 * line `auto gN`, and DIR/gN is the database of generation N. A run builds the next generation
 * beside the old one and publishes it by renaming a new XAPIANDB over the old. DIR/lock is held by
 * the run.
 *
 * Terms, with Xapian's conventional prefixes; all text is folded by the analyzer:
 *
 *   word      every word and joined form, with its position. wdf: the weight of its field.
 *             Not of the prose that a resource inherits
 *   Zstem     the stem of every word and form, without positions; the same wdf. Ranking uses
 *             these. In another language than the site's also as the site's stems it
 *   Sword     words of the title (post) or name (resource), with positions from 1; wdf 0
 *   ZSstem    their stems; wdf 0
 *   Ktag      a tag, folded as a whole ("machine learning")
 *   XCname    a category, likewise
 *   Hhost     resource: host of its URL, and every parent domain ("research.fb.com", "fb.com")
 *   XKpost, XKresource    the kind
 *   Llang     language (primary tag), resource: of its mentions
 *   XUword    words of headings and labels, with their positions in the text; wdf 0
 *   ZXUstem   their stems; wdf 0
 *   XMurl     post: mentions the resource of this canonical URL
 *   XF        resource: filler, wdf SP_LENGTH_RESOURCE; never asked for
 *   XEtext    the title (post) or name (resource), folded as a whole: a query of just its words
 *             puts the document first
 *   XRlisted, XR2, XR4, XR8, XR16   resource: some mention leads a list item; so many mentions or
 *             more. Priors are made of them
 *   XGtext    a completion: how what is typed may go on (engine/completion.h)
 *   Qid       unique: "Qp" + path of a post, "Qr" + canonical URL of a resource
 *   Uurl      where it is: site-relative URL of a post, a resource's without scheme, "www." and
 *             last slashes (sp_target_of); what pins name. Two documents may share one
 *
 * Boolean terms (K XC H XK L XE XR XG XM Q U) have wdf 0. A term over SP_TERM_MAX bytes keeps
 * its first bytes and ends in '~' and a hash of the whole.
 *
 * A document's length is the sum of its wdf, each word counting twice (word and stem); that scales
 * all lengths alike and BM25 uses only their ratio to the mean.
 *
 * Fields and their wdf: enum sp_weight below. A resource inherits the prose of the sections
 * that mention it, and the words of their posts' titles, tags and categories, without positions.
 *
 * Value slots: 0  date, "YYYYMMDD", empty without one: filters, and sorts newest first
 *              1  99999999 less that number, so that descending order gives the oldest first and,
 * here too, what has no date last
 *
 *              2  hash of the record, by which a run knows a document that has not changed
 *              3  what facets count: kind, language, year, tags and categories, as readers see
 *                 them, between SP_FACET_GAP; tags, and categories, apart by SP_FACET_COMMA
 *
 *              4  99999999 less the date's number, "p" or "r", and the id as in Q: newest first,
 * and no two alike; ranks what is equal otherwise, so that an answer does not depend on document
 * ids
 *
 *              5  the packed record (record.h). Document data would do, but Glass deflates it, in
 * vain for what is packed, and that took a seventh of a full build
 *
 *
 * Metadata: "signpost.schema" (version), "signpost.generator" (the indexer's version),
 * "signpost.revision", "signpost.documents" (a sum over the digests of all documents, of which the
 * revision is made), "signpost.language" (default for queries), "signpost.base_url",
 * "signpost.title" of the site, "signpost.ranking" (see sp_ranking), "signpost.synonyms",
 * "signpost.pins" (results that the site pins: "\n", then for each folded query
 * "QUERY\tTARGET\tTARGET\n"; see U), "signpost.vectors" and keys that begin so (see
 * engine/vectors.h; an index without them has no semantic layer). A reader refuses an index of
 * another schema version: readers need no configuration and guess nothing.
 *
 * Synonyms are text, a line for each rule, that ends in '\n'; its sides are folded
 * (sp_fold_append), apart by tabs. A side is at most SP_SYNONYM_WORDS_MAX words. Of a group
 * ("cv\tresume\tcurriculum vitae") each says the others; with SP_SYNONYMS_ARROW among them
 * ("pi\t=>\tprincipal investigator") each on its left says each on its right, and not the other way
 * round. No entry where there are none.
 */
#ifndef SIGNPOST_SCHEMA_H
#define SIGNPOST_SCHEMA_H

#include <signpost/ranking.h>
#include <signpost/text.h>

#define SP_SCHEMA_VERSION "8"

#define SP_TERM_MAX 200

#define SP_PREFIX_STEM "Z"
#define SP_PREFIX_TITLE "S"
#define SP_PREFIX_TITLE_STEM "ZS"
#define SP_PREFIX_TAG "K"
#define SP_PREFIX_CATEGORY "XC"
#define SP_PREFIX_HOST "H"
#define SP_PREFIX_KIND "XK"
#define SP_PREFIX_LANG "L"
#define SP_PREFIX_MENTION "XM"
#define SP_PREFIX_UNDER "XU"
#define SP_PREFIX_UNDER_STEM "ZXU"
#define SP_TERM_FILLER "XF"
#define SP_PREFIX_WHOLE_TITLE "XE"
#define SP_PREFIX_PRIOR "XR"
#define SP_PREFIX_COMPLETION "XG"
#define SP_PREFIX_POST "Qp"
#define SP_PREFIX_RESOURCE "Qr"
#define SP_PREFIX_URL "U"

#define SP_SLOT_DATE 0
#define SP_SLOT_AGE 1
#define SP_SLOT_DIGEST 2
#define SP_SLOT_FACETS 3
#define SP_SLOT_ORDER 4
#define SP_SLOT_RECORD 5

#define SP_FACET_GAP '\x1e'
#define SP_FACET_COMMA '\x1f'

#define SP_META_SCHEMA "signpost.schema"
#define SP_META_REVISION "signpost.revision"
#define SP_META_DOCUMENTS "signpost.documents"
#define SP_META_GENERATOR "signpost.generator"
#define SP_META_LANGUAGE "signpost.language"
#define SP_META_BASE_URL "signpost.base_url"
#define SP_META_TITLE "signpost.title"
#define SP_META_RANKING "signpost.ranking"
#define SP_META_VECTORS "signpost.vectors"
#define SP_META_SYNONYMS "signpost.synonyms"

#define SP_SYNONYMS_ARROW "=>" /* no word is folded to it */
#define SP_SYNONYM_WORDS_MAX 8
#define SP_META_PINS "signpost.pins"

/* Targets that one query may have pinned. */
#define SP_PINNED_MAX 100

#define SP_STUB_FILE "XAPIANDB"

/* Replaces what term holds by prefix and text, shortened as said above. A text with a NUL gives an
   empty term, which callers leave out. */
void sp_term_make(sp_str *term, const char *prefix, sp_bytes text);

/* The part of a URL by which documents are told: a page's without its anchor, a resource's without
   scheme, "www." and last slashes. Borrowed from url. */
sp_bytes sp_target_of(sp_bytes url);

#endif
