/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_OPENLEDGER_H
#define OPENLEDGER_OPENLEDGER_H

/* The whole core. The native host, which does I/O, is apart: openledger/host.h. */

#include "openledger/account.h"
#include "openledger/base.h"
#include "openledger/block.h"
#include "openledger/bundle.h"
#include "openledger/client.h"
#include "openledger/engine.h"
#include "openledger/envelope.h"
#include "openledger/fee.h"
#include "openledger/governance.h"
#include "openledger/header.h"
#include "openledger/open.h"
#include "openledger/provider.h"
#include "openledger/receipt.h"
#include "openledger/registry.h"
#include "openledger/rollup.h"
#include "openledger/staking.h"
#include "openledger/sync.h"
#include "openledger/text.h"
#include "openledger/transaction.h"
#include "openledger/withdrawal.h"

#endif
