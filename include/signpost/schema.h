// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The schema of the index, for the writer and the readers.
 *
 * An index is an ordinary Xapian database (libxapian 1.4, Glass), so `xapian-delve` and `quest`
 * work on it. It has one document for each post and one for each resource.
 *
 * Directory. `indexer -o DIR` writes a Xapian stub directory. DIR/XAPIANDB contains the one line
 * `auto gN`, and DIR/gN is the database of generation N. A run builds the next generation alongside
 * the old one and publishes it by renaming a new XAPIANDB over the old one. The run holds a lock on
 * DIR/lock.
 *
 * Terms. Prefixes are Xapian's conventional ones, and the analyzer folds all text. A term's wdf is
 * the sum of the weights of the fields that contain it (ranking.h), or 0.
 *
 *   term          wdf   positions  meaning
 *   word          sum   yes        a word or form of the text, except the prose that a resource
 *                                  inherits
 *   word          sum   no         a word of a post's tags and categories, of a resource's host,
 *                                  and of the titles of the posts that mention a resource
 *   Zstem         sum   no         the stem of a word or form: what ranking uses
 *   Sword         0     from 1     a word of the title (post) or name (resource)
 *   ZSstem        0     no         its stem
 *   XUword        0     as word    a word of a heading or label
 *   ZXUstem       0     no         its stem
 *   Ktag          0     no         a tag, folded as a whole: "machine learning"; of a resource,
 *                                  the tags of the posts that mention it
 *   XCname        0     no         a category, likewise
 *   XEtext        0     no         the title or name, folded as a whole: a query of exactly these
 *                                  words puts the document first
 *   XKkind        0     no         the kind: XKpost or XKresource
 *   Llang         0     no         the language: the whole tag in lower case, and its primary tag;
 *                                  of a resource, the site's if a mention has it
 *   Hhost         0     no         resource: the host of its URL, and each parent domain that
 *                                  contains a dot ("research.fb.com", "fb.com"); a host that IDNA
 *                                  encodes also in its own script
 *   XMurl         0     no         post: it mentions the resource with this canonical URL
 *   XRlisted      0     no         resource: at least one mention begins a list item
 *   XR2 to XR16   0     no         resource: at least 2, 4, 8 or 16 posts mention it
 *   XGtext        0     no         a completion for suggestions (engine/index/completion.h)
 *   XAkey\tother  0     no         post: it explains an acronym: "ats\tapplicant tracking system"
 *                                  and the reverse, both folded
 *   XF            *     no         resource: filler that no query contains; * SP_LENGTH_RESOURCE
 *   Qid           0     no         unique: "Qp" and the path of a post, or "Qr" and the canonical
 *                                  URL of a resource
 *   Uurl          0     no         sp_target_of the document's URL, which pins refer to; two
 *                                  documents can have the same
 *
 * A document whose language is not the site's has the stems of both languages, in fields and tags
 * too, because queries are stemmed in the site's language. A term longer than SP_TERM_MAX bytes
 * keeps its first bytes and ends in '~' and a hash of the whole term.
 *
 * The length of a document is the sum of its wdf, to which each word contributes twice, as word and
 * as stem. That scales all lengths alike, and BM25 uses only their ratio to the mean. A resource
 * inherits, without positions, the prose near its links and the words of the titles, tags and
 * categories of their posts. The words of a post's path that its text does not have are stems only.
 *
 * Value slots:
 *
 *   0  the date, "YYYYMMDD", or empty: for filters, and for sorting newest first
 *   1  99999999 minus the date of slot 0 read as a number, so that descending order sorts oldest
 *      first; here too documents without a date come last
 *   2  a digest of the document, by which a run recognises that it has not changed
 *   3  what facets count: kind, language, year, tags and categories as readers see them, separated
 *      by SP_FACET_GAP; several tags or categories are separated by SP_FACET_COMMA
 *   4  the same number as in slot 1, then "p" (post) or "r" (resource), then the id as in the term
 *      Q: newest first and unique. It orders documents that are otherwise equal, so that answers
 *      do not depend on document ids
 *   5  the packed record (record.h). Xapian's document data would also hold it, but Glass deflates
 *      document data. A record is already compressed, so deflating it gained nothing and took a
 *      seventh of the time of a full build
 *   6  one byte: how many different stems the title has, without stop words (but with those in
 *      capitals) if it has other words, or twice that number for the name of a resource; 255 if
 *      there are more. Missing if it has none
 *
 * Metadata:
 *
 *   signpost.schema      SP_SCHEMA_VERSION. A reader refuses an index of another version, so it
 *                        needs no configuration and guesses nothing
 *   signpost.generator   the version of the indexer
 *   signpost.revision    changes when the index changes
 *   signpost.documents   the sum of the digests of all documents, from which the revision is made
 *   signpost.language    the default language of queries
 *   signpost.base_url    the site's `url`
 *   signpost.title       the site's title
 *   signpost.ranking     the ranking settings (sp_ranking)
 *   signpost.synonyms    the synonym rules, see below
 *   signpost.acronyms    "1" if queries use the acronyms that posts explain; else missing
 *   signpost.pins        the results that the site pins: "\n", then a line for each folded query,
 *                        "QUERY\tTARGET\tTARGET\n"; targets are terms U without the prefix
 *   signpost.vectors*    the semantic layer (engine/semantic/vectors.h); optional
 *
 * A synonym rule is a line that ends in '\n'. Its sides are folded (sp_fold_append), have at most
 * SP_SYNONYM_WORDS_MAX words each, and are separated by tabs. In a group
 * ("cv\tresume\tcurriculum vitae") each side is a synonym of all others. If one of the sides is
 * SP_SYNONYMS_ARROW ("pi\t=>\tprincipal investigator"), a query that contains a side to the left
 * of the arrow also finds each side to the right of it, but not the reverse. Without rules the
 * entry is missing.
 */
#ifndef SIGNPOST_SCHEMA_H
#define SIGNPOST_SCHEMA_H

#include <signpost/ranking.h>
#include <signpost/text.h>

#define SP_SCHEMA_VERSION "11"

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
#define SP_PREFIX_ACRONYM "XA"
#define SP_PREFIX_POST "Qp"
#define SP_PREFIX_RESOURCE "Qr"
#define SP_PREFIX_URL "U"

#define SP_SLOT_DATE 0
#define SP_SLOT_AGE 1
#define SP_SLOT_DIGEST 2
#define SP_SLOT_FACETS 3
#define SP_SLOT_ORDER 4
#define SP_SLOT_RECORD 5
#define SP_SLOT_TITLE 6

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
#define SP_META_ACRONYMS "signpost.acronyms"
#define SP_META_PINS "signpost.pins"

#define SP_SYNONYMS_ARROW "=>" /* folding never makes this word */
#define SP_SYNONYM_WORDS_MAX 8

/* The most targets pinned for one query. */
#define SP_PINNED_MAX 100

/* Sets term to prefix and text, shortened to SP_TERM_MAX as described above. A text that contains a
   NUL gives an empty term, which callers omit. A term that has failed stays failed (text.h). */
void sp_term_make(sp_str *term, const char *prefix, sp_bytes text);

/* Returns the part of a URL that identifies a document: a site-relative URL without its anchor, or
   an absolute one without its scheme, "www." and trailing slashes. One without a host keeps its
   scheme, because the rest would look site-relative. Borrowed from url. */
sp_bytes sp_target_of(sp_bytes url);

#endif
