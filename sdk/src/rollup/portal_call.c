/* SPDX-License-Identifier: MIT */
#include "encoding/abi_write.h"
#include "encoding/rlp.h"
#include "openledger/header.h"
#include "openledger/withdrawal.h"
#include "trie/trie.h"

#include "base/poison.h"

/* Selectors: keccak-256 of the signatures in the comments; a withdrawal is (uint256,address,address,uint256,uint256,bytes) */
#define PROVE 0x4870496fu         /* proveWithdrawalTransaction(withdrawal,uint256,(bytes32 x 4),bytes[]) */
#define FINALIZE 0x8c3152e9u      /* finalizeWithdrawalTransaction(withdrawal) */
#define FINALIZE_OF 0x43ca1c50u   /* finalizeWithdrawalTransactionExternalProof(withdrawal,address) */
#define DEPOSIT 0xe9e05c42u       /* depositTransaction(address,uint256,uint64,bool,bytes) */
#define DEPOSIT_ERC20 0x149f2f22u /* depositERC20Transaction(address,uint256,uint256,uint64,bool,bytes) */
#define APPROVE 0x095ea7b3u       /* approve(address,uint256) */

static ol_status end(ol_error *error, ol_call *out, const ol_abi_writer *from, const ol_address *to,
                     const ol_u256 *value) {
  ol_slice input;
  OL_TRY(ol_abi_end(error, &input, from));
  *out = (ol_call){.to = *to, .value = *value, .data = input};
  return OL_OK;
}

static const ol_u256 nothing;

/* --- Withdrawals --- */

static void put_withdrawal(ol_abi_writer *to, ol_abi_frame *in, const ol_withdrawal *withdrawal) {
  ol_abi_frame of = ol_abi_put_tuple(to, in, 6);
  ol_abi_put_word(to, &of, &withdrawal->nonce);
  ol_abi_put_address(to, &of, &withdrawal->sender);
  ol_abi_put_address(to, &of, &withdrawal->target);
  ol_abi_put_word(to, &of, &withdrawal->value);
  ol_abi_put_word(to, &of, &withdrawal->gas_limit);
  ol_abi_put_bytes(to, &of, withdrawal->data);
}

static ol_status check_target(ol_error *error, const ol_withdrawal *withdrawal, const ol_address *portal) {
  if (memcmp(&withdrawal->target, portal, sizeof *portal) == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "withdrawal is to the portal, which takes none");
  return OL_OK;
}

static ol_status check_output(ol_error *error, const ol_withdrawal_output *output) {
  ol_hash root;
  ol_output_root_v0(&root, &output->state_root, &output->message_passer_root, &output->block_hash);
  if (!ol_hash_equal(&root, &output->root))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "output root is made of other parts");
  return OL_OK;
}

/*
 * Nodes of less than 32 bytes are inside those before them, and the portal wants them behind those as well: at most an
 * extension, a branch and a leaf, as more do not fit into one another.
 */
#define EMBEDDED_NODES 3

typedef struct node_list {
  const ol_slice *proof;
  size_t proof_len;
  ol_slice embedded[EMBEDDED_NODES];
  size_t embedded_len;
} node_list;

/* Out: the node that is embedded in another on the way to a value. Returns: false when there is none. */
static bool find_embedded(ol_slice *out, ol_slice node, const uint8_t *value) {
  ol_error unused; /* the node was checked by the proof */
  ol_rlp cursor = ol_rlp_of(node), items;
  ol_rlp_item item;
  if (ol_rlp_list(&unused, &items, &cursor) != OL_OK) return false;
  while (ol_rlp_more(&items) && ol_rlp_next(&unused, &item, &items) == OL_OK) {
    const uint8_t *start = item.whole.data;
    if (value < start || value >= start + item.whole.len) continue;
    *out = item.whole;
    return item.list;
  }
  return false;
}

/* Proves that a withdrawal was sent: its slot holds 1. */
static ol_status prove_sent(ol_error *error, node_list *nodes, const ol_withdrawal *withdrawal,
                            const ol_hash *root) {
  ol_hash hash, key;
  ol_u256 slot;
  ol_slice value;
  ol_withdrawal_hash(&hash, withdrawal);
  ol_withdrawal_slot(&slot, &hash);
  ol_keccak256(&key, slot.bytes, sizeof slot.bytes);
  OL_TRY(ol_trie_prove(error, &value, root, key.bytes, sizeof key.bytes, nodes->proof, nodes->proof_len));
  if (value.data == NULL) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "withdrawal was not sent");
  if (value.len != 1 || value.data[0] != 1)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "withdrawal's slot does not hold 1");
  ol_slice node = nodes->proof[nodes->proof_len - 1];
  while (nodes->embedded_len < EMBEDDED_NODES && find_embedded(&node, node, value.data))
    nodes->embedded[nodes->embedded_len++] = node;
  return OL_OK;
}

static const ol_slice *node_at(const node_list *nodes, size_t index) {
  return index < nodes->proof_len ? &nodes->proof[index] : &nodes->embedded[index - nodes->proof_len];
}

static void put_nodes(ol_abi_writer *to, ol_abi_frame *in, const node_list *nodes) {
  size_t count = nodes->proof_len + nodes->embedded_len;
  ol_abi_frame of = ol_abi_put_array(to, in, count, count);
  for (size_t i = 0; i < count; i++) ol_abi_put_bytes(to, &of, *node_at(nodes, i));
}

