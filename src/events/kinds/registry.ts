import { actorColumns, defineKind, text } from '../kind.ts';

export const kind = defineKind({
  id: 'registry',
  title: 'Windows registry',
  description: 'A process created, deleted, renamed, read or set a key or value of the Windows registry.',
  columns: {
    ...actorColumns,
    event_action: text(
      '`key-created`, `key-deleted`, `value-set`, `value-deleted`, `renamed`, `changed` where it is not told how, `open`, `read`.',
      'event.action',
    ),
    registry_path: text('Full path: hive, key and value, as the record writes it.', 'registry.path'),
    registry_hive: text('Root in short: `HKLM`, `HKU`, `HKCR`, …', 'registry.hive'),
    registry_key: text('Path of the key without its root.', 'registry.key'),
    registry_value: text('Name of the value; null where a key is meant.', 'registry.value'),
    registry_data: text('What was written, as text.', 'registry.data.strings'),
    registry_data_type: text('Type of it: `REG_SZ`, `REG_DWORD`, …', 'registry.data.type'),
    registry_target_path: text('New path of what was renamed.'),
  },
});
