/*
 * Sizes and offsets of the ABI as released in 1.0. A failing line means a binary plugin in the field would break:
 * mend the struct, never the number. Members are only ever appended, which adds lines and changes sizes of growing
 * structs (those with struct_size) alone.
 */
#ifndef EVALH_PLUGIN_LAYOUT_H
#define EVALH_PLUGIN_LAYOUT_H

#if defined(__cplusplus)
#define EVALH_ASSERT(condition) static_assert(condition, #condition)
#else
#define EVALH_ASSERT(condition) _Static_assert(condition, #condition)
#endif
#define EVALH_SIZE(type, size) EVALH_ASSERT(sizeof(type) == (size))
#define EVALH_OFFSET(type, member, offset) EVALH_ASSERT(offsetof(type, member) == (offset))

EVALH_ASSERT(sizeof(void *) == 8); /* evalh's ABI is for 64-bit platforms */

EVALH_SIZE(evalh_str, 16);
EVALH_OFFSET(evalh_str, ptr, 0);
EVALH_OFFSET(evalh_str, len, 8);

EVALH_SIZE(evalh_usage, 40);
EVALH_OFFSET(evalh_usage, prompt_tokens, 0);
EVALH_OFFSET(evalh_usage, cached_prompt_tokens, 8);
EVALH_OFFSET(evalh_usage, completion_tokens, 16);
EVALH_OFFSET(evalh_usage, reasoning_tokens, 24);
EVALH_OFFSET(evalh_usage, cancelled_tokens, 32);

EVALH_SIZE(evalh_logprob, 32);
EVALH_OFFSET(evalh_logprob, token, 0);
EVALH_OFFSET(evalh_logprob, logprob, 16);
EVALH_OFFSET(evalh_logprob, alternative_count, 24);
EVALH_OFFSET(evalh_logprob, reserved, 28);

EVALH_SIZE(evalh_host_info, 64);
EVALH_OFFSET(evalh_host_info, struct_size, 0);
EVALH_OFFSET(evalh_host_info, abi_major, 4);
EVALH_OFFSET(evalh_host_info, abi_minor_min, 8);
EVALH_OFFSET(evalh_host_info, abi_minor_max, 12);
EVALH_OFFSET(evalh_host_info, name, 16);
EVALH_OFFSET(evalh_host_info, version, 32);
EVALH_OFFSET(evalh_host_info, features, 48);
EVALH_OFFSET(evalh_host_info, feature_count, 56);

EVALH_SIZE(evalh_library, 96);
EVALH_OFFSET(evalh_library, struct_size, 0);
EVALH_OFFSET(evalh_library, abi_major, 4);
EVALH_OFFSET(evalh_library, abi_minor_built, 8);
EVALH_OFFSET(evalh_library, abi_minor_required, 12);
EVALH_OFFSET(evalh_library, name, 16);
EVALH_OFFSET(evalh_library, version, 32);
EVALH_OFFSET(evalh_library, features_required, 48);
EVALH_OFFSET(evalh_library, features_required_count, 56);
EVALH_OFFSET(evalh_library, plugins, 64);
EVALH_OFFSET(evalh_library, plugin_count, 72);
EVALH_OFFSET(evalh_library, refusal, 80);

EVALH_SIZE(evalh_descriptor, 152);
EVALH_OFFSET(evalh_descriptor, struct_size, 0);
EVALH_OFFSET(evalh_descriptor, needs, 4);
EVALH_OFFSET(evalh_descriptor, top_logprobs, 8);
EVALH_OFFSET(evalh_descriptor, reserved, 12);
EVALH_OFFSET(evalh_descriptor, kind, 16);
EVALH_OFFSET(evalh_descriptor, id, 32);
EVALH_OFFSET(evalh_descriptor, version, 48);
EVALH_OFFSET(evalh_descriptor, title, 64);
EVALH_OFFSET(evalh_descriptor, description, 80);
EVALH_OFFSET(evalh_descriptor, source, 96);
EVALH_OFFSET(evalh_descriptor, parameters_schema, 112);
EVALH_OFFSET(evalh_descriptor, table, 128);
EVALH_OFFSET(evalh_descriptor, outputs, 136);

