/* SPDX-License-Identifier: MIT */

/* libsecp256k1 calls these on a programming error. The core has no stderr, so there is nothing to print to. */

void secp256k1_default_illegal_callback_fn(const char *message, void *data) {
  (void)message, (void)data;
  __builtin_trap();
}

void secp256k1_default_error_callback_fn(const char *message, void *data) {
  (void)message, (void)data;
  __builtin_trap();
}
