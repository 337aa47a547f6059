/* SPDX-License-Identifier: MIT */
#include "audit_step.h"

/* Trees as docs/attribution.md, section 1.1, has them; minima are those of the leaves. */

static const char tags[OL_OPENED_TREES][4] = {
    {'T', 'E', 'X', 'T'}, {'S', 'U', 'F', 'X'}, {'F', 'R', 'S', 'T'}, {'D', 'O', 'C', 'S'}};

enum { LEAF = 0, NODE = 1, ROOT = 2 };

typedef struct node {
  ol_hash hash;
  uint64_t minimum;
} node;

static uint8_t *put_front(uint8_t *at, uint8_t what, uint32_t tree) {
  *at++ = what;
  memcpy(at, tags[tree], sizeof tags[tree]);
  return at + sizeof tags[tree];
}

static uint8_t *put_node(uint8_t *at, uint32_t tree, const node *from) {
  if (tree == OL_OPENED_FIRST) {
    store_be64(at, from->minimum);
    at += 8;
  }
  memcpy(at, from->hash.bytes, sizeof from->hash.bytes);
  return at + sizeof from->hash.bytes;
}

static node join(uint32_t tree, const node *left, const node *right) {
  uint8_t bytes[5 + 2 * 40];
  uint8_t *at = put_front(bytes, NODE, tree);
  at = put_node(at, tree, left);
  at = put_node(at, tree, right);
  node out = {.minimum = left->minimum < right->minimum ? left->minimum : right->minimum};
  ol_keccak256(&out.hash, bytes, (size_t)(at - bytes));
  return out;
}

static node open_node(const audit_root *root, size_t level) {
  return (node){root->open[level], root->minima[level]};
}

void ol_audit_root_add(audit_root *root, ol_slice payload) {
  uint8_t bytes[5 + 8 + 128]; /* leaves that have their form are no longer */
  uint8_t *at = put_front(bytes, LEAF, root->tree);
  store_be64(at, root->leaves);
  memcpy(at + 8, payload.data, payload.len);
  node done = {.minimum = root->tree == OL_OPENED_FIRST ? load_be64(payload.data) : 0};
  ol_keccak256(&done.hash, bytes, 13 + payload.len);
  size_t level = 0;
  for (uint64_t bits = root->leaves; (bits & 1) != 0; bits >>= 1, level++) {
    node left = open_node(root, level);
    done = join(root->tree, &left, &done);
  }
  root->open[level] = done.hash;
  root->minima[level] = done.minimum;
  root->leaves++;
}

void ol_audit_root_end(const audit_root *root, ol_hash *out) {
  node top = {.minimum = 0};
  bool has_top = false;
  for (size_t level = 0; level < 64; level++) {
    if ((root->leaves >> level & 1) == 0) continue;
    node left = open_node(root, level);
    top = has_top ? join(root->tree, &left, &top) : left;
    has_top = true;
  }
  uint8_t bytes[5 + 8 + 40];
  uint8_t *at = put_front(bytes, ROOT, root->tree);
  store_be64(at, root->leaves);
  at = put_node(at + 8, root->tree, &top);
  ol_keccak256(out, bytes, (size_t)(at - bytes));
}
