import type { SqlRow } from '../../store/store.ts';
import type { Rule, RuleQuery } from './rule-language.ts';

/** A question of a rule to the store. */
export interface RuleQuestion {
  readonly rule: Rule;
  readonly query: RuleQuery;
}

/** What a rule matched on one machine by one program, and of a correlation for one group: a row of `matchesQuery`. */
export interface GroupedMatch {
  readonly rule: Rule;
  readonly row: SqlRow;
}

/** Columns that tell what a match is about, where its kind has them. */
export const aboutColumns = [
  'container_id',
  'container_name',
  'container_image_name',
  'process_pid',
  'process_name',
  'process_command_line',
  'process_parent_command_line',
  'user_name',
  'login_name',
  'target_user_name',
  'file_path',
  'registry_path',
  'source_ip',
  'destination_ip',
  'dns_question_name',
  'url_domain',
  'url_original',
  'message',
] as const;
