/*
 * evalh_plugin.h: the evalh plugin ABI, version 1.0
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plugin is a shared library that exports ONE function:
 *
 *     const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
 *
 * It returns a table of plugins. Each plugin has a kind: a strategy decides what to ask a model and which
 * answer to give; a grader turns an answer into a score; a metric turns scores and costs into numbers; an allocator
 * says which sessions are worth their cost; a service does for strategies what they may not do themselves.
 *
 * This header and the parts it includes are the manual. Include this one alone: evalh_plugin/ has a part for each kind
 * of plugin, and parts for what they share. Five rules hold for all of it.
 *
 * 1. STRUCTS GROW AT THE END. Every struct that crosses the line starts with `struct_size`, which its writer
 *    sets to sizeof the struct it was compiled with. A reader looks at a member only if it lies within
 *    struct_size. Members are never moved, removed or given another meaning within major version 1. An array
 *    of structs is therefore passed as an array of POINTERS, so that neither side strides by its own size.
 *    A struct that the called side fills in is allocated by the caller, who sets `struct_size` before the call to say
 *    how much room there is; the called side fills in the members that lie within and leaves struct_size as it is.
 *    (evalh_str, evalh_usage, evalh_logprob and evalh_named_number are frozen: they never grow and have no struct_size.
 *    So are evalh_event and evalh_action, which other structs begin with. Nothing else is embedded in another struct.)
 * 2. MEMORY BELONGS TO ITS WRITER. What the host passes in is valid until the called function returns, unless
 *    said otherwise. What a plugin passes to a host function is copied before that function returns. Nobody
 *    frees the other's memory. Descriptors and all they point to stay valid and constant until the process ends;
 *    a library is never unloaded.
 * 3. TEXT IS UTF-8 WITH A LENGTH, never NUL-terminated by contract. {NULL, 0} is the empty text. The host passes
 *    valid UTF-8, always, and repairs what a plugin passes with U+FFFD. Absent numbers are NaN for doubles
 *    and -1 for integers, wherever "absent" is allowed.
 * 4. THREADS. Calls on one instance never overlap, but may come from different threads; different instances are
 *    called concurrently. So a plugin has no mutable globals. Host functions that take a `session` may be
 *    called only inside a call the host made on that session's instance (create, step, destroy), on the same thread.
 *    A call at another time is refused (0, NULL or EVALH_FAILED) and ends that session as an error.
 *    Each function says in brackets how it is called:
 *      [any thread]  by the host, from any thread, several calls at once, on one instance too;
 *      [instance]    by the host, from any thread, never two calls at once on one instance;
 *      [in a call]   by the plugin, within the call that it got the function with, on that call's thread.
 * 5. A STRATEGY IS A PURE FUNCTION OF ITS EVENTS. No clock, no random numbers of its own, no threads, files or
 *    network: logical time comes with each event, random numbers from host->rand. The same event log must give
 *    the same actions, byte for byte, however the events are grouped into calls of step. That is what makes
 *    resuming after a crash, replaying recorded samples and simulated time possible.
 *
 * No exception, longjmp, signal handler or exit() may cross the line in either direction.
 *
 * COMPATIBILITY. A plugin built against 1.x loads in every host of major 1 whose minor is at least the
 * library's `abi_minor_required`. A host of a later major keeps loading major 1 for at least two years.
 */
#ifndef EVALH_PLUGIN_H
#define EVALH_PLUGIN_H

#include "evalh_plugin/types.h"
#include "evalh_plugin/library.h"

/* Strategies: what the host does for a session, its events and actions. */
#include "evalh_plugin/host.h"
#include "evalh_plugin/peers.h"
#include "evalh_plugin/request.h"
#include "evalh_plugin/event.h"
#include "evalh_plugin/action.h"
#include "evalh_plugin/strategy.h"

#include "evalh_plugin/grader.h"
#include "evalh_plugin/service.h"

/* What is done with finished sessions. */
#include "evalh_plugin/session_row.h"
#include "evalh_plugin/metric.h"
#include "evalh_plugin/allocator.h"

#endif /* EVALH_PLUGIN_H */
