/* SPDX-License-Identifier: MIT */
#include "crypto/bls.h"

#include "crypto/sha2.h"

#include <blst.h>

#include "base/poison.h"

/* Our opaque words are blst's points. */
_Static_assert(sizeof(blst_p1_affine) == sizeof(ol_bls_pubkey), "the same bytes");
_Static_assert(sizeof(blst_p1_affine) == sizeof(ol_bls_pubkey_unchecked), "the same bytes");
_Static_assert(sizeof(blst_p2_affine) == sizeof(ol_bls_signature), "the same bytes");
_Static_assert(sizeof(blst_p1) == sizeof(ol_bls_pubkey_sum), "the same bytes");
_Static_assert(_Alignof(blst_p2_affine) <= _Alignof(ol_bls_signature), "the same alignment");

static const blst_p1_affine *key_point(const ol_bls_pubkey *key) {
  return (const blst_p1_affine *)(const void *)key;
}

static const blst_p2_affine *signature_point(const ol_bls_signature *signature) {
  return (const blst_p2_affine *)(const void *)signature;
}

static blst_p1 *sum_point(ol_bls_pubkey_sum *sum) {
  return (blst_p1 *)(void *)sum;
}

static const char ethereum_tag[] = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
const ol_slice ol_bls_ethereum = {.data = (const uint8_t *)ethereum_tag, .len = sizeof ethereum_tag - 1};

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, reason);
}

static ol_status refuse_signature(ol_error *error) {
  return refuse(error, "the signature is not that of the keys and messages");
}

static const char not_compressed[] = "the bytes are not a compressed point";
static const char not_on_curve[] = "the point is not on the curve";
static const char key_is_infinity[] = "the public key is infinity";

ol_status ol_bls_pubkey_decompress(ol_error *error, ol_bls_pubkey_unchecked *out,
                                   const uint8_t bytes[OL_BLS_PUBKEY_BYTES]) {
  blst_p1_affine point;
  BLST_ERROR result = blst_p1_uncompress(&point, bytes);
  if (result == BLST_POINT_NOT_ON_CURVE) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, not_on_curve);
  if (result != BLST_SUCCESS) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, not_compressed);
  memcpy(out, &point, sizeof *out);
  return OL_OK;
}

ol_status ol_bls_pubkey_admit(ol_error *error, ol_bls_pubkey *out, const ol_bls_pubkey_unchecked *key) {
  blst_p1_affine point;
  memcpy(&point, key, sizeof point);
  if (blst_p1_affine_is_inf(&point)) return refuse(error, key_is_infinity);
  if (!blst_p1_affine_in_g1(&point)) return refuse(error, "the public key is not in the subgroup");
  memcpy(out, &point, sizeof *out);
  return OL_OK;
}

ol_status ol_bls_pubkey_read(ol_error *error, ol_bls_pubkey *out, const uint8_t bytes[OL_BLS_PUBKEY_BYTES]) {
  ol_bls_pubkey_unchecked key;
  OL_TRY(ol_bls_pubkey_decompress(error, &key, bytes));
  return ol_bls_pubkey_admit(error, out, &key);
}

bool ol_bls_pubkey_is_infinity(const ol_bls_pubkey_unchecked *key) {
  blst_p1_affine point;
  memcpy(&point, key, sizeof point);
  return blst_p1_affine_is_inf(&point);
}

void ol_bls_pubkey_write(uint8_t out[OL_BLS_PUBKEY_BYTES], const ol_bls_pubkey *key) {
  blst_p1_affine_compress(out, key_point(key));
}

ol_status ol_bls_signature_read(ol_error *error, ol_bls_signature *out,
                                const uint8_t bytes[OL_BLS_SIGNATURE_BYTES]) {
  blst_p2_affine point;
  BLST_ERROR result = blst_p2_uncompress(&point, bytes);
  if (result == BLST_POINT_NOT_ON_CURVE) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, not_on_curve);
  if (result != BLST_SUCCESS) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, not_compressed);
  if (!blst_p2_affine_in_g2(&point)) return refuse(error, "the signature is not in the subgroup");
  memcpy(out, &point, sizeof *out);
  return OL_OK;
}

void ol_bls_signature_write(uint8_t out[OL_BLS_SIGNATURE_BYTES], const ol_bls_signature *signature) {
  blst_p2_affine_compress(out, signature_point(signature));
}

