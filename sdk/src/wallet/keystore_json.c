/* SPDX-License-Identifier: MIT */
#include "wallet/keystore.h"

#include "base/arena.h"
#include "encoding/hex.h"
#include "encoding/json.h"

#include "base/poison.h"

#define KEY 32
#define SEED_LEAST 32 /* of a presale wallet: the first counter, and a block */

static const char absent[] = "is missing";

/* Some wallets write "0x", and some do not. */
static ol_slice without_prefix(ol_slice text) {
  bool prefixed = text.len >= 2 && text.data[0] == '0' && text.data[1] == 'x';
  return prefixed ? ol_slice_of(text.data + 2, text.len - 2) : text;
}

static ol_status need_text(ol_error *error, ol_slice *out, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  return ol_json_string(error, out, value);
}

/* Reads hex of `least` to `most` bytes. */
static ol_status hex_member(ol_error *error, uint8_t *out, uint32_t *out_len, size_t least, size_t most,
                            ol_json object, const char *name) {
  ol_slice text;
  OL_TRY(need_text(error, &text, object, name));
  text = without_prefix(text);
  if (text.len < 2 * least || text.len > 2 * most)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "has another length");
  OL_TRY(ol_hex_decode(error, out, (const char *)text.data, text.len));
  *out_len = (uint32_t)(text.len / 2);
  return OL_OK;
}

static ol_status need_hex(ol_error *error, uint8_t *out, uint32_t *out_len, size_t least, size_t most,
                          ol_json object, const char *name) {
  return ol_error_in(error, hex_member(error, out, out_len, least, most, object, name), name, OL_NOWHERE);
}

static ol_status need_fixed(ol_error *error, uint8_t *out, size_t len, ol_json object, const char *name) {
  uint32_t read = 0;
  return need_hex(error, out, &read, len, len, object, name);
}

static ol_status number_member(ol_error *error, uint32_t *out, ol_json object, const char *name) {
  ol_json value;
  uint64_t number;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  OL_TRY(ol_json_u64(error, &number, value));
  if (number > UINT32_MAX) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "is too large");
  *out = (uint32_t)number;
  return OL_OK;
}

static ol_status need_number(ol_error *error, uint32_t *out, ol_json object, const char *name) {
  return ol_error_in(error, number_member(error, out, object, name), name, OL_NOWHERE);
}

static bool is(ol_slice text, const char *word) {
  size_t len = ol_text_len(word);
  return text.len == len && memcmp(text.data, word, len) == 0;
}

/* What has only one value that is known. */
static ol_status need_word(ol_error *error, ol_json object, const char *name, const char *word) {
  ol_slice text;
  OL_TRY(ol_error_in(error, need_text(error, &text, object, name), name, OL_NOWHERE));
  if (is(text, word)) return OL_OK;
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "is not one that is known"), name,
                     OL_NOWHERE);
}

static ol_status need_object(ol_error *error, ol_json *out, ol_json object, const char *name) {
  return ol_error_in(error, ol_json_need(error, out, object, name, absent), name, OL_NOWHERE);
}

static ol_status read_kdf(ol_error *error, ol_keystore *out, ol_json crypto) {
  ol_slice kdf;
  ol_json params;
  uint32_t len = 0;
  OL_TRY(ol_error_in(error, need_text(error, &kdf, crypto, "kdf"), "kdf", OL_NOWHERE));
  OL_TRY(need_object(error, &params, crypto, "kdfparams"));
  OL_TRY(need_number(error, &len, params, "dklen"));
  if (len != KEY)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "is not 32"), "dklen", OL_NOWHERE);
  OL_TRY(need_hex(error, out->salt, &out->salt_len, 0, sizeof out->salt, params, "salt"));
  if (is(kdf, "scrypt")) {
    out->kdf = OL_KEYSTORE_SCRYPT;
    OL_TRY(need_number(error, &out->cost, params, "n"));
    OL_TRY(need_number(error, &out->r, params, "r"));
    OL_TRY(need_number(error, &out->p, params, "p"));
    out->weak = (uint64_t)out->cost * out->r < (uint64_t)OL_KEYSTORE_N * 8 / (out->p > 0 ? out->p : 1);
    return OL_OK;
  }
  if (is(kdf, "pbkdf2")) {
    out->kdf = OL_KEYSTORE_PBKDF2;
    OL_TRY(need_word(error, params, "prf", "hmac-sha256"));
    OL_TRY(need_number(error, &out->cost, params, "c"));
    out->weak = out->cost < OL_KEYSTORE_ROUNDS;
    return OL_OK;
  }
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "is not one that is known"), "kdf",
                     OL_NOWHERE);
}

