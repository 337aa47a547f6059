/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_TYPED_DATA_H
#define OPENLEDGER_TYPED_DATA_H

/*
 * Typed structured data (EIP-712, as eth_signTypedData_v4 takes it): what a document says and the digest that is signed
 * for it. The document is read once; its digest, what is told of it and what a policy asks of it are the same values.
 *
 * Reading is strict. Refused are: unknown and missing members of the document; types that are not defined, twice defined
 * or not well named; `int` and `uint` without a width; members of the domain that its type does not have, and domain
 * types with other fields than EIP-712's five, in their order; null; values out of the range of their type; arrays of
 * another length than their type's; integers with a fraction or an exponent; the names `__proto__`, `constructor` and
 * `prototype`. Members of the message that its type does not have are not signed, and not told.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fields of a domain, as bits (EIP-712, "Definition of domainSeparator"). */
typedef enum ol_typed_field {
  OL_TYPED_NAME = 1,
  OL_TYPED_VERSION = 2,
  OL_TYPED_CHAIN_ID = 4,
  OL_TYPED_CONTRACT = 8,
  OL_TYPED_SALT = 16,
} ol_typed_field;

/* What a document is for. Fields that it does not have are zero. */
typedef struct ol_typed_domain {
  uint32_t fields; /* bits of ol_typed_field */
  ol_slice name;
  ol_slice version;
  ol_u256 chain_id;
  ol_address verifying_contract;
  ol_hash salt;
} ol_typed_domain;

/* Types that are known by all of their text, and so by their type hash; unrelated types may have the same name. */
typedef enum ol_typed_kind {
  OL_TYPED_UNKNOWN = 0,
  OL_TYPED_BALLOT = 1,                  /* OpenZeppelin Governor 5 */
  OL_TYPED_EXTENDED_BALLOT = 2,         /* the same, with reason and parameters */
  OL_TYPED_DELEGATION = 3,              /* OpenZeppelin Votes; not ERC-7710's, nor ERC-8196's */
  OL_TYPED_PERMIT = 4,                  /* EIP-2612 */
  OL_TYPED_PERMIT_DAI = 5,              /* of the DAI token: all or nothing */
  OL_TYPED_PERMIT2_SINGLE = 6,          /* Permit2, allowance of one token */
  OL_TYPED_PERMIT2_BATCH = 7,           /* Permit2, allowances of several */
  OL_TYPED_PERMIT2_TRANSFER = 8,        /* Permit2, one transfer */
  OL_TYPED_PERMIT2_TRANSFERS = 9,       /* Permit2, several */
  OL_TYPED_PERMIT2_WITNESS = 10,        /* Permit2, one transfer with x402's witness of the exact scheme */
  OL_TYPED_TRANSFER_AUTHORIZATION = 11, /* EIP-3009 */
  OL_TYPED_RECEIVE_AUTHORIZATION = 12,  /* EIP-3009 */
  OL_TYPED_CANCEL_AUTHORIZATION = 13,   /* EIP-3009 */
  OL_TYPED_STAKE = 14,                  /* OpenLedger's staking commitment */
  OL_TYPED_AGENT_WALLET = 15,           /* ERC-8004 */
  OL_TYPED_ATTRIBUTION_RECEIPT = 16,    /* ATR-1 */
} ol_typed_kind;

/* A document that was read. It points into the memory that it was read with. */
typedef struct ol_typed_data {
  ol_hash digest; /* what is signed */
  ol_hash domain_separator;
  ol_hash message_hash;
  ol_hash type_hash; /* of the primary type */
  ol_typed_domain domain;
  ol_slice primary_type;
  ol_slice encoded_type; /* the primary type and all that it refers to, as the type hash is of */
  uint32_t kind;         /* an ol_typed_kind */
  const void *document;  /* for the functions below */
} ol_typed_data;

/*
 * Reads a document {types, primaryType, domain, message}, at most 1 MiB of JSON. A domain whose type is not among the
 * types has the fields that are there.
 * In: memory, 20 times the text and 20 KiB.
 * Returns: OL_ERR_ENCODING with the part and the byte of the text at fault, OL_ERR_LIMIT or OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_typed_data_read(ol_error *error, ol_typed_data *out, ol_slice text,
                                               void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 4);

/*
 * Checks what a document is for: a chain id in the domain must be the active one, and the verifying contract none of the
 * user's own accounts, which a page could otherwise have sign for. A domain without them is not refused.
 * Returns: OL_ERR_MISMATCH.
 */