void ol_bls_signature_coordinates(uint8_t out[192], const ol_bls_signature *signature) {
  blst_p2_affine_serialize(out, signature_point(signature));
}

void ol_bls_pubkey_sum_init(ol_bls_pubkey_sum *sum) {
  memset(sum, 0, sizeof *sum); /* z = 0 is infinity */
}

void ol_bls_pubkey_sum_add(ol_bls_pubkey_sum *sum, const ol_bls_pubkey *key) {
  blst_p1_add_or_double_affine(sum_point(sum), sum_point(sum), key_point(key));
}

void ol_bls_pubkey_sum_subtract(ol_bls_pubkey_sum *sum, const ol_bls_pubkey *key) {
  blst_p1_affine negative = *key_point(key);
  blst_fp_cneg(&negative.y, &negative.y, true);
  blst_p1_add_or_double_affine(sum_point(sum), sum_point(sum), &negative);
}

static ol_status end_sum(ol_error *error, ol_bls_pubkey *out, const blst_p1 *sum) {
  blst_p1_affine affine;
  if (blst_p1_is_inf(sum)) return refuse(error, key_is_infinity);
  blst_p1_to_affine(&affine, sum);
  memcpy(out, &affine, sizeof *out);
  return OL_OK;
}

ol_status ol_bls_pubkey_sum_end(ol_error *error, ol_bls_pubkey *out, const ol_bls_pubkey_sum *sum) {
  return end_sum(error, out, (const blst_p1 *)(const void *)sum);
}

/*
 * Adding many affine points costs blst one inversion for each halving of their number; it keeps all of them
 * (144 bytes each) on the stack, so they are not given all at once.
 */
#define ADDED_AT_ONCE ((size_t)128)

