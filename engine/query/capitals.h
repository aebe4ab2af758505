// SPDX-License-Identifier: GPL-2.0-or-later
/* Stop words in capitals, which are words of their own if the index has them. */
#ifndef SIGNPOST_ENGINE_QUERY_CAPITALS_H
#define SIGNPOST_ENGINE_QUERY_CAPITALS_H

#include <signpost/query.h>
#include <signpost/schema.h>

#include <xapian-c.h>

/* Makes the word in capitals of a word in small letters. */
void sp_query_word_put_in_capitals(sp_query_word *word, sp_arena *arena);

/* Makes stop words of those words in capitals that no document of the index has in capitals. */
enum sp_status sp_query_settle_capitals(sp_query *query, xc_reader *reader, sp_arena *arena,
                                        sp_error *err) SP_MUST_CHECK;

#endif