EVALH_SIZE(evalh_budget, 32);
EVALH_OFFSET(evalh_budget, struct_size, 0);
EVALH_OFFSET(evalh_budget, reserved, 4);
EVALH_OFFSET(evalh_budget, tokens, 8);
EVALH_OFFSET(evalh_budget, usd, 16);
EVALH_OFFSET(evalh_budget, seconds, 24);

EVALH_SIZE(evalh_extraction, 40);
EVALH_OFFSET(evalh_extraction, struct_size, 0);
EVALH_OFFSET(evalh_extraction, found, 4);
EVALH_OFFSET(evalh_extraction, answer, 8);
EVALH_OFFSET(evalh_extraction, stage, 24);

EVALH_SIZE(evalh_host, 56);
EVALH_OFFSET(evalh_host, struct_size, 0);
EVALH_OFFSET(evalh_host, reserved, 4);
EVALH_OFFSET(evalh_host, rand, 8);
EVALH_OFFSET(evalh_host, extract, 16);
EVALH_OFFSET(evalh_host, budget, 24);
EVALH_OFFSET(evalh_host, set_error, 32);
EVALH_OFFSET(evalh_host, on_session_thread, 40);
EVALH_OFFSET(evalh_host, extension, 48);

EVALH_SIZE(evalh_message, 24);
EVALH_OFFSET(evalh_message, struct_size, 0);
EVALH_OFFSET(evalh_message, role, 4);
EVALH_OFFSET(evalh_message, content, 8);

EVALH_SIZE(evalh_sampling, 80);
EVALH_OFFSET(evalh_sampling, struct_size, 0);
EVALH_OFFSET(evalh_sampling, max_tokens, 4);
EVALH_OFFSET(evalh_sampling, temperature, 8);
EVALH_OFFSET(evalh_sampling, top_p, 16);
EVALH_OFFSET(evalh_sampling, min_p, 24);
EVALH_OFFSET(evalh_sampling, top_k, 32);
EVALH_OFFSET(evalh_sampling, top_logprobs, 36);
EVALH_OFFSET(evalh_sampling, stop, 40);
EVALH_OFFSET(evalh_sampling, stop_count, 48);
EVALH_OFFSET(evalh_sampling, seed, 56);
EVALH_OFFSET(evalh_sampling, json_schema, 64);

EVALH_SIZE(evalh_event, 24);
EVALH_OFFSET(evalh_event, struct_size, 0);
EVALH_OFFSET(evalh_event, type, 4);
EVALH_OFFSET(evalh_event, flags, 6);
EVALH_OFFSET(evalh_event, seq, 8);
EVALH_OFFSET(evalh_event, time_ns, 16);

EVALH_SIZE(evalh_model, 56);
EVALH_OFFSET(evalh_model, struct_size, 0);
EVALH_OFFSET(evalh_model, can, 4);
EVALH_OFFSET(evalh_model, top_logprobs, 8);
EVALH_OFFSET(evalh_model, reserved, 12);
EVALH_OFFSET(evalh_model, role, 16);
EVALH_OFFSET(evalh_model, name, 32);
EVALH_OFFSET(evalh_model, sampling, 48);

EVALH_SIZE(evalh_service_info, 56);
EVALH_OFFSET(evalh_service_info, struct_size, 0);
EVALH_OFFSET(evalh_service_info, reserved, 4);
EVALH_OFFSET(evalh_service_info, name, 8);
EVALH_OFFSET(evalh_service_info, kind, 24);
EVALH_OFFSET(evalh_service_info, description, 40);

