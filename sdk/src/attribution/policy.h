/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_POLICY_H
#define OL_ATTRIBUTION_POLICY_H

#include "openledger/evidence.h"

#include "base/base.h"

#define OL_BASIS_POINTS 10000u

/* Checks a policy that the caller made. Returns: OL_ERR_ARGUMENT with the field's name. */
OL_CHECKED ol_status ol_attribution_policy_check(ol_error *error,
                                                 const ol_attribution_policy *policy) OL_NONNULL;

#endif
