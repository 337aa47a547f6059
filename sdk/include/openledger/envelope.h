/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_ENVELOPE_H
#define OPENLEDGER_ENVELOPE_H

/*
 * The unsafe head: blocks as the sequencer gossips them, before they are on L1 (OP Stack specification, "Rollup
 * node P2P", topic blocks). A message is a signature by the sequencer and an execution payload in SSZ:
 *
 *     version  topic                            forks                    signature (65), then
 *     1        /optimism/CHAIN_ID/0/blocks      Bedrock, Regolith        payload
 *     2        /optimism/CHAIN_ID/1/blocks      Canyon, Delta            payload
 *     3        /optimism/CHAIN_ID/2/blocks      Ecotone to Holocene      parent beacon block root (32), payload
 *     4        /optimism/CHAIN_ID/3/blocks      Isthmus, Jovian          parent beacon block root (32), payload
 *
 * A message does not say which version it is, and the version is not signed: whoever brings the message knows it
 * from the topic. Nor does it say whether it is compressed: on the topic it always is (snappy, block format), and
 * ol_envelope_unpack makes of it what all other calls take.
 *
 * What is verified is that the sequencer said so, and that the block hash covers the payload. That the block is
 * executed rightly, and that it will be the chain's, only L1 shows.
 */

#include "openledger/header.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_ENVELOPE_VERSIONS 4
#define OL_ENVELOPE_SIGNATURE 65    /* bytes: r, s, and the parity of y, 0 or 1 */
#define OL_ENVELOPE_MAX (10u << 20) /* bytes of a message, as it is gossiped and decompressed */

/* Seconds by which a block may be older than now when its message arrives, and by which it may be ahead. */
#define OL_ENVELOPE_PAST 60
#define OL_ENVELOPE_FUTURE 5

/* Whose messages are accepted. */
typedef struct ol_envelope_rules {
  uint64_t chain_id;
  ol_address signer; /* SystemConfig's unsafeBlockSigner, which L1 can prove */
  uint64_t now_s;    /* Unix time in seconds; a block far from it is refused */
  uint32_t any_time; /* 1 to leave the time out: for messages that were kept */
} ol_envelope_rules;

/* A message, taken apart. The slices are inside of it. */
typedef struct ol_envelope {
  ol_slice message;      /* all of it, decompressed */
  ol_slice transactions; /* as SSZ has them: ol_envelope_transaction takes one out */
  uint32_t transaction_count;
  uint32_t version;
  ol_hash payload_hash; /* keccak-256 of what follows the signature: what is signed, with the chain id */
  ol_hash hash;         /* of the block: the payload's claim, and once verified the header's hash */
  ol_header header;     /* transactions_root is zero as long as nothing is verified */
  uint64_t chain_id;    /* zero as long as nothing is verified */
  ol_address signer;    /* the same */
} ol_envelope;

/*
 * Decompresses a message as it is gossiped.
 * Out: at most `len` bytes, and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less.
 * Returns: OL_ERR_LIMIT above OL_ENVELOPE_MAX; OL_ERR_ENCODING with the byte at fault.
 */
OL_API OL_CHECKED ol_status ol_envelope_unpack(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                               ol_slice gossiped) OL_NONNULL_ARGS(1, 4);

/*
 * Takes a message apart by the rules of SSZ, which are strict: no gap, nothing behind the end. No withdrawals may be
 * in it, as the header is made without; nothing else is verified.
 * In: a message, decompressed; its version, 1 to OL_ENVELOPE_VERSIONS.
 * Returns: OL_ERR_ENCODING with the byte at fault, which in the part "payload" is counted from its beginning.
 */
OL_API OL_CHECKED ol_status ol_envelope_decode(ol_error *error, ol_envelope *out, ol_slice message,
                                               uint32_t version) OL_NONNULL_ARGS(1, 2);

/* Finds who signed a message that was decoded. Returns: OL_ERR_CRYPTO when nobody can have, or s is high. */
OL_API OL_CHECKED ol_status ol_envelope_signer(ol_error *error, ol_address *out, const ol_envelope *envelope,
                                               uint64_t chain_id) OL_NONNULL;

/*
 * Verifies a message, from its bytes on: its time, its signature, that the header made of the payload has the
 * payload's block hash, and that header and payload have the form of a fork of this version: no withdrawals, no
 * blobs, EIP-1559 parameters where they belong. In Jovian, blob gas used is the block's DA footprint.
 *
 * Out: the message, with its header complete. In: as for ol_envelope_decode.
 * Returns: OL_ERR_STALE for its time, OL_ERR_CRYPTO for its signature, OL_ERR_MISMATCH for another signer or block
 * hash, OL_ERR_ENCODING for the form.
 */
