/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_WITHDRAWAL_H
#define OPENLEDGER_WITHDRAWAL_H

/*
 * Messages between the chains (OP Stack specification, "Withdrawals" and "Deposits"): a withdrawal as
 * L2ToL1MessagePasser logs and stores it, and a deposit as L1's OptimismPortal logs it; the calls of the portal that
 * prove and finalize the one and make the other; and how far a withdrawal has come.
 */

#include "openledger/receipt.h"
#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A message from L2 to L1. */
typedef struct ol_withdrawal {
  ol_u256 nonce; /* the version in the topmost 16 bits, then a counter */
  ol_address sender;
  ol_address target;
  ol_u256 value; /* wei of the L2's gas token */
  ol_u256 gas_limit;
  ol_slice data;
} ol_withdrawal;

/* Out: the hash by which a withdrawal is stored, proven and finalized. */
OL_API void ol_withdrawal_hash(ol_hash *out, const ol_withdrawal *withdrawal) OL_NONNULL;

/*
 * Out: the storage slot of L2ToL1MessagePasser that is 1 once a withdrawal was initiated, in sentMessages. It is
 * proven as any slot is (openledger/account.h), under the account or a header's root from Isthmus on.
 */
OL_API void ol_withdrawal_slot(ol_u256 *out, const ol_hash *withdrawal_hash) OL_NONNULL;

/*
 * Decodes MessagePassed. Out: the withdrawal, with its data inside the log.
 * Returns: OL_ERR_MISMATCH when L2ToL1MessagePasser did not log it, or it is another event, or the withdrawal does
 * not hash to what the event says; OL_ERR_ENCODING when it is not as its contract writes it.
 */
OL_API OL_CHECKED ol_status ol_withdrawal_from_log(ol_error *error, ol_withdrawal *out,
                                                   const ol_log *log) OL_NONNULL;

/*
 * Decodes TransactionDeposited, version 0, into the transaction that it becomes on L2: what ol_transaction_encode
 * makes of it is in the first L2 block of the L1 block. Out: the transaction, with its data inside the log.
 * In: the portal; the L1 block's hash; the index of the log among all of the block's.
 * Returns: OL_ERR_MISMATCH when the portal did not log it, or it is another event or version; OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_deposit_from_log(ol_error *error, ol_transaction *out, const ol_log *log,
                                                const ol_address *portal, const ol_hash *l1_block_hash,
                                                uint64_t log_index) OL_NONNULL;

/* The kinds of portal on L1. */
typedef enum ol_portal_kind {
  OL_PORTAL_OUTPUTS = 0,  /* OptimismPortal: withdrawals are proven by an output of L2OutputOracle */
  OL_PORTAL_GAMES = 1,    /* OptimismPortal2 to 3: by a dispute game, which the portal judges */
  OL_PORTAL_REGISTRY = 2, /* OptimismPortal2 from 4: by a dispute game, which AnchorStateRegistry judges */
} ol_portal_kind;

/* What is paid with on L2. */
typedef enum ol_gas_scheme {
  OL_GAS_ETHER = 0,
  OL_GAS_ERC20 = 1,  /* an ERC-20 on L1, which the portal takes and gives */
  OL_GAS_NATIVE = 2, /* made on L2 by its LiquidityController; the portal takes and gives nothing */
} ol_gas_scheme;

/* An output root on L1, and what it is made of. */
typedef struct ol_withdrawal_output {
  uint64_t index; /* of the output in the oracle's list, or of the game in the factory's */
  ol_hash root;
  ol_hash state_root; /* of the L2 block */
  ol_hash message_passer_root;
  ol_hash block_hash;
} ol_withdrawal_output;

/*
 * Writes proveWithdrawalTransaction, which all kinds of portal take in one form, after proving what it says.
 * Out: the call, with its data in `memory`. In: the proof of the withdrawal's slot under the message passer's storage
 * root, as eth_getProof has it; memory for the data, 1 KiB, what the withdrawal's data and the proof's nodes take, and 96
 * bytes for each node.
 * Returns: OL_ERR_ARGUMENT when the withdrawal is to the portal, which takes none; OL_ERR_MISMATCH when the output root
 * is made of other parts; OL_ERR_PROOF and OL_ERR_ENCODING of the proof; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_withdrawal_prove_call(ol_error *error, ol_call *out, const ol_address *portal,
                                                     const ol_withdrawal *withdrawal,
                                                     const ol_withdrawal_output *output,
                                                     const ol_slice *proof, size_t proof_len, void *memory,
                                                     size_t len) OL_NONNULL;

/*
 * Writes finalizeWithdrawalTransaction; or with a submitter, finalizeWithdrawalTransactionExternalProof, by which
 * anybody finalizes what another has proven: of portals of outputs, who has proven it never matters, and there is none.
 * Out: the call, with its data in `memory`. In: the submitter, or NULL; memory for the data, 1 KiB and what the
 * withdrawal's data takes. Returns: OL_ERR_ARGUMENT, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_withdrawal_finalize_call(ol_error *error, ol_call *out,
                                                        const ol_address *portal, ol_portal_kind kind,
                                                        const ol_withdrawal *withdrawal,
                                                        const ol_address *submitter, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 5, 7);

#define OL_DEPOSIT_DATA 120000 /* bytes of data that a deposit may have */