ol_status ol_withdrawal_prove_call(ol_error *error, ol_call *out, const ol_address *portal,
                                   const ol_withdrawal *withdrawal, const ol_withdrawal_output *output,
                                   const ol_slice *proof, size_t proof_len, void *memory, size_t len) {
  node_list nodes = {.proof = proof, .proof_len = proof_len};
  ol_abi_writer to;
  ol_error_clear(error);
  OL_TRY(check_target(error, withdrawal, portal));
  OL_TRY(check_output(error, output));
  OL_TRY(ol_error_in(error, prove_sent(error, &nodes, withdrawal, &output->message_passer_root),
                     "storageProof", OL_NOWHERE));
  ol_abi_frame in = ol_abi_begin_call(&to, PROVE, 7, memory, len);
  put_withdrawal(&to, &in, withdrawal);
  ol_abi_put_u64(&to, &in, output->index);
  ol_abi_put_u64(&to, &in, 0); /* the version of the output root */
  ol_abi_put_hash(&to, &in, &output->state_root);
  ol_abi_put_hash(&to, &in, &output->message_passer_root);
  ol_abi_put_hash(&to, &in, &output->block_hash);
  put_nodes(&to, &in, &nodes);
  return end(error, out, &to, portal, &nothing);
}

ol_status ol_withdrawal_finalize_call(ol_error *error, ol_call *out, const ol_address *portal,
                                      ol_portal_kind kind, const ol_withdrawal *withdrawal,
                                      const ol_address *submitter, void *memory, size_t len) {
  ol_abi_writer to;
  ol_error_clear(error);
  OL_TRY(check_target(error, withdrawal, portal));
  if (submitter != NULL && kind == OL_PORTAL_OUTPUTS)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "portal of outputs knows no submitters");
  ol_abi_frame in = submitter != NULL ? ol_abi_begin_call(&to, FINALIZE_OF, 2, memory, len)
                                      : ol_abi_begin_call(&to, FINALIZE, 1, memory, len);
  put_withdrawal(&to, &in, withdrawal);
  if (submitter != NULL) ol_abi_put_address(&to, &in, submitter);
  return end(error, out, &to, portal, &nothing);
}

/* --- Deposits --- */

uint64_t ol_deposit_gas(ol_portal_kind kind, uint64_t data_len) {
  return data_len * (kind == OL_PORTAL_REGISTRY ? 40 : 16) + 21000; /* minimumGasLimit */
}

static ol_status check_deposit(ol_error *error, ol_portal_kind kind, ol_gas_scheme scheme,
                               const ol_deposit *deposit) {
  const char *reason = NULL;
  if (deposit->is_create > 1)
    reason = "deposit's is_create is neither 0 nor 1";
  else if (deposit->is_create != 0 && !ol_address_is_zero(&deposit->to))
    reason = "deposit that creates a contract has a receiver";
  else if (deposit->data.len > OL_DEPOSIT_DATA)
    reason = "deposit has more than 120000 bytes of data";
  else if (deposit->gas_limit < ol_deposit_gas(kind, deposit->data.len))
    reason = "deposit has less gas than the portal takes";
  else if (scheme == OL_GAS_ERC20 && kind != OL_PORTAL_OUTPUTS)
    reason = "portal of games knows no token";
  else if (scheme == OL_GAS_NATIVE && !ol_u256_is_zero(&deposit->mint))
    reason = "portal takes nothing where the gas token is made on L2";
  return reason == NULL ? OL_OK : ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

ol_status ol_deposit_call(ol_error *error, ol_call *out, const ol_address *portal, ol_portal_kind kind,
                          ol_gas_scheme scheme, const ol_deposit *deposit, void *memory, size_t len) {
  bool erc20 = scheme == OL_GAS_ERC20;
  ol_abi_writer to;
  ol_error_clear(error);
  OL_TRY(check_deposit(error, kind, scheme, deposit));
  ol_abi_frame in = erc20 ? ol_abi_begin_call(&to, DEPOSIT_ERC20, 6, memory, len)
                          : ol_abi_begin_call(&to, DEPOSIT, 5, memory, len);
  ol_abi_put_address(&to, &in, &deposit->to);
  if (erc20) ol_abi_put_word(&to, &in, &deposit->mint);
  ol_abi_put_word(&to, &in, &deposit->value);
  ol_abi_put_u64(&to, &in, deposit->gas_limit);
  ol_abi_put_u64(&to, &in, deposit->is_create);
  ol_abi_put_bytes(&to, &in, deposit->data);
  return end(error, out, &to, portal, erc20 ? &nothing : &deposit->mint);
}

ol_status ol_deposit_approve_call(ol_error *error, ol_call *out, const ol_address *token,
                                  const ol_address *portal, const ol_u256 *amount, void *memory, size_t len) {
  ol_abi_writer to;
  ol_error_clear(error);
  ol_abi_frame in = ol_abi_begin_call(&to, APPROVE, 2, memory, len);
  ol_abi_put_address(&to, &in, portal);
  ol_abi_put_word(&to, &in, amount);
  return end(error, out, &to, token, &nothing);
}
