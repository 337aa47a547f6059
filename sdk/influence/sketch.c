/* SPDX-License-Identifier: MIT */
#include "sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ol_status ol_sketch_fail(ol_error *error, ol_status status, const char *part, uint32_t item,
                         const char *reason) {
  *error = (ol_error){.status = status,
                      .item = item,
                      .node = OL_NOWHERE,
                      .offset = OL_NOWHERE,
                      .part = part,
                      .field = "",
                      .reason = reason};
  return status;
}

const char *ol_sketch_fault(uint64_t *out_len, const ol_influence_options *options) {
  const uint64_t most = UINT64_C(1) << 40;
  uint64_t len = 0;
  if (options->d < 1 || options->d > OL_GRADIENT_DIMENSIONS) return "d is not 1 to 4,096";
  if (options->layers < 1) return "there are no layers";
  for (uint32_t i = 0; i < options->layers; i++) {
    if (options->layer_len[i] < 1 || options->layer_len[i] > most - len)
      return "a layer has no parameters, or all have too many";
    len += options->layer_len[i];
  }
  *out_len = len;
  return NULL;
}

/* Bit k mod 256 of block k / 256 is that of factor k, and set for -1. */
void ol_sketch_signs(double *out, const ol_hash *seed, uint64_t parameter, uint32_t d) {
  uint8_t text[9 + 32 + 8 + 4];
  memcpy(text, "ATR1.sign", 9);
  memcpy(text + 9, seed->bytes, 32);
  for (int i = 0; i < 8; i++) text[41 + i] = (uint8_t)(parameter >> (56 - 8 * i));
  for (uint32_t block = 0; 256 * block < d; block++) {
    ol_hash bits;
    for (int i = 0; i < 4; i++) text[49 + i] = (uint8_t)(block >> (24 - 8 * i));
    ol_keccak256(&bits, text, sizeof text);
    uint32_t end = d - 256 * block < 256 ? d - 256 * block : 256;
    for (uint32_t k = 0; k < end; k++)
      out[256 * block + k] = (bits.bytes[k / 8] >> k % 8 & 1) != 0 ? -1.0 : 1.0;
  }
}

bool ol_sketch_round(uint8_t out[2], double number) {
  double whole = round(number);
  if (!(whole >= INT16_MIN && whole <= INT16_MAX)) return false;
  uint16_t bits = (uint16_t)(int16_t)whole;
  out[0] = (uint8_t)(bits >> 8);
  out[1] = (uint8_t)bits;
  return true;
}

ol_status ol_influence_sketch(ol_error *error, double *out, const ol_influence_options *options,
                              const double *lambdas, const double *gradient) {
  uint64_t len = 0;
  const char *fault = ol_sketch_fault(&len, options);
  if (fault != NULL) return ol_sketch_fail(error, OL_ERR_ARGUMENT, "options", OL_NOWHERE, fault);
  for (uint64_t i = 0; i < len; i++) {
    if (!isfinite(gradient[i]))
      return ol_sketch_fail(error, OL_ERR_ARGUMENT, "gradient", i < OL_NOWHERE ? (uint32_t)i : OL_NOWHERE,
                            "is not a finite number");
  }
  const uint32_t d = options->d;
  double *signs = (double *)malloc(d * sizeof *signs);
  if (signs == NULL) return ol_sketch_fail(error, OL_ERR_MEMORY, "sketch", OL_NOWHERE, "there is no memory");
  memset(out, 0, d * sizeof *out);
  uint64_t parameter = 0;
  for (uint32_t layer = 0; layer < options->layers; layer++) {
    /* A layer in which no sample has a gradient has no say. */
    double factor = lambdas[layer] > 0 ? 1 / sqrt(lambdas[layer] * d) : 0;
    for (uint64_t i = 0; i < options->layer_len[layer]; i++, parameter++) {
      double number = gradient[parameter] * factor;
      if (number == 0) continue;
      ol_sketch_signs(signs, &options->seed, parameter, d);
      for (uint32_t k = 0; k < d; k++) out[k] += number * signs[k];
    }
  }
  free(signs);
  *error = (ol_error){
      .item = OL_NOWHERE, .node = OL_NOWHERE, .offset = OL_NOWHERE, .part = "", .field = "", .reason = ""};
  return OL_OK;
}

void ol_influence_vector(uint8_t *out, const double *sketch, uint32_t d) {
  double largest = 0;
  for (uint32_t k = 0; k < d; k++) largest = fabs(sketch[k]) > largest ? fabs(sketch[k]) : largest;
  for (uint32_t k = 0; k < d; k++) {
    /* Divided first, as 32,767 / largest need not be finite. */
    if (largest == 0 || !ol_sketch_round(out + 2 * k, sketch[k] / largest * INT16_MAX))
      memset(out + 2 * k, 0, 2);
  }
}
