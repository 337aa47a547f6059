/* SPDX-License-Identifier: MIT */

/*
 * The native side of the figures. It measures when it is told to, so that whoever drives it can take turns
 * between it and others: for each line `NAME COUNT` on stdin it does the thing COUNT times and answers with a
 * line of nanoseconds for all of them.
 *
 *   openledger_bench [PROOF]
 *
 * PROOF: a state root, an address, and then the nodes, each after its length as a little-endian uint32.
 */
#include "crypto/keccak.h"
#include "openledger/account.h"
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NODES_MAX 64
#define PROOF_MAX (256u << 10)

static struct {
  uint8_t bytes[PROOF_MAX];
  ol_hash root;
  ol_address address;
  ol_slice nodes[NODES_MAX];
  size_t count;
} proof;

static bool read_proof(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  size_t len = fread(proof.bytes, 1, sizeof proof.bytes, file);
  fclose(file);
  size_t at = sizeof proof.root.bytes + sizeof proof.address.bytes;
  if (len < at) return false;
  memcpy(proof.root.bytes, proof.bytes, sizeof proof.root.bytes);
  memcpy(proof.address.bytes, proof.bytes + sizeof proof.root.bytes, sizeof proof.address.bytes);
  while (at < len && len - at >= 4 && proof.count < NODES_MAX) {
    const uint8_t *le = proof.bytes + at;
    size_t node_len = (size_t)le[0] | (size_t)le[1] << 8 | (size_t)le[2] << 16 | (size_t)le[3] << 24;
    at += 4;
    if (node_len > len - at) return false;
    proof.nodes[proof.count++] = (ol_slice){proof.bytes + at, node_len};
    at += node_len;
  }
  return at == len;
}

/* Both permutations start from here, and each run goes on from where the last one ended. */
static uint64_t own_state[25], reference_state[25];

static bool keccak_own(size_t count) {
  for (size_t i = 0; i < count; i++) ol_keccak_f1600(own_state);
  return true;
}

static bool keccak_reference(size_t count) {
  for (size_t i = 0; i < count; i++) reference_keccak_f1600(reference_state);
  return true;
}

static bool account_proof(size_t count) {
  ol_error error;
  ol_account account;
  bool proven = proof.count > 0;
  for (size_t i = 0; i < count && proven; i++) {
    ol_status status =
        ol_account_verify(&error, &account, &proof.root, &proof.address, proof.nodes, proof.count);
    proven = status == OL_OK && account.exists == 1;
  }
  return proven;
}

static const struct {
  const char *name;
  bool (*run)(size_t count);
} things[] = {
    {"keccak_own", keccak_own},
    {"keccak_reference", keccak_reference},
    {"account_proof", account_proof},
};

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static bool measure(const char *name, size_t count) {
  for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
    if (strcmp(things[i].name, name) != 0) continue;
    uint64_t start = now_ns();
    if (!things[i].run(count)) return false;
    printf("%llu\n", (unsigned long long)(now_ns() - start));
    return fflush(stdout) == 0;
  }
  return false;
}

int main(int argc, char **argv) {
  if (argc > 2 || (argc == 2 && !read_proof(argv[1]))) {
    fprintf(stderr, "usage: %s [PROOF]\n", argv[0]);
    return 2;
  }
  char line[128], name[64];
  size_t count;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (sscanf(line, "%63s %zu", name, &count) != 2 || !measure(name, count)) {
      fprintf(stderr, "%s: cannot do: %s", argv[0], line);
      return 1;
    }
  }
  /* The same permutations from the same start must have come to the same words. */
  uint64_t own[25] = {0}, reference[25] = {0};
  ol_keccak_f1600(own);
  reference_keccak_f1600(reference);
  return memcmp(own, reference, sizeof own) == 0 ? 0 : 1;
}