EVALH_SIZE(evalh_event_start, 152);
EVALH_OFFSET(evalh_event_start, header, 0);
EVALH_OFFSET(evalh_event_start, item_id, 24);
EVALH_OFFSET(evalh_event_start, input, 40);
EVALH_OFFSET(evalh_event_start, fields_json, 56);
EVALH_OFFSET(evalh_event_start, messages, 72);
EVALH_OFFSET(evalh_event_start, message_count, 80);
EVALH_OFFSET(evalh_event_start, parameters_json, 88);
EVALH_OFFSET(evalh_event_start, seed, 104);
EVALH_OFFSET(evalh_event_start, models, 112);
EVALH_OFFSET(evalh_event_start, model_count, 120);
EVALH_OFFSET(evalh_event_start, repeat, 128);
EVALH_OFFSET(evalh_event_start, services, 136);
EVALH_OFFSET(evalh_event_start, service_count, 144);

EVALH_SIZE(evalh_event_delta, 104);
EVALH_OFFSET(evalh_event_delta, header, 0);
EVALH_OFFSET(evalh_event_delta, request, 24);
EVALH_OFFSET(evalh_event_delta, choice, 32);
EVALH_OFFSET(evalh_event_delta, token_count, 36);
EVALH_OFFSET(evalh_event_delta, text, 40);
EVALH_OFFSET(evalh_event_delta, tokens, 56);
EVALH_OFFSET(evalh_event_delta, logprob_count, 64);
EVALH_OFFSET(evalh_event_delta, alternatives, 72);
EVALH_OFFSET(evalh_event_delta, alternative_total, 80);
EVALH_OFFSET(evalh_event_delta, reasoning, 88);

EVALH_SIZE(evalh_event_done, 160);
EVALH_OFFSET(evalh_event_done, header, 0);
EVALH_OFFSET(evalh_event_done, request, 24);
EVALH_OFFSET(evalh_event_done, choice, 32);
EVALH_OFFSET(evalh_event_done, finish, 36);
EVALH_OFFSET(evalh_event_done, text, 40);
EVALH_OFFSET(evalh_event_done, usage, 56);
EVALH_OFFSET(evalh_event_done, seconds, 96);
EVALH_OFFSET(evalh_event_done, first_token_seconds, 104);
EVALH_OFFSET(evalh_event_done, tokens, 112);
EVALH_OFFSET(evalh_event_done, logprob_count, 120);
EVALH_OFFSET(evalh_event_done, alternatives, 128);
EVALH_OFFSET(evalh_event_done, alternative_total, 136);
EVALH_OFFSET(evalh_event_done, reasoning, 144);

EVALH_SIZE(evalh_event_failed, 96);
EVALH_OFFSET(evalh_event_failed, header, 0);
EVALH_OFFSET(evalh_event_failed, request, 24);
EVALH_OFFSET(evalh_event_failed, failure, 32);
EVALH_OFFSET(evalh_event_failed, retryable, 36);
EVALH_OFFSET(evalh_event_failed, message, 40);
EVALH_OFFSET(evalh_event_failed, spent, 56);

EVALH_SIZE(evalh_event_cancelled, 40);
EVALH_OFFSET(evalh_event_cancelled, header, 0);
EVALH_OFFSET(evalh_event_cancelled, request, 24);
EVALH_OFFSET(evalh_event_cancelled, tokens_received, 32);

EVALH_SIZE(evalh_event_timer, 32);
EVALH_OFFSET(evalh_event_timer, header, 0);
EVALH_OFFSET(evalh_event_timer, timer, 24);

EVALH_SIZE(evalh_event_result, 96);
EVALH_OFFSET(evalh_event_result, header, 0);
EVALH_OFFSET(evalh_event_result, request, 24);
EVALH_OFFSET(evalh_event_result, result, 32);
EVALH_OFFSET(evalh_event_result, usage, 48);
EVALH_OFFSET(evalh_event_result, seconds, 88);

EVALH_SIZE(evalh_event_budget, 32);
EVALH_OFFSET(evalh_event_budget, header, 0);
EVALH_OFFSET(evalh_event_budget, remaining, 24);

