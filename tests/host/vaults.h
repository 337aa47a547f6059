/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_HOST_VAULTS_H
#define OL_TESTS_HOST_VAULTS_H

/* Vaults as weak as they may be, so that they are made and opened fast. */

#include "openledger/host.h"

#include <stdlib.h>
#include <string.h>

#define VAULT_PASSWORD "correct horse battery staple"
#define VAULT_NAME "vault"

static const ol_vault_params vaults_params = {OL_VAULT_PASSES_LEAST, OL_VAULT_KIB_LEAST};

static inline ol_slice vaults_text(const char *text) {
  return (ol_slice){.data = (const uint8_t *)text, .len = strlen(text)};
}

/* Seals some content. In: what entropy and content follow from. */
static inline ol_status vaults_seal(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                    ol_slice content, uint8_t number) {
  ol_derivation *derivation;
  uint8_t entropy[64];
  const size_t room = ol_vault_memory(&vaults_params);
  void *memory = malloc(room);
  if (memory == NULL) return OL_ERR_MEMORY;
  for (size_t i = 0; i < sizeof entropy; i++) entropy[i] = (uint8_t)(number * 31 + i + 1);
  ol_status status = ol_vault_seal_begin(error, &derivation, &vaults_params, content,
                                         vaults_text(VAULT_PASSWORD), entropy, memory, room);
  if (status == OL_OK) {
    while (ol_derivation_step(derivation)) continue;
    status = ol_vault_seal_end(error, derivation, out, len, out_len);
  }
  free(memory);
  return status;
}

static inline ol_status vaults_open(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                    ol_slice vault, const char *password) {
  ol_derivation *derivation;
  const size_t room = ol_vault_memory(&vaults_params);
  void *memory = malloc(room);
  if (memory == NULL) return OL_ERR_MEMORY;
  ol_status status = ol_vault_open_begin(error, &derivation, vault, vaults_text(password), memory, room);
  if (status == OL_OK) {
    while (ol_derivation_step(derivation)) continue;
    status = ol_vault_open_end(error, derivation, out, len, out_len);
  }
  free(memory);
  return status;
}

#endif
