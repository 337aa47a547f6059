/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_RULES_H
#define OL_ATTRIBUTION_RULES_H

/* What must hold of a corpus (docs/attribution.md, section 3), of leaves that are known to be the corpus's. */

#include "openledger/refutation.h"

#include "base/base.h"

#define OL_RULE_CHUNK_BYTES 128    /* bytes of a leaf of text */
#define OL_RULE_PREFIX_BYTES 32    /* bytes of a suffix in its leaf, the most */
#define OL_RULE_END UINT64_MAX     /* END: the Psi of the last suffix */
#define OL_RULE_NOWHERE UINT64_MAX /* a refutation's place, where it has none */
#define OL_RULE_DOCUMENT_BYTES 76

/* Returns: NULL when a payload has the form of its tree's leaves; else what is wrong. In: an index that is in the tree. */
const char *ol_rule_shape(const ol_corpus_header *header, const ol_opening *opening) OL_NONNULL;

/*
 * Looks for what is no UTF-8 in a part of a text. In: whether the part begins, and ends, where the text does; a part that
 * begins elsewhere may begin inside of a character. Returns: the offset of the first byte or character at fault; the
 * part's length when there is none.
 */
size_t ol_rule_utf8(ol_slice part, bool begins, bool ends);

#endif
