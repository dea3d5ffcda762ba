import { actorColumns, connectionColumns, defineKind, text } from '../kind.ts';

export const kind = defineKind({
  id: 'log',
  title: 'Log record',
  description: 'A record that no other kind fits; its own fields stand in `fields`.',
  columns: {
    ...connectionColumns,
    ...actorColumns,
    log_name: text('Name of the log or record type inside the dataset.', 'log.logger'),
    log_level: text('Level as written.', 'log.level'),
    message: text('Text of the record.', 'message'),
  },
});