static ol_status read_crypto(ol_error *error, ol_keystore *out, ol_json root) {
  ol_json crypto, older, params;
  bool has = ol_json_find(&crypto, root, "crypto"), has_older = ol_json_find(&older, root, "Crypto");
  if (has == has_older)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, has ? "is there twice" : absent),
                       "crypto", OL_NOWHERE);
  if (has_older) crypto = older;
  OL_TRY(need_word(error, crypto, "cipher", "aes-128-ctr"));
  OL_TRY(need_object(error, &params, crypto, "cipherparams"));
  OL_TRY(need_fixed(error, out->iv, sizeof out->iv, params, "iv"));
  OL_TRY(need_hex(error, out->sealed, &out->sealed_len, KEY, KEY, crypto, "ciphertext"));
  OL_TRY(need_fixed(error, out->mac, sizeof out->mac, crypto, "mac"));
  return read_kdf(error, out, crypto);
}

static ol_status read_address(ol_error *error, ol_keystore *out, ol_json root, const char *name) {
  ol_json value;
  if (!ol_json_find(&value, root, name)) return OL_OK;
  OL_TRY(need_fixed(error, out->address.bytes, sizeof out->address.bytes, root, name));
  out->has_address = 1;
  return OL_OK;
}

/* What ethers has put beside a key since its version 4. Only scrypt derives as much as decrypting it needs. */
static ol_status read_mnemonic(ol_error *error, ol_keystore *out, ol_json root) {
  ol_json extra, value;
  ol_slice text;
  if (out->kdf != OL_KEYSTORE_SCRYPT || !ol_json_find(&extra, root, "x-ethers") ||
      !ol_json_find(&value, extra, "mnemonicCiphertext"))
    return OL_OK;
  OL_TRY(need_word(error, extra, "version", "0.1"));
  if (ol_json_find(&value, extra, "locale")) {
    OL_TRY(ol_error_in(error, need_text(error, &text, extra, "locale"), "locale", OL_NOWHERE));
    if (!is(text, "en")) return OL_OK;
  }
  ol_path_accounts(&out->path);
  out->path.steps[out->path.depth++] = 0;
  if (ol_json_find(&value, extra, "path")) {
    OL_TRY(ol_error_in(error, need_text(error, &text, extra, "path"), "path", OL_NOWHERE));
    OL_TRY(ol_error_in(error, ol_path_from_text(error, &out->path, (const char *)text.data, text.len), "path",
                       OL_NOWHERE));
  }
  OL_TRY(need_fixed(error, out->entropy_iv, sizeof out->entropy_iv, extra, "mnemonicCounter"));
  OL_TRY(need_hex(error, out->entropy, &out->entropy_len, 16, 32, extra, "mnemonicCiphertext"));
  if (out->entropy_len % 4 != 0)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "has another length"),
                       "mnemonicCiphertext", OL_NOWHERE);
  return OL_OK;
}

static ol_status read_presale(ol_error *error, ol_keystore *out, ol_json root) {
  uint8_t seed[OL_KEYSTORE_SEED];
  uint32_t len = 0;
  OL_TRY(need_hex(error, seed, &len, SEED_LEAST, sizeof seed, root, "encseed"));
  if (len % 16 != 0)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "has another length"), "encseed",
                       OL_NOWHERE);
  out->kdf = OL_KEYSTORE_PRESALE;
  out->cost = 2000;
  out->weak = 1;
  out->sealed_len = len - 16;
  memcpy(out->iv, seed, 16);
  memcpy(out->sealed, seed + 16, out->sealed_len);
  OL_TRY(read_address(error, out, root, "ethaddr"));
  /* Without it a wrong password could not be told from a right one. */
  if (out->has_address == 0)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, absent), "ethaddr", OL_NOWHERE);
  return OL_OK;
}

static ol_status read_version_3(ol_error *error, ol_keystore *out, ol_json root) {
  uint32_t version = 0;
  OL_TRY(need_number(error, &version, root, "version"));
  if (version != 3)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "is not 3"), "version", OL_NOWHERE);
  OL_TRY(read_crypto(error, out, root));
  OL_TRY(read_address(error, out, root, "address"));
  return read_mnemonic(error, out, root);
}

ol_status ol_keystore_read(ol_error *error, ol_keystore *out, ol_slice text, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_json root, value;
  ol_keystore read = {0};
  ol_kdf_params params;
  size_t needed;
  ol_error_clear(error);
  if (text.len > OL_KEYSTORE_TEXT)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "text of the keystore is too long");
  OL_TRY(ol_json_read(error, &root, &arena, text.data, text.len));
  if (ol_json_find(&value, root, "encseed")) {
    OL_TRY(read_presale(error, &read, root));
  } else {
    OL_TRY(read_version_3(error, &read, root));
  }
  ol_keystore_kdf_of(&params, &read);
  OL_TRY(ol_error_in(error, ol_kdf_memory(error, &needed, &params), "kdfparams", OL_NOWHERE));
  *out = read;
  return OL_OK;
}
