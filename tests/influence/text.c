/* SPDX-License-Identifier: MIT */
#include "influence/text.h"

#include "influence/datainf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ACTIVE = 4, FROZEN = TEXT_FEATURES * TEXT_CLASSES, A_LEN = TEXT_FEATURES * TEXT_RANK };

void text_classes(uint8_t *bytes, size_t len) {
  static const char marks[] = " \n.,';:-?!";
  for (size_t i = 0; i < len; i++) {
    const uint8_t byte = bytes[i] >= 'A' && bytes[i] <= 'Z' ? (uint8_t)(bytes[i] + 32) : bytes[i];
    const char *mark = byte == 0 ? NULL : strchr(marks, byte);
    if (byte >= 'a' && byte <= 'z') {
      bytes[i] = (uint8_t)(byte - 'a');
    } else if (mark != NULL) {
      bytes[i] = (uint8_t)(26 + (mark - marks));
    } else {
      bytes[i] = byte >= '0' && byte <= '9' ? 36 : (uint8_t)(37 + byte % 3);
    }
  }
}

static double *zeros(size_t count) {
  double *numbers = (double *)calloc(count, sizeof *numbers);
  if (numbers == NULL) abort();
  return numbers;
}

text_model text_model_new(double *base, uint64_t seed) {
  text_model model = {.has_adapter = base != NULL, .base = base, .layers = base != NULL ? 2 : 1};
  model.layer_len[0] = base != NULL ? A_LEN : FROZEN;
  model.layer_len[1] = base != NULL ? TEXT_RANK * TEXT_CLASSES : 0;
  model.len = model.layer_len[0] + model.layer_len[1];
  model.trained = zeros(model.len);
  for (size_t i = 0; i < A_LEN && base != NULL; i++)
    model.trained[i] = datainf_normal(&seed) / sqrt(TEXT_RANK);
  return model;
}

void text_model_free(text_model *model) {
  free(model->trained);
}

/* What is before a character, as features: always; the last; the last two; the last three, some of them falling together. */
static void features_of(size_t out[ACTIVE], const uint8_t *at) {
  out[0] = 0;
  out[1] = 1 + at[-1];
  out[2] = 41 + (at[-1] * 40u + at[-2]) * 2654435761u % 4294967291u % 95;
  out[3] = 136 + ((at[-1] * 40u + at[-2]) * 40u + at[-3]) * 2246822519u % 4294967291u % 120;
}

/* Out: probabilities of what is next; of an adapter, f A. */
static void predict(const text_model *model, double *out, double *inner, const size_t *features) {
  const double *weights = model->has_adapter ? model->base : model->trained;
  memset(out, 0, TEXT_CLASSES * sizeof *out);
  for (int i = 0; i < ACTIVE; i++)
    for (size_t c = 0; c < TEXT_CLASSES; c++) out[c] += weights[features[i] * TEXT_CLASSES + c];
  if (model->has_adapter) {
    memset(inner, 0, TEXT_RANK * sizeof *inner);
    for (int i = 0; i < ACTIVE; i++)
      for (size_t r = 0; r < TEXT_RANK; r++) inner[r] += model->trained[features[i] * TEXT_RANK + r];
    for (size_t r = 0; r < TEXT_RANK; r++)
      for (size_t c = 0; c < TEXT_CLASSES; c++)
        out[c] += inner[r] * model->trained[A_LEN + r * TEXT_CLASSES + c];
  }
  double most = out[0], sum = 0;
  for (size_t c = 1; c < TEXT_CLASSES; c++) most = out[c] > most ? out[c] : most;
  for (size_t c = 0; c < TEXT_CLASSES; c++) sum += out[c] = exp(out[c] - most);
  for (size_t c = 0; c < TEXT_CLASSES; c++) out[c] /= sum;
}

/* In: the loss's derivative by each score. */
static void go_back(const text_model *model, double *gradient, const double *by_score, const double *inner,
                    const size_t *features) {
  if (!model->has_adapter) {
    for (int i = 0; i < ACTIVE; i++)
      for (size_t c = 0; c < TEXT_CLASSES; c++) gradient[features[i] * TEXT_CLASSES + c] += by_score[c];
    return;
  }
  for (size_t r = 0; r < TEXT_RANK; r++) {
    const size_t b = A_LEN + r * TEXT_CLASSES;
    for (size_t c = 0; c < TEXT_CLASSES; c++) gradient[b + c] += inner[r] * by_score[c];
    const double by_inner = datainf_dot(model->trained + b, by_score, TEXT_CLASSES);
    for (int i = 0; i < ACTIVE; i++) gradient[features[i] * TEXT_RANK + r] += by_inner;
  }
}

double text_loss(const text_model *model, text_passage passage, double *gradient, double factor) {
  double loss = 0;
  const double part = factor / (double)passage.len;
  for (size_t i = 0; i < passage.len; i++) {
    size_t features[ACTIVE];
    double scores[TEXT_CLASSES], inner[TEXT_RANK] = {0};
    const uint8_t next = passage.classes[i];
    features_of(features, passage.classes + i);
    predict(model, scores, inner, features);
    loss -= log(scores[next]);
    if (gradient == NULL) continue;
    scores[next] -= 1;
    for (size_t c = 0; c < TEXT_CLASSES; c++) scores[c] *= part;
    go_back(model, gradient, scores, inner, features);
  }
  return loss / (double)passage.len;
}

void text_train(text_model *model, const text_passage *passages, size_t count, unsigned epochs, double rate,
                uint64_t seed) {
  double *gradient = zeros(model->len);
  const size_t steps = (size_t)epochs * count;
  for (size_t step = 0; step < steps; step++) {
    const size_t passage = (size_t)(datainf_uniform(&seed) * (double)count);
    const double now = rate * (1 - 0.9 * (double)step / (double)steps);
    memset(gradient, 0, model->len * sizeof *gradient);
    (void)text_loss(model, passages[passage], gradient, 1);
    for (size_t i = 0; i < model->len; i++)
      model->trained[i] -= now * (gradient[i] + model->decay * model->trained[i]);
  }
  free(gradient);
}

unsigned text_settle(text_model *model, const text_passage *passages, size_t count, size_t skip,
                     size_t skip_len, unsigned most) {
  double *gradient = zeros(2 * model->len), *speed = gradient + model->len;
  unsigned step = 0;
  for (double square = 1; step < most && square > 1e-11; step++) {
    memset(gradient, 0, model->len * sizeof *gradient);
    for (size_t i = 0; i < count; i++) {
      if (i >= skip && i < skip + skip_len) continue;
      (void)text_loss(model, passages[i], gradient, 1.0 / (double)count);
    }
    square = 0;
    for (size_t i = 0; i < model->len; i++) {
      const double by = gradient[i] + model->decay * model->trained[i];
      square += by * by;
      speed[i] = 0.9 * speed[i] - 0.25 * by;
      model->trained[i] += speed[i];
    }
  }
  free(gradient);
  return step;
}