ol_status ol_bls_aggregate_pubkeys(ol_error *error, ol_bls_pubkey *out, const ol_bls_pubkey *keys,
                                   size_t count) {
  if (count == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there are no public keys to add");
  blst_p1 sum, part;
  memset(&sum, 0, sizeof sum);
  for (size_t done = 0, some = 0; done < count; done += some) {
    some = count - done < ADDED_AT_ONCE ? count - done : ADDED_AT_ONCE;
    /* One pointer and a NULL: the points lie one after the other. */
    const blst_p1_affine *const points[2] = {key_point(&keys[done]), NULL};
    blst_p1s_add(&part, points, some);
    blst_p1_add_or_double(&sum, &sum, &part);
  }
  return end_sum(error, out, &sum);
}

ol_status ol_bls_aggregate_signatures(ol_error *error, ol_bls_signature *out,
                                      const ol_bls_signature *signatures, size_t count) {
  if (count == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there are no signatures to add");
  blst_p2 sum;
  blst_p2_affine affine;
  memset(&sum, 0, sizeof sum);
  for (size_t i = 0; i < count; i++) {
    blst_p2_add_or_double_affine(&sum, &sum, signature_point(&signatures[i]));
  }
  blst_p2_to_affine(&affine, &sum);
  memcpy(out, &affine, sizeof *out);
  return OL_OK;
}

/*
 * A product of pairings. Miller loops are cheaper together, as they share their squarings, so pairs are
 * collected first; blst itself takes them 16 at a time.
 */
#define PAIRS 16

typedef struct product {
  blst_fp12 value;
  blst_p1_affine left[PAIRS];
  blst_p2_affine right[PAIRS];
  size_t pairs;
} product;

static void product_init(product *all) {
  all->value = *blst_fp12_one();
  all->pairs = 0;
}

static void product_flush(product *all) {
  if (all->pairs == 0) return;
  blst_fp12 loops;
  const blst_p1_affine *const left[2] = {all->left, NULL};
  const blst_p2_affine *const right[2] = {all->right, NULL};
  blst_miller_loop_n(&loops, right, left, all->pairs);
  blst_fp12_mul(&all->value, &all->value, &loops);
  all->pairs = 0;
}

static void product_add(product *all, const blst_p1_affine *left, const blst_p2_affine *right) {
  /* A pairing with infinity is one, and the loop over several does not take it. */
  if (blst_p1_affine_is_inf(left) || blst_p2_affine_is_inf(right)) return;
  all->left[all->pairs] = *left;
  all->right[all->pairs] = *right;
  if (++all->pairs == PAIRS) product_flush(all);
}

static void hash_to_g2(blst_p2 *out, ol_slice tag, ol_slice message) {
  blst_hash_to_g2(out, message.data, message.len, tag.data, tag.len, NULL, 0);
}

static void product_add_message(product *all, const blst_p1_affine *left, ol_slice tag, ol_slice message) {
  blst_p2 hash;
  blst_p2_affine affine;
  hash_to_g2(&hash, tag, message);
  blst_p2_to_affine(&affine, &hash);
  product_add(all, left, &affine);
}

/* Returns: whether the product with e(-g1, signature) is one. */
static bool product_is_signed(product *all, const blst_p2_affine *signature) {
  blst_fp12 result;
  product_add(all, &BLS12_381_NEG_G1, signature);
  product_flush(all);
  blst_final_exp(&result, &all->value);
  return blst_fp12_is_one(&result);
}

ol_status ol_bls_verify(ol_error *error, ol_slice tag, const ol_bls_pubkey *key, ol_slice message,
                        const ol_bls_signature *signature) {
  return ol_bls_aggregate_verify(error, tag, key, &message, 1, signature);
}

ol_status ol_bls_fast_aggregate_verify(ol_error *error, ol_slice tag, const ol_bls_pubkey *keys, size_t count,
                                       ol_slice message, const ol_bls_signature *signature) {
  ol_bls_pubkey sum;
  if (count == 0) return refuse(error, "nobody's signature is not accepted");
  OL_TRY(ol_bls_aggregate_pubkeys(error, &sum, keys, count));
  return ol_bls_verify(error, tag, &sum, message, signature);
}

ol_status ol_bls_eth_fast_aggregate_verify(ol_error *error, const ol_bls_pubkey *keys, size_t count,
                                           ol_slice message, const ol_bls_signature *signature) {
  if (count == 0 && blst_p2_affine_is_inf(signature_point(signature))) return OL_OK;
  return ol_bls_fast_aggregate_verify(error, ol_bls_ethereum, keys, count, message, signature);
}

ol_status ol_bls_aggregate_verify(ol_error *error, ol_slice tag, const ol_bls_pubkey *keys,
                                  const ol_slice *messages, size_t count, const ol_bls_signature *signature) {
  product all;
  if (count == 0) return refuse(error, "nobody's signature is not accepted");
  product_init(&all);
  for (size_t i = 0; i < count; i++) product_add_message(&all, key_point(&keys[i]), tag, messages[i]);
  return product_is_signed(&all, signature_point(signature)) ? OL_OK : refuse_signature(error);
}

/*
 * Out: a hash of everything that a batch is about, from which its scalars follow: a chain of one hash for each
 * claim, of fixed length, that begins with the seed, the tag and the number of claims.
 */
static void hash_batch(ol_hash *out, ol_slice tag, const ol_bls_claim *claims, size_t count,
                       const uint8_t seed[32]) {
  struct {
    ol_hash before, seed, tag;
    uint8_t count[8];
  } first;
  struct {
    ol_hash before, message;
    ol_bls_pubkey key; /* the coordinates are unique to a point, and cheaper to hash than to compress */
    ol_bls_signature signature;
  } link;
  memset(&first, 0, sizeof first);
  memcpy(first.seed.bytes, seed, sizeof first.seed.bytes);
  ol_sha256(&first.tag, tag.data, tag.len);
  ol_store_be64(first.count, count);
  ol_sha256(out, (const uint8_t *)&first, sizeof first);
  for (size_t i = 0; i < count; i++) {
    link.before = *out;
    ol_sha256(&link.message, claims[i].message.data, claims[i].message.len);
    link.key = *claims[i].key;
    link.signature = *claims[i].signature;
    ol_sha256(out, (const uint8_t *)&link, sizeof link);
  }
}

#define SCALAR_BITS 128

typedef struct scalar {
  uint8_t bytes[SCALAR_BITS / 8]; /* little-endian */
} scalar;

static void batch_scalar(scalar *out, const ol_hash *batch, size_t index) {
  uint8_t input[40];
  ol_hash hash;
  memcpy(input, batch->bytes, 32);
  ol_store_be64(input + 32, index);
  ol_sha256(&hash, input, sizeof input);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

static void multiply_key(blst_p1_affine *out, const ol_bls_pubkey *key, const scalar *by) {
  blst_p1 point;
  blst_p1_from_affine(&point, key_point(key));
  blst_p1_mult(&point, &point, by->bytes, SCALAR_BITS);
  blst_p1_to_affine(out, &point);
}

/*
 * Signatures are multiplied and added together with Pippenger's method, which takes a third of the time of
 * one by one and 1.5 kB of room for this many.
 */
#define COMBINED 32
#define COMBINED_ROOM 192

typedef struct combination {
  const blst_p2_affine *points[COMBINED];
  const uint8_t *scalars[COMBINED];
  scalar values[COMBINED];
  size_t count;
  blst_p2 sum;
} combination;

static void combination_init(combination *all) {
  OL_ASSERT(blst_p2s_mult_pippenger_scratch_sizeof(COMBINED) <= COMBINED_ROOM * sizeof(limb_t));
  all->count = 0;
  memset(&all->sum, 0, sizeof all->sum);
}

static void combination_flush(combination *all) {
  limb_t room[COMBINED_ROOM];
  blst_p2 part;
  if (all->count == 0) return;
  blst_p2s_mult_pippenger(&part, all->points, all->count, all->scalars, SCALAR_BITS, room);
  blst_p2_add_or_double(&all->sum, &all->sum, &part);
  all->count = 0;
}

static void combination_add(combination *all, const ol_bls_signature *signature, const scalar *by) {
  if (blst_p2_affine_is_inf(signature_point(signature))) return;
  all->points[all->count] = signature_point(signature);
  all->values[all->count] = *by;
  all->scalars[all->count] = all->values[all->count].bytes;
  if (++all->count == COMBINED) combination_flush(all);
}

ol_status ol_bls_verify_batch(ol_error *error, ol_slice tag, const ol_bls_claim *claims, size_t count,
                              const uint8_t seed[32]) {
  product all;
  combination signatures;
  blst_p2_affine sum;
  ol_hash batch;
  if (count == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there are no signatures to check");
  hash_batch(&batch, tag, claims, count, seed);
  product_init(&all);
  combination_init(&signatures);
  for (size_t i = 0; i < count; i++) {
    scalar by;
    blst_p1_affine key;
    batch_scalar(&by, &batch, i);
    multiply_key(&key, claims[i].key, &by);
    product_add_message(&all, &key, tag, claims[i].message);
    combination_add(&signatures, claims[i].signature, &by);
  }
  combination_flush(&signatures);
  blst_p2_to_affine(&sum, &signatures.sum);
  return product_is_signed(&all, &sum) ? OL_OK : refuse_signature(error);
}

/* Out: a private key as blst has it. The caller wipes it. */
static ol_status read_key(ol_error *error, blst_scalar *out_secret, const uint8_t key_secret[32]) {
  blst_scalar_from_bendian(out_secret, key_secret);
  if (blst_sk_check(out_secret)) return OL_OK;
  return refuse(error, "the private key is zero or not below the order of the group");
}

ol_status ol_bls_pubkey_create(ol_error *error, ol_bls_pubkey *out, const uint8_t key_secret[32]) {
  blst_scalar scalar_secret;
  blst_p1 point;
  blst_p1_affine affine;
  ol_status status = read_key(error, &scalar_secret, key_secret);
  if (status != OL_OK) goto done;
  blst_sk_to_pk_in_g1(&point, &scalar_secret);
  blst_p1_to_affine(&affine, &point);
  memcpy(out, &affine, sizeof *out);
done:
  ol_wipe(&scalar_secret, sizeof scalar_secret);
  return status;
}

ol_status ol_bls_sign(ol_error *error, ol_bls_signature *out, ol_slice tag, const uint8_t key_secret[32],
                      ol_slice message) {
  blst_scalar scalar_secret;
  blst_p2 point;
  blst_p2_affine affine;
  ol_status status = read_key(error, &scalar_secret, key_secret);
  if (status != OL_OK) goto done;
  hash_to_g2(&point, tag, message);
  blst_sign_pk_in_g1(&point, &point, &scalar_secret);
  blst_p2_to_affine(&affine, &point);
  memcpy(out, &affine, sizeof *out);
done:
  ol_wipe(&scalar_secret, sizeof scalar_secret);
  return status;
}

void ol_bls_hash_to_g2(ol_bls_signature *out, ol_slice tag, ol_slice message) {
  blst_p2 point;
  blst_p2_affine affine;
  hash_to_g2(&point, tag, message);
  blst_p2_to_affine(&affine, &point);
  memcpy(out, &affine, sizeof *out);
}