OL_API OL_CHECKED ol_status ol_envelope_verify(ol_error *error, ol_envelope *out,
                                               const ol_envelope_rules *rules, ol_slice message,
                                               uint32_t version) OL_NONNULL_ARGS(1, 2, 3);

/*
 * Takes out a transaction in its typed encoding (EIP-2718).
 * Returns: 1; 0 when `index` is not below the transaction_count.
 */
OL_API OL_CHECKED int ol_envelope_transaction(const ol_envelope *envelope, ol_slice *out,
                                              uint32_t index) OL_NONNULL;

/*
 * The newest block that a sequencer signed, and what it signed for the heights before. The head never goes back;
 * the first block that is seen of a height stays the one that counts, as it does with rollup nodes.
 */
typedef struct ol_unsafe_head ol_unsafe_head;

#define OL_UNSAFE_HEIGHTS 64 /* that are kept: the highest that was seen and those below it */

/*
 * A block that was seen. Its signature is nowhere but in the gossip, while the payload can be had again: kept
 * together with its hash, the two are half of a proof of equivocation.
 */
typedef struct ol_unsafe_block {
  uint64_t number;
  uint64_t timestamp; /* seconds since the Unix epoch */
  ol_hash hash;
  ol_hash parent_hash;
  ol_hash payload_hash;
  uint8_t signature[OL_ENVELOPE_SIGNATURE];
} ol_unsafe_block;

/* What a message was to a head. */
typedef enum ol_unsafe_event {
  OL_UNSAFE_NEW = 1,    /* the first block of its height that was seen */
  OL_UNSAFE_SAME = 2,   /* seen before */
  OL_UNSAFE_OLD = 3,    /* below the heights that are kept; it was left aside */
  OL_UNSAFE_BRANCH = 4, /* new, but does not fit to the block that was seen of the height before, or after */
  OL_UNSAFE_CONFLICT = 5, /* another block of this height was seen: equivocation. It was left aside */
} ol_unsafe_event;

/* Returns: bytes of memory for a head, aligned to 16. */
OL_API size_t ol_unsafe_head_size(void);

/* Makes a head in `memory`, of one chain and one signer. Returns: OL_ERR_ARGUMENT, OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_unsafe_head_init(ol_error *error, ol_unsafe_head **out, uint64_t chain_id,
                                                const ol_address *signer, void *memory,
                                                size_t len) OL_NONNULL;

/*
 * Takes in a message that was verified. Out: an ol_unsafe_event.
 * Returns: OL_ERR_ARGUMENT when it was not verified, or for another chain or signer than the head's.
 */
OL_API OL_CHECKED ol_status ol_unsafe_head_take(ol_error *error, ol_unsafe_head *head, uint32_t *out,
                                                const ol_envelope *envelope) OL_NONNULL;

/* Gives the newest block. Returns: 1; 0 as long as there is none. */
OL_API OL_CHECKED int ol_unsafe_head_newest(const ol_unsafe_head *head, ol_unsafe_block *out) OL_NONNULL;

/* Gives the block that was seen of a height. Returns: 1; 0 when there is none, or no longer. */
OL_API OL_CHECKED int ol_unsafe_head_find(const ol_unsafe_head *head, ol_unsafe_block *out,
                                          uint64_t number) OL_NONNULL;

/*
 * Evidence that a signer signed two different blocks of one height. A signature covers only a hash of the payload,
 * and nothing less than the payload shows the height; so the evidence is both messages, whole:
 *
 *     "OLEQUIV1", then twice: version (1 byte), length (4 bytes, big-endian), message
 *
 * with the message first whose block hash is less, so that there is one evidence for two messages. Who has to be
 * the signer is not in it: the verifier knows. A sequencer may have had a reason, such as a reorganisation of L1
 * below the blocks' origin; that it signed both is what is shown.
 */
#define OL_EQUIVOCATION_MAX (2 * OL_ENVELOPE_MAX + 18)

/*
 * Makes evidence of two messages that were verified, in any order.
 * Out: at most `len` bytes, and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less.
 * Returns: OL_ERR_ARGUMENT when one was not verified; OL_ERR_MISMATCH when they are no equivocation.
 */
OL_API OL_CHECKED ol_status ol_equivocation_make(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                                 const ol_envelope *a, const ol_envelope *b)
    OL_NONNULL_ARGS(1, 4, 5, 6);

/*
 * Verifies evidence: both messages as ol_envelope_verify does, but for the time; one height, two blocks.
 * Out: the two messages, inside of the evidence. Returns: OL_ERR_ENCODING; OL_ERR_MISMATCH when it is none; what
 * is wrong with one of its messages, which the error's item counts.
 */
OL_API OL_CHECKED ol_status ol_equivocation_verify(ol_error *error, ol_envelope out[2],
                                                   const ol_envelope_rules *rules, ol_slice evidence)
    OL_NONNULL_ARGS(1, 2, 3);

#ifdef __cplusplus
}
#endif

#endif
