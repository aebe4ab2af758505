// SPDX-License-Identifier: GPL-2.0-or-later
/* The values of a document that dates are compared by, and by which documents are ordered. */
#ifndef SIGNPOST_ENGINE_WRITE_DOCUMENT_DATES_H
#define SIGNPOST_ENGINE_WRITE_DOCUMENT_DATES_H

#include "postings.h"

#include <signpost/record.h>

/* unique: the id of the document, as in its term Q. Failures are in `postings`. */
void sp_document_add_dates(sp_postings *postings, const sp_record *record, sp_bytes unique);

#endif