EVALH_SIZE(evalh_event_rejected, 64);
EVALH_OFFSET(evalh_event_rejected, header, 0);
EVALH_OFFSET(evalh_event_rejected, action_seq, 24);
EVALH_OFFSET(evalh_event_rejected, request, 32);
EVALH_OFFSET(evalh_event_rejected, reason, 40);
EVALH_OFFSET(evalh_event_rejected, reserved, 44);
EVALH_OFFSET(evalh_event_rejected, message, 48);

EVALH_SIZE(evalh_event_stop, 40);
EVALH_OFFSET(evalh_event_stop, header, 0);
EVALH_OFFSET(evalh_event_stop, reason, 24);

EVALH_SIZE(evalh_action, 16);
EVALH_OFFSET(evalh_action, struct_size, 0);
EVALH_OFFSET(evalh_action, type, 4);
EVALH_OFFSET(evalh_action, flags, 6);
EVALH_OFFSET(evalh_action, seq, 8);

EVALH_SIZE(evalh_action_submit, 88);
EVALH_OFFSET(evalh_action_submit, header, 0);
EVALH_OFFSET(evalh_action_submit, request, 16);
EVALH_OFFSET(evalh_action_submit, model, 24);
EVALH_OFFSET(evalh_action_submit, messages, 40);
EVALH_OFFSET(evalh_action_submit, message_count, 48);
EVALH_OFFSET(evalh_action_submit, prefix, 56);
EVALH_OFFSET(evalh_action_submit, sampling, 72);
EVALH_OFFSET(evalh_action_submit, n, 80);
EVALH_OFFSET(evalh_action_submit, priority, 84);

EVALH_SIZE(evalh_action_fork, 80);
EVALH_OFFSET(evalh_action_fork, header, 0);
EVALH_OFFSET(evalh_action_fork, request, 16);
EVALH_OFFSET(evalh_action_fork, parent, 24);
EVALH_OFFSET(evalh_action_fork, parent_choice, 32);
EVALH_OFFSET(evalh_action_fork, n, 36);
EVALH_OFFSET(evalh_action_fork, offset, 40);
EVALH_OFFSET(evalh_action_fork, append, 48);
EVALH_OFFSET(evalh_action_fork, sampling, 64);
EVALH_OFFSET(evalh_action_fork, priority, 72);
EVALH_OFFSET(evalh_action_fork, reserved, 76);

EVALH_SIZE(evalh_action_cancel, 24);
EVALH_OFFSET(evalh_action_cancel, header, 0);
EVALH_OFFSET(evalh_action_cancel, request, 16);

EVALH_SIZE(evalh_action_timer, 32);
EVALH_OFFSET(evalh_action_timer, header, 0);
EVALH_OFFSET(evalh_action_timer, timer, 16);
EVALH_OFFSET(evalh_action_timer, time_ns, 24);

EVALH_SIZE(evalh_action_call, 64);
EVALH_OFFSET(evalh_action_call, header, 0);
EVALH_OFFSET(evalh_action_call, request, 16);
EVALH_OFFSET(evalh_action_call, service, 24);
EVALH_OFFSET(evalh_action_call, payload, 40);
EVALH_OFFSET(evalh_action_call, priority, 56);
EVALH_OFFSET(evalh_action_call, reserved, 60);

EVALH_SIZE(evalh_action_emit, 56);
EVALH_OFFSET(evalh_action_emit, header, 0);
EVALH_OFFSET(evalh_action_emit, candidate, 16);
EVALH_OFFSET(evalh_action_emit, weight, 32);
EVALH_OFFSET(evalh_action_emit, evidence, 40);

EVALH_SIZE(evalh_action_note, 48);
EVALH_OFFSET(evalh_action_note, header, 0);
EVALH_OFFSET(evalh_action_note, key, 16);
EVALH_OFFSET(evalh_action_note, value, 32);

