/* SPDX-License-Identifier: MIT */
#include "ledger/known.h"

#include "base/poison.h"

#define OPEN (1u << OL_KNOWN_OPEN)
#define GOPEN (1u << OL_KNOWN_GOPEN)
#define WOPEN (1u << OL_KNOWN_WOPEN)
#define GOVERNOR (1u << OL_KNOWN_GOVERNOR)
#define TIMELOCK (1u << OL_KNOWN_TIMELOCK)
#define STAKING (1u << OL_KNOWN_STAKING)
#define BANK (1u << OL_KNOWN_BANK)
#define DISPERSAL (1u << OL_KNOWN_DISPERSAL)
#define DATANETS (1u << OL_KNOWN_DATANETS)
#define MODELS (1u << OL_KNOWN_MODELS)
#define NODES (1u << OL_KNOWN_NODES)
#define ATTRIBUTION (1u << OL_KNOWN_ATTRIBUTION)
#define GRANTS (1u << OL_KNOWN_GRANTS)
#define BRIDGE (1u << OL_KNOWN_BRIDGE)
#define PORTAL (1u << OL_KNOWN_PORTAL)
#define PASSER (1u << OL_KNOWN_PASSER)
_Static_assert(OL_KNOWN_KINDS <= 16, "kinds are bits of ol_known.kinds");

#define PAYS OL_KNOWN_PAYS
#define SPENDS OL_KNOWN_SPENDS
#define ALLOWS OL_KNOWN_ALLOWS
#define WITHDRAWAL                                                                                           \
  "(uint256 nonce,address sender,address target,uint256 value,uint256 gasLimit,bytes data) withdrawal"

