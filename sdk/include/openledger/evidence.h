/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_EVIDENCE_H
#define OPENLEDGER_EVIDENCE_H

/*
 * Evidence of an attribution receipt: which passages of an answer a committed corpus has, how often, whose came first,
 * that none was left out, and what each is worth (docs/attribution.md, sections 1, 2 and 6).
 *
 * Verifying allocates nothing, in one pass over at most OL_EVIDENCE_BYTES, in memory that the caller gives.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_EVIDENCE_BYTES (256u << 10) /* of one piece of evidence */
#define OL_EVIDENCE_RESPONSE 65536     /* bytes of an answer */
#define OL_EVIDENCE_SPANS 256
#define OL_EVIDENCE_WORDS 1024
#define OL_EVIDENCE_LEAVES 2048
#define OL_EVIDENCE_CHUNKS 512
#define OL_EVIDENCE_DOCUMENTS 512
#define OL_SPLIT_ROWS 1024 /* of one receipt */

#define OL_ATTRIBUTION_POLICY_BYTES 76
#define OL_CORPUS_HEADER_BYTES 160

/* Why something was rejected (docs/attribution.md, section 9). The numbers are stable; 0 is nothing. */
typedef enum ol_attribution_reason {
  OL_REASON_NONE = 0,
  OL_REASON_FORMAT = 1,
  OL_REASON_VERSION = 2,
  OL_REASON_FLAGS = 3,
  OL_REASON_SIGNATURE = 4,
  OL_REASON_SIGNER_UNREGISTERED = 5,
  OL_REASON_SIGNER_REVOKED = 6,
  OL_REASON_REPLAYED_NONCE = 7,
  OL_REASON_WRONG_PAYER = 8,
  OL_REASON_WRONG_DOMAIN = 9,
  OL_REASON_REQUEST = 10,
  OL_REASON_RESPONSE = 11,
  OL_REASON_STREAM = 12,
  OL_REASON_POLICY = 13,
  OL_REASON_MODEL = 14,
  OL_REASON_ADAPTER = 15,
  OL_REASON_CORPUS_EPOCH = 16,
  OL_REASON_CORPUS_DISPUTED = 17,
  OL_REASON_PROOF_SHAPE = 18,
  OL_REASON_SUFFIX_ROOT = 19,
  OL_REASON_TEXT_ROOT = 20,
  OL_REASON_INDEX_RANGE = 21,
  OL_REASON_NOT_ADJACENT = 22,
  OL_REASON_ORDER = 23,
  OL_REASON_UNDECIDED = 24,
  OL_REASON_SPAN_BOUNDS = 25,
  OL_REASON_SPAN_LOWER = 26,
  OL_REASON_SPAN_UPPER = 27,
  OL_REASON_SPAN_DUPLICATE = 28,
  OL_REASON_NOT_LEFT_MAXIMAL = 29,
  OL_REASON_NOT_RIGHT_MAXIMAL = 30,
  OL_REASON_INCOMPLETE = 31,
  OL_REASON_OWNER = 32,
  OL_REASON_RANGE_MIN = 33,
  OL_REASON_INFLUENCE_RANGE = 34,
  OL_REASON_INFLUENCE_TABLE = 35,
  OL_REASON_WEIGHT = 36,
  OL_REASON_OVERFLOW = 37,
  OL_REASON_PHANTOM_CONTRIBUTOR = 38,
  OL_REASON_MISSING_CONTRIBUTOR = 39,
  OL_REASON_AMOUNT = 40,
  OL_REASON_POOL = 41,
  OL_REASON_TOTAL = 42,
  OL_REASON_SPLIT_ROOT = 43,
  OL_REASON_BATCH_INCLUSION = 44,
  OL_REASON_WITNESS_QUORUM = 45,
  OL_REASON_EQUIVOCATION = 46,
  OL_REASON_STATE = 47,
  OL_REASON_NOT_ANCHORED = 48,
  OL_REASON_DISPUTED = 49,
  OL_REASON_SLASHED = 50,
} ol_attribution_reason;

/* Returns: the name of a reason as the document has it, e.g. "not left-maximal"; "unknown" for a number that is none. */
OL_API const char *ol_attribution_reason_name(uint32_t reason);

typedef enum ol_owner_rule {
  OL_OWNER_EARLIEST = 0,
  OL_OWNER_OCCURRENCE = 1,
} ol_owner_rule;

typedef enum ol_clipping {
  OL_CLIP_CONTRIBUTOR = 0,
  OL_CLIP_DATANET = 1,
} ol_clipping;

/* How an answer is attributed and paid (section 1.4). */
typedef struct ol_attribution_policy {
  uint32_t owner_rule;   /* an ol_owner_rule */
  uint32_t clipping;     /* an ol_clipping */
  uint32_t min_span;     /* K: bytes */
  uint32_t max_count;    /* occurrences from which on a span earns nothing, less one */
  ol_u256 price_in;      /* per 1,000 tokens, in units of the pay token; at most 2^128 - 1 */
  ol_u256 price_out;     /* the same */
  uint32_t platform_bps; /* basis points of the fee, 10,000 with the three that follow */
  uint32_t model_bps;
  uint32_t stakers_bps;
  uint32_t contributors_bps;
  uint32_t influence_bps; /* of the contributors' pool: what influence decides on */
  ol_address sink;        /* gets dust, and pools that nobody earns */
} ol_attribution_policy;