/* A message from L1 to L2. */
typedef struct ol_deposit {
  ol_address to;      /* zero when it creates a contract */
  uint32_t is_create; /* 1 or 0 */
  uint64_t gas_limit; /* gas of L2, which is paid for by burning gas of L1 */
  ol_u256
      mint; /* what the portal takes from the sender, and L2 gives it: wei, or the token's smallest unit */
  ol_u256 value; /* what the receiver gets of that on L2, or of what the sender has there */
  ol_slice data;
} ol_deposit;

/* Returns: the least gas that a portal takes a deposit of so much data with. */
OL_API uint64_t ol_deposit_gas(ol_portal_kind kind, uint64_t data_len);

/*
 * Writes depositTransaction; or with OL_GAS_ERC20, depositERC20Transaction, for which the portal must have been
 * allowed to take the token. Out: the call, with its data in `memory`. In: memory for the data, 1 KiB and what the
 * deposit's data takes.
 * Returns: OL_ERR_ARGUMENT when the portal would refuse: a receiver of a creation, less gas than ol_deposit_gas, more
 * data than OL_DEPOSIT_DATA, anything to take where L2 makes its gas token itself; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_deposit_call(ol_error *error, ol_call *out, const ol_address *portal,
                                            ol_portal_kind kind, ol_gas_scheme scheme,
                                            const ol_deposit *deposit, void *memory, size_t len) OL_NONNULL;

/* Writes the token's approve (ERC-20): the portal may take so much of it. Out and In: as above. */
OL_API OL_CHECKED ol_status ol_deposit_approve_call(ol_error *error, ol_call *out, const ol_address *token,
                                                    const ol_address *portal, const ol_u256 *amount,
                                                    void *memory, size_t len) OL_NONNULL;

/* The slots of a portal that say so; or what was proven at them. */
typedef struct ol_withdrawal_slots {
  ol_u256 finalized; /* finalizedWithdrawals[hash] */
  ol_u256 proven; /* provenWithdrawals[hash], or [hash][submitter]: the output root, or the game and when */
  ol_u256 proven_next; /* of OL_PORTAL_OUTPUTS: when, and by which output; of others the same as `proven` */
  ol_u256 submitters;  /* of games: how many have proven it; of OL_PORTAL_OUTPUTS the same as `proven` */
} ol_withdrawal_slots;

/* In: who has proven it, where that matters. */
OL_API void ol_withdrawal_slots_of(ol_withdrawal_slots *out, ol_portal_kind kind,
                                   const ol_hash *withdrawal_hash, const ol_address *submitter) OL_NONNULL;

/* Out: the slot of the `index`th who has proven a withdrawal by a game: an address. */
OL_API void ol_withdrawal_submitter_slot(ol_u256 *out, const ol_hash *withdrawal_hash,
                                         uint64_t index) OL_NONNULL;

/* What a portal keeps of a withdrawal. */
typedef struct ol_withdrawal_record {
  uint32_t finalized;    /* 1 or 0 */
  uint64_t proven_at;    /* Unix seconds; 0 when it was not proven */
  ol_address game;       /* that it was proven by, or zero */
  ol_hash output_root;   /* the same of an output */
  uint64_t output_index; /* the same */
  uint64_t submitters;   /* how many have proven it by games */
} ol_withdrawal_record;

/* Reads what was proven at the slots. Returns: OL_ERR_PROOF for what the portal never writes. */
OL_API OL_CHECKED ol_status ol_withdrawal_record_read(ol_error *error, ol_withdrawal_record *out,
                                                      ol_portal_kind kind,
                                                      const ol_withdrawal_slots *values) OL_NONNULL;

/* What else was proven at the same L1 block. */
typedef struct ol_withdrawal_view {
  uint64_t l1_time;      /* of the block, in Unix seconds */
  uint64_t delay_s;      /* the portal's PROOF_MATURITY_DELAY_SECONDS, or the oracle's finalization period */
  uint32_t provable;     /* 1 when a proposal of its L2 block or a later one can be relied on as proposed */
  uint32_t holds;        /* 1 when that which it was proven by can be, and is still the same */
  uint64_t proposed_at;  /* of that one, in Unix seconds */
  uint64_t finalizes_at; /* the same: the first second at which it is final; 0 while that is open */
} ol_withdrawal_view;

typedef enum ol_withdrawal_stage {
  OL_WITHDRAWAL_WAITING = 0,   /* for a proposal that it can be proven by */
  OL_WITHDRAWAL_PROVABLE = 1,  /* also again, when that which it was proven by does not hold any more */
  OL_WITHDRAWAL_PROVEN = 2,    /* and waiting for its delays */
  OL_WITHDRAWAL_READY = 3,     /* to be finalized, unless the chain is paused */
  OL_WITHDRAWAL_FINALIZED = 4, /* whether its call succeeded or not */
} ol_withdrawal_stage;

/* How far a withdrawal has come. */
typedef struct ol_withdrawal_status {
  uint32_t stage;     /* an ol_withdrawal_stage */
  uint64_t proven_at; /* Unix seconds; 0 before OL_WITHDRAWAL_PROVEN */
  uint64_t ready_at;  /* the first second at which it can be finalized; 0 while that is open */
} ol_withdrawal_status;

/* Judges by the rules of finalizeWithdrawalTransaction and checkWithdrawal. */
OL_API void ol_withdrawal_judge(ol_withdrawal_status *out, ol_portal_kind kind,
                                const ol_withdrawal_record *record,
                                const ol_withdrawal_view *view) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