OL_API OL_CHECKED ol_status ol_typed_data_check(ol_error *error, const ol_typed_data *data, uint64_t chain_id,
                                                const ol_address *accounts, size_t accounts_len)
    OL_NONNULL_ARGS(1, 2);

/*
 * Tells what is signed, as JSON: {known, primaryType, typeHash, digest, domain, message}. Domain and message are arrays
 * of {name, type, value}, in the order in which they are hashed; the value of a struct is such an array again, that of
 * an array an array of values. Numbers are decimal text, addresses have their checksum, texts are made visible
 * (ol_text_visible) and, as bytes, cut when they are long, with their length behind. `known` is null or the name of the
 * kind. What is told is hashed again on the way: OL_ERR_MISMATCH when that is not what `data` says.
 * Out: the text, in `memory`. Returns: OL_ERR_MEMORY when it does not fit.
 */
OL_API OL_CHECKED ol_status ol_typed_data_explain(ol_error *error, ol_slice *out, const ol_typed_data *data,
                                                  void *memory, size_t len) OL_NONNULL;

/*
 * Reads a member of the message by its path: names and, of arrays, indices, e.g. "spender" or "details.0.token". This
 * one takes a number, truth, an address, or bytes1 to bytes32; those below take what they are called after.
 * Out: the word as it is encoded; negative numbers in two's complement.
 * Returns: OL_ERR_ARGUMENT when there is no such member, or it is of another type.
 */
OL_API OL_CHECKED ol_status ol_typed_data_word(ol_error *error, ol_u256 *out, const ol_typed_data *data,
                                               const char *path) OL_NONNULL;

/* Reads an address. */
OL_API OL_CHECKED ol_status ol_typed_data_address(ol_error *error, ol_address *out, const ol_typed_data *data,
                                                  const char *path) OL_NONNULL;

/* Reads a text. Out: UTF-8, inside the document. */
OL_API OL_CHECKED ol_status ol_typed_data_text(ol_error *error, ol_slice *out, const ol_typed_data *data,
                                               const char *path) OL_NONNULL;

/* Reads bytes of any length. Out: at most `len` bytes and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less. */
OL_API OL_CHECKED ol_status ol_typed_data_bytes(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                                const ol_typed_data *data, const char *path)
    OL_NONNULL_ARGS(1, 4, 5, 6);

/* Counts the elements of an array. */
OL_API OL_CHECKED ol_status ol_typed_data_count(ol_error *error, size_t *out, const ol_typed_data *data,
                                                const char *path) OL_NONNULL;

/* Returns: what people call a kind, e.g. "Permit (EIP-2612)"; NULL for one that is not known. */
OL_API const char *ol_typed_kind_name(ol_typed_kind kind);

/* Out: the type hash of a kind. Returns: OL_ERR_ARGUMENT for one that is not known. */
OL_API OL_CHECKED ol_status ol_typed_kind_hash(ol_error *error, ol_hash *out, ol_typed_kind kind) OL_NONNULL;

/* Out: the hash of the domain's fields that are there. */
OL_API void ol_typed_domain_separator(ol_hash *out, const ol_typed_domain *domain) OL_NONNULL;

/* Out: hashStruct. In: the type hash, and the encoded members, a word each. */
OL_API void ol_typed_struct_hash(ol_hash *out, const ol_hash *type_hash, const ol_u256 *words,
                                 size_t words_len) OL_NONNULL_ARGS(1, 2);

/* Out: what is signed. */
OL_API void ol_typed_digest(ol_hash *out, const ol_hash *domain_separator,
                            const ol_hash *message_hash) OL_NONNULL;

/* A member of a document that is written: of text and bytes `bytes`, of all else the encoded word. */
typedef struct ol_typed_value {
  ol_u256 word;
  ol_slice bytes;
} ol_typed_value;

/*
 * Writes the document of a known kind, to be read and signed as any other. In: its members in their order, those of
 * structs in the place of the struct; memory for the text, 4 KiB and 6 times what texts and bytes have.
 * Returns: OL_ERR_ARGUMENT for a kind that has arrays or other members, OL_ERR_MEMORY, OL_ERR_ENCODING for texts that
 * are not UTF-8. What is out of its type's range is refused when the document is read.
 */
