/* SPDX-License-Identifier: MIT */
#ifndef OL_BASE_POISON_H
#define OL_BASE_POISON_H

/*
 * Included last by every source file of the core: memory comes from the caller (base/arena.h), and the
 * core touches neither the heap nor stdio.
 */
#pragma GCC poison malloc calloc realloc free alloca printf fprintf snprintf sprintf strcpy strcat

#endif
