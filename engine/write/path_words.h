// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a post's path, for search: `/2018/04/10/salary-talks.html` is about salary talks. */
#ifndef SIGNPOST_ENGINE_WRITE_PATH_WORDS_H
#define SIGNPOST_ENGINE_WRITE_PATH_WORDS_H

#include "postings.h"

#include <signpost/analyzer.h>
#include <signpost/record.h>

/* At most this many bytes of a URL are read. */
#define SP_PATH_WORDS_MAX 400

/* Appends the words of the URL's path, separated by blanks: its pieces between '/', '-', '_', '.',
   '+' and '~', without the file extension, pieces that begin with a digit (dates, ids), and
   percent-encoded pieces. */
void sp_path_words_append(sp_bytes url, sp_str *out);

/* Adds the stems of those words that the record's text does not have, with the weight SP_WDF_PATH.
   The words themselves are not added: spelling and suggestions would use them. */
enum sp_status sp_path_add_words(sp_postings *postings, sp_analyzer *analyzer,
                                 const sp_record *record, sp_error *err) SP_MUST_CHECK;

#endif