EVALH_SIZE(evalh_action_number, 40);
EVALH_OFFSET(evalh_action_number, header, 0);
EVALH_OFFSET(evalh_action_number, name, 16);
EVALH_OFFSET(evalh_action_number, value, 32);

EVALH_SIZE(evalh_action_finish, 56);
EVALH_OFFSET(evalh_action_finish, header, 0);
EVALH_OFFSET(evalh_action_finish, answer, 16);
EVALH_OFFSET(evalh_action_finish, confidence, 32);
EVALH_OFFSET(evalh_action_finish, reason, 40);

EVALH_SIZE(evalh_out, 24);
EVALH_OFFSET(evalh_out, struct_size, 0);
EVALH_OFFSET(evalh_out, reserved, 4);
EVALH_OFFSET(evalh_out, context, 8);
EVALH_OFFSET(evalh_out, push, 16);

EVALH_SIZE(evalh_estimate, 32);
EVALH_OFFSET(evalh_estimate, struct_size, 0);
EVALH_OFFSET(evalh_estimate, reserved, 4);
EVALH_OFFSET(evalh_estimate, completions_min, 8);
EVALH_OFFSET(evalh_estimate, completions_max, 16);
EVALH_OFFSET(evalh_estimate, prompt_passes, 24);

EVALH_SIZE(evalh_strategy, 48);
EVALH_OFFSET(evalh_strategy, struct_size, 0);
EVALH_OFFSET(evalh_strategy, reserved, 4);
EVALH_OFFSET(evalh_strategy, create, 8);
EVALH_OFFSET(evalh_strategy, step, 16);
EVALH_OFFSET(evalh_strategy, destroy, 24);
EVALH_OFFSET(evalh_strategy, estimate, 32);
EVALH_OFFSET(evalh_strategy, validate, 40);

EVALH_SIZE(evalh_text_sink, 24);
EVALH_OFFSET(evalh_text_sink, struct_size, 0);
EVALH_OFFSET(evalh_text_sink, reserved, 4);
EVALH_OFFSET(evalh_text_sink, context, 8);
EVALH_OFFSET(evalh_text_sink, set, 16);

EVALH_SIZE(evalh_grade_input, 56);
EVALH_OFFSET(evalh_grade_input, struct_size, 0);
EVALH_OFFSET(evalh_grade_input, finish, 4);
EVALH_OFFSET(evalh_grade_input, answer, 8);
EVALH_OFFSET(evalh_grade_input, target, 24);
EVALH_OFFSET(evalh_grade_input, fields_json, 40);

EVALH_SIZE(evalh_grade_output, 48);
EVALH_OFFSET(evalh_grade_output, struct_size, 0);
EVALH_OFFSET(evalh_grade_output, reserved, 4);
EVALH_OFFSET(evalh_grade_output, score, 8);
EVALH_OFFSET(evalh_grade_output, strict_score, 16);
EVALH_OFFSET(evalh_grade_output, extracted, 24);
EVALH_OFFSET(evalh_grade_output, stage, 32);
EVALH_OFFSET(evalh_grade_output, explanation, 40);

EVALH_SIZE(evalh_grader, 64);
EVALH_OFFSET(evalh_grader, struct_size, 0);
EVALH_OFFSET(evalh_grader, reserved, 4);
EVALH_OFFSET(evalh_grader, create, 8);
EVALH_OFFSET(evalh_grader, destroy, 16);
EVALH_OFFSET(evalh_grader, grade, 24);
EVALH_OFFSET(evalh_grader, extract, 32);
EVALH_OFFSET(evalh_grader, same, 40);
EVALH_OFFSET(evalh_grader, extract_item, 48);
EVALH_OFFSET(evalh_grader, expected, 56);

EVALH_SIZE(evalh_named_number, 24);
EVALH_OFFSET(evalh_named_number, name, 0);
EVALH_OFFSET(evalh_named_number, value, 16);