/* clang-format off */
static const ol_known functions[] = {
    /* OPEN on L1, GOPEN, WOPEN */
    {0xa9059cbbu, OPEN | GOPEN | WOPEN, SPENDS, "transfer(address to,uint256 amount)"},
    {0x23b872ddu, OPEN | GOPEN | WOPEN, SPENDS, "transferFrom(address from,address to,uint256 amount)"},
    {0x095ea7b3u, OPEN | GOPEN | WOPEN, ALLOWS, "approve(address spender,uint256 amount)"},
    {0x42966c68u, OPEN, SPENDS, "burn(uint256 amount)"},
    {0x79cc6790u, OPEN, SPENDS, "burnFrom(address account,uint256 amount)"},
    {0xd505accfu, GOPEN, ALLOWS, "permit(address owner,address spender,uint256 amount,uint256 deadline,uint8 v,bytes32 r,bytes32 s)"},
    {0xd0e30db0u, GOPEN | WOPEN, PAYS, "deposit()"},
    {0x2e1a7d4du, GOPEN | WOPEN, SPENDS, "withdraw(uint256 amount)"},
    {0x5c19a95cu, GOPEN, ALLOWS, "delegate(address delegatee)"},
    {0xc3cda520u, GOPEN, ALLOWS, "delegateBySig(address delegatee,uint256 nonce,uint256 expiry,uint8 v,bytes32 r,bytes32 s)"},
    /* Governor: of OpenZeppelin 5, and of 4 what differs */
    {0x7d5e81e2u, GOVERNOR, 0, "propose(address[] targets,uint256[] values,bytes[] calldatas,string description)"},
    {0x56781388u, GOVERNOR, 0, "castVote(uint256 proposalId,uint8 support)"},
    {0x7b3c71d3u, GOVERNOR, 0, "castVoteWithReason(uint256 proposalId,uint8 support,string reason)"},
    {0x5f398a14u, GOVERNOR, 0, "castVoteWithReasonAndParams(uint256 proposalId,uint8 support,string reason,bytes params)"},
    {0x8ff262e3u, GOVERNOR, 0, "castVoteBySig(uint256 proposalId,uint8 support,address voter,bytes signature)"},
    {0x5b8d0e0du, GOVERNOR, 0, "castVoteWithReasonAndParamsBySig(uint256 proposalId,uint8 support,address voter,string reason,bytes params,bytes signature)"},
    {0x3bccf4fdu, GOVERNOR, 0, "castVoteBySig(uint256 proposalId,uint8 support,uint8 v,bytes32 r,bytes32 s)"},
    {0x03420181u, GOVERNOR, 0, "castVoteWithReasonAndParamsBySig(uint256 proposalId,uint8 support,string reason,bytes params,uint8 v,bytes32 r,bytes32 s)"},
    {0x160cbed7u, GOVERNOR, 0, "queue(address[] targets,uint256[] values,bytes[] calldatas,bytes32 descriptionHash)"},
    {0x2656227du, GOVERNOR, PAYS, "execute(address[] targets,uint256[] values,bytes[] calldatas,bytes32 descriptionHash)"},
    {0x452115d6u, GOVERNOR, 0, "cancel(address[] targets,uint256[] values,bytes[] calldatas,bytes32 descriptionHash)"},
    {0xddf0b009u, GOVERNOR, 0, "queue(uint256 proposalId)"},
    {0xfe0d94c1u, GOVERNOR, PAYS, "execute(uint256 proposalId)"},
    {0x40e58ee5u, GOVERNOR, 0, "cancel(uint256 proposalId)"},
    /* what proposals do */
    {0x79051887u, GOVERNOR, ALLOWS, "setVotingDelay(uint48 seconds)"},
    {0xe540d01du, GOVERNOR, ALLOWS, "setVotingPeriod(uint32 seconds)"},
    {0xece40cc1u, GOVERNOR, ALLOWS, "setProposalThreshold(uint256 votes)"},
    {0x06f3f9e6u, GOVERNOR, ALLOWS, "updateQuorumNumerator(uint256 percent)"},
    {0xa890c910u, GOVERNOR, ALLOWS, "updateTimelock(address timelock)"},
    {0xc28bc2fau, GOVERNOR, PAYS, "relay(address target,uint256 value,bytes data)"},
    {0x01d5062au, TIMELOCK, 0, "schedule(address target,uint256 value,bytes data,bytes32 predecessor,bytes32 salt,uint256 delay)"},
    {0x8f2a0bb0u, TIMELOCK, 0, "scheduleBatch(address[] targets,uint256[] values,bytes[] payloads,bytes32 predecessor,bytes32 salt,uint256 delay)"},
    {0x134008d3u, TIMELOCK, PAYS, "execute(address target,uint256 value,bytes payload,bytes32 predecessor,bytes32 salt)"},
    {0xe38335e5u, TIMELOCK, PAYS, "executeBatch(address[] targets,uint256[] values,bytes[] payloads,bytes32 predecessor,bytes32 salt)"},
    {0xc4d252f5u, TIMELOCK, 0, "cancel(bytes32 operation)"},
    {0x64d62353u, TIMELOCK, ALLOWS, "updateDelay(uint256 seconds)"},
    {0x2f2ff15du, TIMELOCK, ALLOWS, "grantRole(bytes32 role,address account)"},
    {0xd547741fu, TIMELOCK, ALLOWS, "revokeRole(bytes32 role,address account)"},
    {0x36568abeu, TIMELOCK, ALLOWS, "renounceRole(bytes32 role,address account)"},
    /* Staking and rewards */
    {0x6e9c931cu, STAKING, SPENDS, "stake(uint256 configId,address onBehalfOf,uint256 amount)"},
    {0x08c3c4d5u, STAKING, SPENDS, "topUpStake(uint256 stakeId,uint256 amount)"},
    {0xd2406a4fu, STAKING, 0, "commitStake(bytes permit)"},
    {0x23095721u, STAKING, 0, "requestUnstake(uint256 stakeId)"},
    {0x50027f84u, STAKING, 0, "requestUnstakeWithCommitment(uint256 stakeId,uint256 configId,uint256 startTime,uint256 nonce,uint256 amount)"},
    {0x2e17de78u, STAKING, 0, "unstake(uint256 stakeId)"},
    {0xe1f21c67u, BANK, ALLOWS, "approve(address token,address spender,uint256 amount)"},
    {0x12f908adu, DISPERSAL, PAYS, "claim(bytes signature,bytes32 batch,uint256 amount,address onBehalfOf)"},
    /* Registries */
    {0x9168d484u, DATANETS, PAYS, "create(bytes32 metadata,bytes32 root,uint64 size,uint128 minStake)"},
    {0xbbe5ace1u, DATANETS, PAYS, "update(uint64 datanet,bytes32 root,uint64 size)"},
    {0x3825d093u, DATANETS, 0, "setMetadata(uint64 datanet,bytes32 metadata)"},
    {0xbccdab97u, DATANETS, 0, "setMinStake(uint64 datanet,uint128 minStake)"},
    {0x681e19b6u, DATANETS, PAYS, "commit(uint64 datanet,bytes32 commitment)"},
    {0x421ef18au, DATANETS, 0, "reveal(uint256 contributionId,bytes32 content,uint64 size,bytes32 salt)"},
    {0x93cdd68bu, DATANETS, PAYS, "approve(uint256 contributionId,bytes32 root)"},
    {0x77d5b82fu, DATANETS, 0, "reject(uint256 contributionId,bool forfeit)"},
    {0xbf81bf43u, DATANETS, 0, "expire(uint256 contributionId)"},
    {0x23bfaecdu, MODELS, 0, "register(bytes32 baseModel,bytes32 adapterHash,bytes32 runId,bytes32 gradientId,uint128 priceIn,uint128 priceOut)"},
    {0xc2c033d9u, MODELS, 0, "setPrice(bytes32 modelId,uint128 priceIn,uint128 priceOut)"},
    {0x2b85ba38u, MODELS, 0, "deploy(bytes32 modelId)"},
    {0x1edee27bu, MODELS, 0, "undeploy(bytes32 modelId)"},
    {0x58086775u, NODES, PAYS, "register(address signer,string endpoint,bytes consent)"},
    {0x12522ec0u, NODES, PAYS, "addBond(address signer)"},
    {0x4229217au, NODES, 0, "setEndpoint(address signer,string endpoint)"},
    {0x74a8f103u, NODES, 0, "revoke(address signer)"},
    {0x7529d9dfu, NODES, 0, "withdrawBond(address signer)"},
    {0x694465f2u, NODES, SPENDS, "slash(address signer,uint128 amount,address beneficiary,bytes32 reason)"},
    {0x9f8c2f87u, ATTRIBUTION, 0, "postBatch(address signer,bytes32 root,uint64 receipts)"},
    {0x70ff241du, ATTRIBUTION, 0, "publishCorpus(bytes32 name,bytes32 id)"},
    {0xadd98c70u, ATTRIBUTION, PAYS, "dispute(bytes32 subject)"},
    {0xfc361c38u, ATTRIBUTION, 0, "settle(bytes32 subject,bool upheld)"},
    {0xab272ba8u, ATTRIBUTION, PAYS | SPENDS, "fund(bytes32 splitRoot,uint64 leaves,address token,uint128 total)"},
    {0x4125a8b3u, ATTRIBUTION, 0, "claim(uint256 payoutId,uint64 index,(address contributor,uint64 datanet,uint128 weight,uint128 amount) share,(bytes32 hash,uint128 sum)[] path)"},
    {0x2dabbeedu, ATTRIBUTION, 0, "reclaim(uint256 payoutId)"},
    {0x0a7c155eu, GRANTS, 0, "propose(bytes32 metadata,uint128[] amounts)"},
    {0xb759f954u, GRANTS, PAYS, "approve(uint256 grantId)"},
    {0xc2b68536u, GRANTS, 0, "submit(uint256 grantId,uint256 index,bytes32 evidence)"},
    {0x7db8112du, GRANTS, 0, "refuse(uint256 grantId,uint256 index)"},
    {0x5477cbdbu, GRANTS, SPENDS, "accept(uint256 grantId,uint256 index,bytes32 evidence)"},
    {0x40e58ee5u, GRANTS, 0, "cancel(uint256 grantId)"},
    /* Between the layers */
    {0x540abf73u, BRIDGE, SPENDS, "bridgeERC20To(address token,address remoteToken,address to,uint256 amount,uint32 gasLimit,bytes data)"},
    {0x87087623u, BRIDGE, SPENDS, "bridgeERC20(address token,address remoteToken,uint256 amount,uint32 gasLimit,bytes data)"},
    {0xe11013ddu, BRIDGE, PAYS, "bridgeETHTo(address to,uint32 gasLimit,bytes data)"},
    {0x09fc8843u, BRIDGE, PAYS, "bridgeETH(uint32 gasLimit,bytes data)"},
    {0xe9e05c42u, PORTAL, PAYS, "depositTransaction(address to,uint256 value,uint64 gasLimit,bool isCreation,bytes data)"},
    {0x149f2f22u, PORTAL, SPENDS, "depositERC20Transaction(address to,uint256 mint,uint256 value,uint64 gasLimit,bool isCreation,bytes data)"},
    {0x4870496fu, PORTAL, 0, "proveWithdrawalTransaction(" WITHDRAWAL ",uint256 index,(bytes32 version,bytes32 stateRoot,bytes32 messagePasserRoot,bytes32 blockHash) output,bytes[] proof)"},
    {0x8c3152e9u, PORTAL, 0, "finalizeWithdrawalTransaction(" WITHDRAWAL ")"},
    {0x43ca1c50u, PORTAL, 0, "finalizeWithdrawalTransactionExternalProof(" WITHDRAWAL ",address submitter)"},
    {0xc2b3e5acu, PASSER, PAYS, "initiateWithdrawal(address target,uint256 gasLimit,bytes data)"},
};

