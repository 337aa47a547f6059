/* SPDX-License-Identifier: MIT */
#include "rollup/system_config.h"

#include "base/poison.h"

/* clang-format off */
/* Each but the second is keccak-256 of what is beside it. */
const ol_system_config_slots ol_system_config = {
    /* "systemconfig.unsafeblocksigner", not less one */
    .unsafe_block_signer = {{0x65, 0xa7, 0xed, 0x54, 0x2f, 0xb3, 0x7f, 0xe2, 0x37, 0xfd, 0xfb, 0xdd, 0x70, 0xb3, 0x15, 0x98,
                          0x52, 0x3f, 0xe5, 0xb3, 0x28, 0x79, 0xe3, 0x07, 0xba, 0xe2, 0x7a, 0x0b, 0xd9, 0x58, 0x1c, 0x08}},
    .batcher_hash = {{[31] = 103}},
    /* "opstack.gaspayingtoken", less one */
    .gas_token = {{0x04, 0xad, 0xb1, 0x41, 0x2b, 0x2d, 0xdc, 0x16, 0xfc, 0xc0, 0xd4, 0x53, 0x8d, 0x5c, 0x8f, 0x07,
                          0xcf, 0x9c, 0x83, 0xab, 0xec, 0xc6, 0xb4, 0x1f, 0x6f, 0x69, 0x03, 0x7b, 0x70, 0x8f, 0xbc, 0xeb}},
    /* "opstack.gaspayingtokenname", less one */
    .gas_token_name = {{0x65, 0x7c, 0x35, 0x82, 0xc2, 0x9b, 0x31, 0x76, 0x61, 0x4e, 0x3a, 0x33, 0xdd, 0xd1, 0xec, 0x48,
                          0x35, 0x26, 0x96, 0xa0, 0x4e, 0x92, 0xb3, 0xc0, 0x56, 0x6d, 0x72, 0x01, 0x0f, 0xa8, 0x86, 0x3c}},
    /* "opstack.gaspayingtokensymbol", less one */
    .gas_token_symbol = {{0xa4, 0x8b, 0x38, 0xa4, 0xb4, 0x49, 0x51, 0x36, 0x0f, 0xbd, 0xcb, 0xfa, 0xae, 0xae, 0x5e, 0xd6,
                          0xae, 0x92, 0x58, 0x54, 0x12, 0xe9, 0x84, 0x1b, 0x70, 0xec, 0x72, 0xed, 0x8c, 0xd0, 0x57, 0x63}},
    /* the text "CUSTOM_GAS_TOKEN" in 32 bytes, and 109, where isFeatureEnabled is */
    .custom_gas_token = {{0x3e, 0xc9, 0xa1, 0x8b, 0xd2, 0x2a, 0x83, 0x4e, 0x2a, 0x13, 0x46, 0x5c, 0xc2, 0xaa, 0x2a, 0x9a,
                          0xeb, 0xb1, 0x61, 0xff, 0xde, 0xbf, 0x39, 0xcd, 0xb0, 0x02, 0x8d, 0xbb, 0x1b, 0x53, 0x94, 0xb4}},
};
/* clang-format on */

/* Constants.ETHER: the token that is none */
static const ol_address ether = {{0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                  0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee}};

#define ETHER_DECIMALS 18u

static ol_status unproven(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason);
}

ol_status ol_unsafe_signer_read(ol_error *error, ol_address *out, const ol_u256 *value) {
  if (ol_u256_is_zero(value)) return unproven(error, "nobody signs unsafe blocks");
  return ol_slot_address(error, out, value);
}

ol_status ol_batcher_read(ol_error *error, ol_address *out, const ol_u256 *value) {
  if (ol_u256_is_zero(value)) return unproven(error, "there is no batcher");
  return ol_slot_address(error, out, value);
}

/* GasPayingToken.getToken, and isCustomGasToken */
static ol_status read_erc20(ol_error *error, ol_gas_token *out, const ol_u256 *value) {
  if (!ol_slot_is_zero(value, 21, 11))
    return unproven(error, "slot holds more than a token and its decimals");
  ol_gas_token token = {.scheme = OL_GAS_ERC20, .decimals = (uint8_t)ol_slot_read(value, 20, 1)};
  memcpy(token.token.bytes, value->bytes + 12, sizeof token.token.bytes);
  if (ol_address_is_zero(&token.token) || memcmp(&token.token, &ether, sizeof ether) == 0) return OL_OK;
  *out = token;
  return OL_OK;
}

ol_status ol_gas_token_read(ol_error *error, ol_gas_token *out, const ol_release *release,
                            const ol_u256 *token, const ol_u256 *custom) {
  OL_ASSERT(release->contract == OL_CONTRACT_SYSTEM_CONFIG);
  ol_gas_token found = {.scheme = OL_GAS_ETHER, .decimals = ETHER_DECIMALS};
  if (release->form == OL_FORM_ERC20) OL_TRY(read_erc20(error, &found, token));
  if (release->form == OL_FORM_FEATURES) {
    if (!ol_slot_is_zero(custom, 1, 31) || ol_slot_read(custom, 0, 1) > 1)
      return unproven(error, "feature is neither on nor off");
    if (!ol_u256_is_zero(custom)) found.scheme = OL_GAS_NATIVE;
  }
  *out = found;
  return OL_OK;
}

ol_status ol_gas_token_text_read(ol_error *error, char out[OL_GAS_TOKEN_TEXT], const ol_u256 *value) {
  size_t len = 0;
  while (len < sizeof value->bytes && value->bytes[len] != 0) {
    if (value->bytes[len] < ' ' || value->bytes[len] > '~')
      return ol_fail(error, OL_ERR_PROOF, len, "text of a gas token has other than printable ASCII");
    len++;
  }
  if (!ol_is_zero(ol_slice_of(value->bytes + len, sizeof value->bytes - len)))
    return ol_fail(error, OL_ERR_PROOF, len, "text of a gas token has bytes behind its end");
  memcpy(out, value->bytes, len);
  out[len] = 0;
  return OL_OK;
}