EVALH_SIZE(evalh_session_row, 280);
EVALH_OFFSET(evalh_session_row, struct_size, 0);
EVALH_OFFSET(evalh_session_row, is_error, 4);
EVALH_OFFSET(evalh_session_row, item, 8);
EVALH_OFFSET(evalh_session_row, arm, 16);
EVALH_OFFSET(evalh_session_row, level, 32);
EVALH_OFFSET(evalh_session_row, level_index, 48);
EVALH_OFFSET(evalh_session_row, repeat, 56);
EVALH_OFFSET(evalh_session_row, score, 64);
EVALH_OFFSET(evalh_session_row, confidence, 72);
EVALH_OFFSET(evalh_session_row, finish, 80);
EVALH_OFFSET(evalh_session_row, reserved, 84);
EVALH_OFFSET(evalh_session_row, usage, 88);
EVALH_OFFSET(evalh_session_row, usd, 128);
EVALH_OFFSET(evalh_session_row, critical_path_seconds, 136);
EVALH_OFFSET(evalh_session_row, answer, 144);
EVALH_OFFSET(evalh_session_row, eflops, 160);
EVALH_OFFSET(evalh_session_row, told_tokens, 168);
EVALH_OFFSET(evalh_session_row, depth, 176);
EVALH_OFFSET(evalh_session_row, compute, 184);
EVALH_OFFSET(evalh_session_row, drafted_tokens, 192);
EVALH_OFFSET(evalh_session_row, accepted_tokens, 200);
EVALH_OFFSET(evalh_session_row, target_calls, 208);
EVALH_OFFSET(evalh_session_row, told_eflops, 216);
EVALH_OFFSET(evalh_session_row, service_calls, 224);
EVALH_OFFSET(evalh_session_row, stop_reason, 232);
EVALH_OFFSET(evalh_session_row, fields_json, 248);
EVALH_OFFSET(evalh_session_row, numbers, 264);
EVALH_OFFSET(evalh_session_row, number_count, 272);

EVALH_SIZE(evalh_metric_value, 120);
EVALH_OFFSET(evalh_metric_value, struct_size, 0);
EVALH_OFFSET(evalh_metric_value, reserved, 4);
EVALH_OFFSET(evalh_metric_value, name, 8);
EVALH_OFFSET(evalh_metric_value, arm, 24);
EVALH_OFFSET(evalh_metric_value, level_index, 40);
EVALH_OFFSET(evalh_metric_value, value, 48);
EVALH_OFFSET(evalh_metric_value, ci_low, 56);
EVALH_OFFSET(evalh_metric_value, ci_high, 64);
EVALH_OFFSET(evalh_metric_value, stderr_, 72);
EVALH_OFFSET(evalh_metric_value, n, 80);
EVALH_OFFSET(evalh_metric_value, method, 88);
EVALH_OFFSET(evalh_metric_value, detail_json, 104);

EVALH_SIZE(evalh_metric_sink, 24);
EVALH_OFFSET(evalh_metric_sink, struct_size, 0);
EVALH_OFFSET(evalh_metric_sink, reserved, 4);
EVALH_OFFSET(evalh_metric_sink, context, 8);
EVALH_OFFSET(evalh_metric_sink, push, 16);

EVALH_SIZE(evalh_metric, 40);
EVALH_OFFSET(evalh_metric, struct_size, 0);
EVALH_OFFSET(evalh_metric, reserved, 4);
EVALH_OFFSET(evalh_metric, create, 8);
EVALH_OFFSET(evalh_metric, destroy, 16);
EVALH_OFFSET(evalh_metric, add, 24);
EVALH_OFFSET(evalh_metric, result, 32);

EVALH_SIZE(evalh_allocation_row, 48);
EVALH_OFFSET(evalh_allocation_row, struct_size, 0);
EVALH_OFFSET(evalh_allocation_row, reserved, 4);
EVALH_OFFSET(evalh_allocation_row, arm, 8);
EVALH_OFFSET(evalh_allocation_row, level, 24);
EVALH_OFFSET(evalh_allocation_row, level_index, 40);