static const char *const names[OL_KNOWN_KINDS] = {
    "OPEN", "GOPEN", "WOPEN", "Governor", "Timelock", "Staking", "Bank", "SigDispersal", "DatanetRegistry", "ModelRegistry",
    "NodeRegistry", "AttributionRegistry", "GrantRegistry", "StandardBridge", "OptimismPortal", "L2ToL1MessagePasser"};
/* clang-format on */

const ol_known *ol_known_of(ol_known_kind kind, uint32_t selector) {
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    if (functions[i].selector == selector && (functions[i].kinds >> kind & 1) != 0) return &functions[i];
  }
  return NULL;
}

const ol_known *ol_known_at(size_t index) {
  return index < sizeof functions / sizeof *functions ? &functions[index] : NULL;
}

const char *ol_known_name(ol_known_kind kind) {
  OL_ASSERT((uint32_t)kind < OL_KNOWN_KINDS);
  return names[kind];
}

int ol_known_contract_at(ol_known_contract *out, const ol_rollup *rollup, uint32_t index) {
  const struct {
    ol_known_kind kind;
    const ol_address *address;
  } fields[] = {
      {OL_KNOWN_GOPEN, &rollup->gopen},
      {OL_KNOWN_GOVERNOR, &rollup->governor},
      {OL_KNOWN_DATANETS, &rollup->datanet_registry},
      {OL_KNOWN_MODELS, &rollup->model_registry},
      {OL_KNOWN_NODES, &rollup->node_registry},
      {OL_KNOWN_ATTRIBUTION, &rollup->attribution_registry},
      {OL_KNOWN_GRANTS, &rollup->grant_registry},
      {OL_KNOWN_DISPERSAL, &rollup->sig_dispersal},
  };
  const uint32_t count = sizeof fields / sizeof *fields;
  for (uint32_t i = 0; i < count + rollup->staking_count; i++) {
    const bool is_staking = i >= count;
    const ol_address *address = is_staking ? &rollup->staking[i - count] : fields[i].address;
    if (ol_address_is_zero(address) || index-- > 0) continue;
    *out = (ol_known_contract){.chain_id = rollup->chain_id, .address = *address};
    out->kind = is_staking ? OL_KNOWN_STAKING : fields[i].kind;
    if (is_staking) out->asset = rollup->gopen;
    return 1;
  }
  return 0;
}
