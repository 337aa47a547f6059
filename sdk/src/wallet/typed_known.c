/* SPDX-License-Identifier: MIT */
#include "wallet/typed_data.h"

#include "encoding/text.h"

#include "base/poison.h"

#define TOKEN_PERMISSIONS "TokenPermissions(address token,uint256 amount)"
#define PERMIT_DETAILS "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)"
#define AUTHORIZATION                                                                                        \
  "WithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 "  \
  "nonce)"

/* By their whole text, which says as much as its hash and can be written; in the order of ol_typed_kind. */
static const struct {
  const char *name, *type;
} kinds[] = {
    {NULL, NULL},
    {"Ballot (OpenZeppelin Governor)",
     "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"},
    {"ExtendedBallot (OpenZeppelin Governor)", "ExtendedBallot(uint256 proposalId,uint8 support,address "
                                               "voter,uint256 nonce,string reason,bytes params)"},
    {"Delegation (OpenZeppelin Votes)", "Delegation(address delegatee,uint256 nonce,uint256 expiry)"},
    {"Permit (EIP-2612)",
     "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"},
    {"Permit (DAI)", "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)"},
    {"PermitSingle (Permit2)",
     "PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)" PERMIT_DETAILS},
    {"PermitBatch (Permit2)",
     "PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)" PERMIT_DETAILS},
    {"PermitTransferFrom (Permit2)",
     "PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 "
     "deadline)" TOKEN_PERMISSIONS},
    {"PermitBatchTransferFrom (Permit2)",
     "PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 "
     "deadline)" TOKEN_PERMISSIONS},
    {"PermitWitnessTransferFrom (Permit2, x402 exact)",
     "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 "
     "deadline,Witness "
     "witness)" TOKEN_PERMISSIONS "Witness(address to,uint256 validAfter)"},
    {"TransferWithAuthorization (EIP-3009)", "Transfer" AUTHORIZATION},
    {"ReceiveWithAuthorization (EIP-3009)", "Receive" AUTHORIZATION},
    {"CancelAuthorization (EIP-3009)", "CancelAuthorization(address authorizer,bytes32 nonce)"},
    {"Stake (OpenLedger Staking)",
     "Stake(address recipient,uint256 configId,uint256 amount,uint256 startTime,uint256 nonce)"},
    {"AgentWalletSet (ERC-8004)",
     "AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"},
    {"AttributionReceipt (ATR-1)",
     "AttributionReceipt(uint32 version,uint32 flags,bytes32 clientNonce,address payer,bytes32 requestSha256,"
     "bytes32 responseSha256,bytes32 streamHead,uint64 responseBytes,bytes32 modelId,bytes32 adapterId,"
     "bytes32 runId,bytes32 corpusId,bytes32 gradientId,bytes32 policyId,bytes32 evidenceHash,"
     "bytes32 influenceHash,bytes32 splitRoot,uint128 totalWeight,uint32 contributors,address payToken,"
     "uint128 fee,uint128 contributorPool,uint64 servedAt,uint64 sequence,bytes32 previous)"},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

_Static_assert(KINDS == OL_TYPED_ATTRIBUTION_RECEIPT + 1, "a row for each kind");

ol_typed_kind ol_typed_kind_of(ol_slice encoded_type) {
  for (size_t i = 1; i < KINDS; i++) {
    if (ol_slice_is(encoded_type, kinds[i].type)) return (ol_typed_kind)i;
  }
  return OL_TYPED_UNKNOWN;
}

const char *ol_typed_kind_name(ol_typed_kind kind) {
  return (size_t)kind < KINDS ? kinds[kind].name : NULL;
}

ol_slice ol_typed_kind_type(ol_typed_kind kind) {
  return (size_t)kind < KINDS && kind != OL_TYPED_UNKNOWN ? ol_slice_text(kinds[kind].type) : (ol_slice){0};
}

ol_status ol_typed_kind_hash(ol_error *error, ol_hash *out, ol_typed_kind kind) {
  ol_slice type = ol_typed_kind_type(kind);
  ol_error_clear(error);
  if (type.len == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "kind is not known");
  ol_keccak256(out, type.data, type.len);
  return OL_OK;
}