/*
 * Reads and writes a policy. Returns: OL_ERR_ENCODING with the byte at fault; OL_ERR_ARGUMENT for one that cannot be
 * written, with the field's name.
 */
OL_API OL_CHECKED ol_status ol_attribution_policy_read(ol_error *error, ol_attribution_policy *out,
                                                       ol_slice bytes) OL_NONNULL_ARGS(1, 2);
OL_API OL_CHECKED ol_status ol_attribution_policy_write(ol_error *error,
                                                        uint8_t out[OL_ATTRIBUTION_POLICY_BYTES],
                                                        const ol_attribution_policy *policy) OL_NONNULL;
/* Out: policyId of a policy's bytes. */
OL_API void ol_attribution_policy_id(ol_hash *out,
                                     const uint8_t policy[OL_ATTRIBUTION_POLICY_BYTES]) OL_NONNULL;

/* What a corpus is committed to by (section 1.3). */
typedef struct ol_corpus_header {
  uint64_t n; /* bytes of T */
  ol_hash text_root;
  ol_hash suffix_root;
  ol_hash first_root;
  uint64_t i0; /* rank of the suffix at 0 */
  ol_hash document_root;
  uint64_t documents;
  uint64_t epoch;
} ol_corpus_header;

/* Reads and writes a header. Returns: OL_ERR_ENCODING with the byte at fault: n, i0 or documents out of range. */
OL_API OL_CHECKED ol_status ol_corpus_header_read(ol_error *error, ol_corpus_header *out,
                                                  const uint8_t bytes[OL_CORPUS_HEADER_BYTES]) OL_NONNULL;
OL_API void ol_corpus_header_write(uint8_t out[OL_CORPUS_HEADER_BYTES],
                                   const ol_corpus_header *header) OL_NONNULL;
/* Out: corpusId. */
OL_API void ol_corpus_id(ol_hash *out, const ol_corpus_header *header) OL_NONNULL;

/* A document of a corpus: the leaf that was opened. */
typedef struct ol_corpus_document {
  uint64_t index;
  ol_address contributor;
  uint64_t datanet;
  uint64_t start;  /* in T */
  uint64_t length; /* bytes, without the 0xFF behind it */
  ol_hash licence;
} ol_corpus_document;

#define OL_SPAN_WITHOUT_OWNER UINT32_MAX

/* A maximal span of the answer that was proven. */
typedef struct ol_attribution_span {
  uint32_t start; /* in the answer, bytes */
  uint32_t end;
  uint64_t count;    /* occurrences in the corpus */
  uint64_t position; /* of the earliest, where it is known; else 2^64 - 1 */
  uint32_t
      document; /* the earliest's, as an ordinal for ol_evidence_document; or OL_SPAN_WITHOUT_OWNER: it earns nothing */
  uint32_t rarity;   /* log2(n / count) with 8 fractional bits */
  uint32_t credited; /* bytes */
  uint64_t weight;   /* credited times rarity */
} ol_attribution_span;

/* What a contributor earned in a datanet. */
typedef struct ol_attribution_weight {
  ol_address contributor;
  uint64_t datanet;
  uint64_t weight;
} ol_attribution_weight;

/* Evidence that is being, or was, verified; it refers to the evidence, which must stay. */
typedef struct ol_evidence ol_evidence;

/* Returns: bytes that verifying takes, with any evidence: at most 256 KiB. */
OL_API size_t ol_evidence_size(void);

/*
 * Verifies the spans of a piece of evidence. In: the answer; memory of ol_evidence_size() bytes, at any alignment.
 * Out: what was proven, in that memory; the reason, which is written in any case: OL_REASON_NONE on OL_OK.
 * Returns: OL_ERR_LIMIT or OL_ERR_ENCODING with OL_REASON_FORMAT, VERSION or FLAGS; OL_ERR_PROOF with any other of the
 * evidence's reasons, 18 to 33; the error has the part ("span", "word", "leaf", "chunk", "document", ...) and its ordinal.
 * OL_ERR_MEMORY and, for a policy that cannot be written, OL_ERR_ARGUMENT, without a reason.
 */
OL_API OL_CHECKED ol_status ol_evidence_verify(ol_error *error, ol_evidence **out, uint32_t *out_reason,
                                               const ol_attribution_policy *policy, ol_slice evidence,
                                               ol_slice response, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 4, 7);

/* Out: the corpus that it speaks of; all zeros in evidence without spans. */
OL_API void ol_evidence_corpus(const ol_evidence *evidence, ol_corpus_header *out) OL_NONNULL;

/* Give what was proven, by ordinals from 0. Return: 1; 0 when there are not so many. */
OL_API OL_CHECKED int ol_evidence_span(const ol_evidence *evidence, ol_attribution_span *out,
                                       uint32_t ordinal) OL_NONNULL;
OL_API OL_CHECKED int ol_evidence_document(const ol_evidence *evidence, ol_corpus_document *out,
                                           uint32_t ordinal) OL_NONNULL;
/* Weights of spans that are not zero, sorted by contributor, then datanet. */
OL_API OL_CHECKED int ol_evidence_weight(const ol_evidence *evidence, ol_attribution_weight *out,
                                         uint32_t ordinal) OL_NONNULL;

/* Out: the parts behind the spans, as they lie in the evidence: gradient header and v, empty without; the split's rows. */
OL_API void ol_evidence_rest(const ol_evidence *evidence, ol_slice *out_gradient_header, ol_slice *out_vector,
                             ol_slice *out_rows) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
