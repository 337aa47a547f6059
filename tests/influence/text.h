/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_INFLUENCE_TEXT_H
#define OL_TESTS_INFLUENCE_TEXT_H

/*
 * Small models of the next character, trained on passages of text, with the gradient of each passage: softmax regression on
 * the last three characters, or such a model frozen with adapters beside it, W + A B as LoRA has it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_FEATURES = 256, TEXT_CLASSES = 40, TEXT_RANK = 8, TEXT_FRONT = 3 };

/* A passage begins behind what its first characters are told from: TEXT_FRONT characters. */
typedef struct text_passage {
  const uint8_t *classes; /* below TEXT_CLASSES */
  size_t len;
} text_passage;

typedef struct text_model {
  bool has_adapter;
  uint32_t layers;
  uint64_t layer_len[2];
  size_t len;      /* of what is trained */
  double decay;    /* of the weights, as a part of the loss: decay / 2 |theta|^2 */
  double *base;    /* TEXT_FEATURES * TEXT_CLASSES, frozen */
  double *trained; /* that; or A (features * rank), then B (rank * classes) */
} text_model;

/* Out: one class for each byte: letters without case, digits, some marks, and what else there is in a few classes. */
void text_classes(uint8_t *bytes, size_t len);

/* In: what is frozen, which is kept; NULL for a model without adapter. Abort without memory. */
text_model text_model_new(double *base, uint64_t seed);
void text_model_free(text_model *model);

/* Adds `factor` times the gradient of the mean loss over a passage, in nats, to `gradient`, unless that is NULL. Returns: it. */
double text_loss(const text_model *model, text_passage passage, double *gradient, double factor);

/* Trains by one step a passage, in an order that follows from a seed, at a rate that falls to a tenth. */
void text_train(text_model *model, const text_passage *passages, size_t count, unsigned epochs, double rate,
                uint64_t seed);

/* Goes down the gradient of all passages but those that are left out, to where it is flat. Returns: steps. */
unsigned text_settle(text_model *model, const text_passage *passages, size_t count, size_t skip,
                     size_t skip_len, unsigned most);

#endif
