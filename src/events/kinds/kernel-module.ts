import { actorColumns, defineKind, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'kernel_module',
  title: 'Kernel module',
  description: 'A kernel module or driver was loaded or removed.',
  columns: {
    ...actorColumns,
    event_action: text('`load`, `unload`, or `install`: it will be loaded later.', 'event.action'),
    event_outcome: text('`success` or `failure`.', 'event.outcome'),
    module_name: text('Name of the module.', 'driver.name'),
    file_path: text('File it was loaded from.', 'file.path'),
    file_hash_sha256: text('SHA-256 of that file.', 'file.hash.sha256'),
    rule_keys: list('Keys of the audit rules that logged it.'),
  },
});