EVALH_SIZE(evalh_allocation, 56);
EVALH_OFFSET(evalh_allocation, struct_size, 0);
EVALH_OFFSET(evalh_allocation, reserved, 4);
EVALH_OFFSET(evalh_allocation, item_count, 8);
EVALH_OFFSET(evalh_allocation, repeats, 16);
EVALH_OFFSET(evalh_allocation, rows, 24);
EVALH_OFFSET(evalh_allocation, row_count, 32);
EVALH_OFFSET(evalh_allocation, context, 40);
EVALH_OFFSET(evalh_allocation, item_fields, 48);

EVALH_SIZE(evalh_allocation_sink, 32);
EVALH_OFFSET(evalh_allocation_sink, struct_size, 0);
EVALH_OFFSET(evalh_allocation_sink, reserved, 4);
EVALH_OFFSET(evalh_allocation_sink, context, 8);
EVALH_OFFSET(evalh_allocation_sink, want, 16);
EVALH_OFFSET(evalh_allocation_sink, reason, 24);

EVALH_SIZE(evalh_weight_sink, 24);
EVALH_OFFSET(evalh_weight_sink, struct_size, 0);
EVALH_OFFSET(evalh_weight_sink, reserved, 4);
EVALH_OFFSET(evalh_weight_sink, context, 8);
EVALH_OFFSET(evalh_weight_sink, push, 16);

EVALH_SIZE(evalh_allocator, 56);
EVALH_OFFSET(evalh_allocator, struct_size, 0);
EVALH_OFFSET(evalh_allocator, reserved, 4);
EVALH_OFFSET(evalh_allocator, create, 8);
EVALH_OFFSET(evalh_allocator, destroy, 16);
EVALH_OFFSET(evalh_allocator, add, 24);
EVALH_OFFSET(evalh_allocator, next, 32);
EVALH_OFFSET(evalh_allocator, weights, 40);
EVALH_OFFSET(evalh_allocator, result, 48);

EVALH_SIZE(evalh_peer, 104);
EVALH_OFFSET(evalh_peer, struct_size, 0);
EVALH_OFFSET(evalh_peer, flags, 4);
EVALH_OFFSET(evalh_peer, item, 8);
EVALH_OFFSET(evalh_peer, arm, 16);
EVALH_OFFSET(evalh_peer, score, 32);
EVALH_OFFSET(evalh_peer, confidence, 40);
EVALH_OFFSET(evalh_peer, usage, 48);
EVALH_OFFSET(evalh_peer, usd, 88);
EVALH_OFFSET(evalh_peer, seconds, 96);

EVALH_SIZE(evalh_peers, 48);
EVALH_OFFSET(evalh_peers, struct_size, 0);
EVALH_OFFSET(evalh_peers, reserved, 4);
EVALH_OFFSET(evalh_peers, item, 8);
EVALH_OFFSET(evalh_peers, item_count, 16);
EVALH_OFFSET(evalh_peers, count, 24);
EVALH_OFFSET(evalh_peers, get, 32);
EVALH_OFFSET(evalh_peers, answer, 40);

EVALH_SIZE(evalh_action_adopt, 24);
EVALH_OFFSET(evalh_action_adopt, header, 0);
EVALH_OFFSET(evalh_action_adopt, peer, 16);

EVALH_SIZE(evalh_service, 40);
EVALH_OFFSET(evalh_service, struct_size, 0);
EVALH_OFFSET(evalh_service, reserved, 4);
EVALH_OFFSET(evalh_service, create, 8);
EVALH_OFFSET(evalh_service, destroy, 16);
EVALH_OFFSET(evalh_service, call, 24);
EVALH_OFFSET(evalh_service, fingerprint, 32);

#endif /* EVALH_PLUGIN_LAYOUT_H */
