/* SPDX-License-Identifier: MIT */
#include "attribution/world.h"
#include "unit/bytes.h"
int main(void) { return 0; }
