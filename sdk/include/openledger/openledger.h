/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_OPENLEDGER_H
#define OPENLEDGER_OPENLEDGER_H

/* The whole core. The native host, which does I/O, is apart: openledger/host.h. */

#include "openledger/abi.h"
#include "openledger/account.h"
#include "openledger/base.h"
#include "openledger/block.h"
#include "openledger/bundle.h"
#include "openledger/client.h"
#include "openledger/derivation.h"
#include "openledger/engine.h"
#include "openledger/envelope.h"
#include "openledger/fee.h"
#include "openledger/governance.h"
#include "openledger/header.h"
#include "openledger/intent.h"
#include "openledger/key.h"
#include "openledger/keystore.h"
#include "openledger/known.h"
#include "openledger/message.h"
#include "openledger/mnemonic.h"
#include "openledger/open.h"
#include "openledger/outbox.h"
#include "openledger/policy.h"
#include "openledger/provider.h"
#include "openledger/receipt.h"
#include "openledger/registry.h"
#include "openledger/request.h"
#include "openledger/rollup.h"
#include "openledger/signature.h"
#include "openledger/staking.h"
#include "openledger/sync.h"
#include "openledger/text.h"
#include "openledger/token.h"
#include "openledger/transaction.h"
#include "openledger/typed_data.h"
#include "openledger/vault.h"
#include "openledger/wallet.h"
#include "openledger/withdrawal.h"

#endif
