/* SPDX-License-Identifier: MIT */
#include "provider/respond.h"

#include "base/poison.h"

void ol_provider_asked_by(ol_provider *provider, uint64_t subscriber) {
  if (provider->text_count > 0) provider->texts[provider->text_count - 1].subscriber = subscriber;
}

int ol_provider_subscription_at(const ol_provider *provider, ol_provider_subscription *out, uint32_t index) {
  if (index >= provider->subscription_count) return 0;
  *out = provider->subscriptions[index];
  return 1;
}

static void end(ol_provider *provider, uint32_t index) {
  provider->subscription_count--;
  memmove(&provider->subscriptions[index], &provider->subscriptions[index + 1],
          (provider->subscription_count - index) * sizeof *provider->subscriptions);
}

void ol_provider_gone(ol_provider *provider, uint64_t subscriber) {
  for (uint32_t i = provider->subscription_count; i-- > 0;) {
    if (provider->subscriptions[i].subscriber == subscriber) end(provider, i);
  }
}

static ol_job_step no_connection(ol_job *job) {
  return ol_job_fail(job, OL_RPC_NO_METHOD, OL_ERR_ARGUMENT,
                     "subscriptions need a connection that stays open");
}

ol_job_step ol_work_subscribe(ol_provider *provider, ol_job *job) {
  const uint64_t subscriber = ol_text_of(provider, job->index)->subscriber;
  if (subscriber == 0) return no_connection(job);
  if (provider->subscription_count == OL_PROVIDER_SUBSCRIPTIONS)
    return ol_job_fail(job, OL_RPC_LIMIT, OL_ERR_LIMIT, "there are 64 subscriptions already");
  job->number = ++provider->last_subscription;
  provider->subscriptions[provider->subscription_count++] =
      (ol_provider_subscription){.id = job->number, .subscriber = subscriber};
  return OL_STEP_DONE;
}

/* Nobody ends the subscription of another. */
ol_job_step ol_work_unsubscribe(ol_provider *provider, ol_job *job) {
  const uint64_t subscriber = ol_text_of(provider, job->index)->subscriber;
  if (subscriber == 0) return no_connection(job);
  job->full = false;
  for (uint32_t i = 0; i < provider->subscription_count; i++) {
    const ol_provider_subscription *one = &provider->subscriptions[i];
    if (one->id != job->number || one->subscriber != subscriber) continue;
    end(provider, i);
    job->full = true;
    break;
  }
  return OL_STEP_DONE;
}
