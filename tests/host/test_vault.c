/* SPDX-License-Identifier: MIT */

/* A vault on disk: what becomes of it when the disk is full, when it is damaged, and when the password is wrong. */

#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE

#include "host/vaults.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define CONTENT "what an owner keeps"
#define CONTENT_LEN (sizeof CONTENT - 1)
#define VAULT_LEN (OL_VAULT_OVERHEAD + CONTENT_LEN)

static ol_error error;
static ol_state *state;
static char place[64];
static uint8_t vault[VAULT_LEN], next[VAULT_LEN];

/* --- A disk with so many bytes left; the linker puts it in front --- */

static size_t room_left = SIZE_MAX;

#if !defined(__APPLE__)
ssize_t __real_write(int file, const void *bytes, size_t len);
ssize_t __wrap_write(int file, const void *bytes, size_t len);

ssize_t __wrap_write(int file, const void *bytes, size_t len) {
  if (room_left == 0) {
    errno = ENOSPC;
    return -1;
  }
  const size_t most = len < room_left ? len : room_left;
  if (room_left != SIZE_MAX) room_left -= most;
  return __real_write(file, bytes, most);
}
#endif

static int set_up(void **unused) {
  size_t len = 0;
  (void)unused;
  snprintf(place, sizeof place, "/tmp/openledger-vault-XXXXXX");
  if (mkdtemp(place) == NULL || ol_state_open(&error, &state, place) != OL_OK) return -1;
  if (vaults_seal(&error, vault, sizeof vault, &len, vaults_text(CONTENT), 1) != OL_OK || len != sizeof vault)
    return -1;
  return vaults_seal(&error, next, sizeof next, &len, vaults_text("what is kept anew.."), 2) == OL_OK ? 0
                                                                                                      : -1;
}

static int tear_down(void **unused) {
  char command[96];
  (void)unused;
  ol_state_close(state);
  snprintf(command, sizeof command, "rm -rf %s", place);
  return system(command);
}

static ol_status save(const uint8_t *bytes) {
  return ol_state_write(&error, state, VAULT_NAME, bytes, VAULT_LEN);
}

/* Reads the vault, and opens it if it can be. Out: the content, with a zero behind it. */
static ol_status load(char out[CONTENT_LEN + 1], const char *password) {
  uint8_t *bytes;
  size_t len = 0, content_len = 0;
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, VAULT_NAME, 4096), OL_OK);
  assert_non_null(bytes);
  memset(out, 0, CONTENT_LEN + 1);
  ol_status status =
      vaults_open(&error, (uint8_t *)out, CONTENT_LEN, &content_len, (ol_slice){bytes, len}, password);
  ol_host_free_file(bytes);
  return status;
}

#if !defined(__APPLE__)
/* At every byte where the disk can become full. */
static void keeps_the_old_when_the_disk_is_full(void **unused) {
  char content[CONTENT_LEN + 1];
  (void)unused;
  assert_int_equal(save(vault), OL_OK);
  for (size_t left = 0; left < VAULT_LEN; left++) {
    uint8_t *bytes;
    size_t len = 0;
    room_left = left;
    ol_status status = save(next);
    room_left = SIZE_MAX;
    assert_int_equal(status, OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "the disk is full");
    assert_int_equal(ol_state_read(&error, state, &bytes, &len, VAULT_NAME, 4096), OL_OK);
    assert_int_equal(len, VAULT_LEN);
    assert_memory_equal(bytes, vault, VAULT_LEN);
    ol_host_free_file(bytes);
  }
  assert_int_equal(load(content, VAULT_PASSWORD), OL_OK);
  assert_string_equal(content, CONTENT);
  room_left = VAULT_LEN; /* just enough */
  assert_int_equal(save(next), OL_OK);
  room_left = SIZE_MAX;
  assert_int_equal(load(content, VAULT_PASSWORD), OL_OK);
  assert_string_equal(content, "what is kept anew..");
}
#endif

static void tells_a_wrong_password_from_damage(void **unused) {
  char content[CONTENT_LEN + 1];
  (void)unused;
  assert_int_equal(save(vault), OL_OK);
  assert_int_equal(load(content, "correct horse battery stable"), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "the password is wrong");
  assert_string_equal(content, "");
  assert_int_equal(load(content, VAULT_PASSWORD), OL_OK); /* nothing was lost by trying */
  assert_string_equal(content, CONTENT);
}

/* Every byte of the file, by its lowest bit, its highest and all. */
static void tells_every_damaged_byte(void **unused) {
  static const uint8_t changes[] = {0x01, 0x80, 0xff};
  char content[CONTENT_LEN + 1];
  uint8_t bytes[VAULT_LEN];
  (void)unused;
  for (size_t at = 0; at < VAULT_LEN; at++) {
    for (size_t i = 0; i < sizeof changes; i++) {
      memcpy(bytes, vault, sizeof bytes);
      bytes[at] ^= changes[i];
      assert_int_equal(save(bytes), OL_OK);
      const bool of_magic = at < 7, of_length = at >= 56 && at < 60;
      assert_int_equal(load(content, VAULT_PASSWORD),
                       of_magic || of_length ? OL_ERR_ENCODING : OL_ERR_MISMATCH);
      const char *why = of_magic                ? "bytes are no vault"
                        : !of_length            ? "vault is damaged: its checksum is wrong"
                        : bytes[at] > vault[at] ? "vault is cut short"
                                                : "vault has bytes behind its end";
      assert_string_equal(error.reason, why);
      assert_string_equal(content, "");
    }
  }
}

static void tells_every_length(void **unused) {
  char content[CONTENT_LEN + 1];
  (void)unused;
  for (size_t len = 0; len < VAULT_LEN; len++) {
    assert_int_equal(ol_state_write(&error, state, VAULT_NAME, vault, len), OL_OK);
    assert_int_equal(load(content, VAULT_PASSWORD), OL_ERR_ENCODING);
    assert_string_equal(error.reason, len < 7 ? "bytes are no vault" : "vault is cut short");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
#if !defined(__APPLE__)
    cmocka_unit_test_setup_teardown(keeps_the_old_when_the_disk_is_full, set_up, tear_down),
#endif
    cmocka_unit_test_setup_teardown(tells_a_wrong_password_from_damage, set_up, tear_down),
    cmocka_unit_test_setup_teardown(tells_every_damaged_byte, set_up, tear_down),
    cmocka_unit_test_setup_teardown(tells_every_length, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