OL_API OL_CHECKED ol_status ol_typed_data_write(ol_error *error, ol_slice *out, ol_typed_kind kind,
                                                const ol_typed_domain *domain, const ol_typed_value *values,
                                                size_t values_len, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 4, 7);

/* A vote by signature, at OpenZeppelin's Governor 5. */
typedef struct ol_ballot {
  ol_u256 proposal_id;
  uint32_t support; /* 0 against, 1 for, 2 abstain */
  ol_address voter;
  ol_u256 nonce; /* the Governor's own, of the voter */
  ol_slice reason;
  ol_slice params; /* bytes, as the Governor's counting takes them */
} ol_ballot;

/* Writes a ballot: without reason and parameters, which are not looked at, or the extended one. See above. */
OL_API OL_CHECKED ol_status ol_ballot_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                            const ol_ballot *ballot, void *memory, size_t len) OL_NONNULL;
OL_API OL_CHECKED ol_status ol_ballot_extended_write(ol_error *error, ol_slice *out,
                                                     const ol_typed_domain *domain, const ol_ballot *ballot,
                                                     void *memory, size_t len) OL_NONNULL;

/* A delegation of votes by signature, of OpenZeppelin's Votes. */
typedef struct ol_delegation {
  ol_address delegatee;
  ol_u256 nonce;
  ol_u256 expiry; /* seconds since the Unix epoch */
} ol_delegation;

/* Writes a delegation. See ol_typed_data_write. */
OL_API OL_CHECKED ol_status ol_delegation_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                                const ol_delegation *delegation, void *memory,
                                                size_t len) OL_NONNULL;

/* An allowance by signature (EIP-2612). */
typedef struct ol_permit {
  ol_address owner;
  ol_address spender;
  ol_u256 value;
  ol_u256 nonce;
  ol_u256 deadline; /* seconds since the Unix epoch */
} ol_permit;

/* Writes a permit. See ol_typed_data_write. */
OL_API OL_CHECKED ol_status ol_permit_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                            const ol_permit *permit, void *memory, size_t len) OL_NONNULL;

/* An allowance (PermitSingle) or a transfer (PermitTransferFrom) by Permit2. */
typedef struct ol_permit2 {
  ol_address token;
  ol_u256 amount;      /* below 2^160 in an allowance */
  uint64_t expiration; /* of the allowance, seconds since the Unix epoch, below 2^48; not in a transfer */
  ol_address spender;
  ol_u256 nonce;    /* below 2^48 in an allowance */
  ol_u256 deadline; /* of the signature, seconds since the Unix epoch */
} ol_permit2;

/* Writes an allowance or a transfer. See ol_typed_data_write. */
OL_API OL_CHECKED ol_status ol_permit2_single_write(ol_error *error, ol_slice *out,
                                                    const ol_typed_domain *domain, const ol_permit2 *permit,
                                                    void *memory, size_t len) OL_NONNULL;
OL_API OL_CHECKED ol_status ol_permit2_transfer_write(ol_error *error, ol_slice *out,
                                                      const ol_typed_domain *domain, const ol_permit2 *permit,
                                                      void *memory, size_t len) OL_NONNULL;

/* A transfer by signature (EIP-3009). */
typedef struct ol_transfer_authorization {
  ol_address from;
  ol_address to;
  ol_u256 value;
  ol_u256 valid_after;  /* seconds since the Unix epoch */
  ol_u256 valid_before; /* the same */
  ol_hash nonce;        /* random */
} ol_transfer_authorization;

/* Writes a TransferWithAuthorization. See ol_typed_data_write. */
OL_API OL_CHECKED ol_status ol_transfer_authorization_write(ol_error *error, ol_slice *out,
                                                            const ol_typed_domain *domain,
                                                            const ol_transfer_authorization *authorization,
                                                            void *memory, size_t len) OL_NONNULL;

/* A commitment that the manager of an OpenLedger staking configuration signs. */
typedef struct ol_stake {
  ol_address recipient;
  ol_u256 config_id;
  ol_u256 amount;
  ol_u256 start_time; /* seconds since the Unix epoch */
  ol_u256 nonce;
} ol_stake;

/* Writes a Stake. See ol_typed_data_write. */
OL_API OL_CHECKED ol_status ol_stake_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                           const ol_stake *stake, void *memory, size_t len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
