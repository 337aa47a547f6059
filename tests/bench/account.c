/* SPDX-License-Identifier: MIT */
#include "openledger/account.h"

#include "work.h"

#include <string.h>

#define NODES_MAX 64

bool work_account(work_answer *answer, const char *group, const ol_hash *state_root) {
  ol_slice nodes[NODES_MAX], left = work_input(group, "nodes"), of = work_input(group, "address");
  size_t count = 0;
  while (left.len >= 4 && count < NODES_MAX) {
    size_t len = work_u32(left.data);
    if (len > left.len - 4) return false;
    nodes[count++] = (ol_slice){left.data + 4, len};
    left = (ol_slice){left.data + 4 + len, left.len - 4 - len};
  }
  ol_address address;
  if (count == 0 || left.len != 0 || of.len != sizeof address.bytes) return false;
  memcpy(address.bytes, of.data, of.len);
  ol_error error;
  ol_account account;
  if (ol_account_verify(&error, &account, state_root, &address, nodes, count) != OL_OK) return false;
  memcpy(answer->bytes, account.storage_root.bytes, 32);
  memcpy(answer->bytes + 32, account.balance.bytes, 32);
  return account.exists == 1;
}

bool account_proof(work_answer *answer, size_t count) {
  ol_slice root = work_input("account", "root");
  ol_hash state_root;
  if (root.len != sizeof state_root.bytes) return false;
  memcpy(state_root.bytes, root.data, root.len);
  bool proven = true;
  for (size_t i = 0; i < count && proven; i++) proven = work_account(answer, "account", &state_root);
  return proven;
}
