import { actorColumns, boolean, defineKind, integer, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'process',
  title: 'Process',
  description: 'A process that started, ended or changed its identity.',
  columns: {
    ...actorColumns,
    event_action: text('`exec`, `fork`, `exit`, `setuid`, `ptrace`, …', 'event.action'),
    event_outcome: text('`success` or `failure`.', 'event.outcome'),
    process_args: list('Arguments as given, argv[0] first.', 'process.args'),
    process_exit_code: integer('Exit code or error number.', 'process.exit_code'),
    process_hash_sha256: text('SHA-256 of the executable, where the record tells.', 'process.hash.sha256'),
    process_interpreted_file: text('Script that an interpreter was started for, where the record tells.'),
    target_pid: integer('Process acted on (kill, ptrace).'),
    target_name: text('Name of that process.'),
    rule_keys: list('Keys of the audit rules that logged it.'),
    is_privileged_change: boolean('The effective user or capabilities grew.'),
  },
});
