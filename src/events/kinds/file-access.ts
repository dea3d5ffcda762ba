import { actorColumns, defineKind, integer, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'file_access',
  title: 'File access',
  description: 'A process opened, wrote, created, deleted, renamed or changed a file.',
  columns: {
    ...actorColumns,
    event_action: text(
      '`open`, `read`, `write`, `create`, `delete`, `rename`, `attribute`, `link`, `mount`, …',
      'event.action',
    ),
    event_outcome: text('`success` or `failure`.', 'event.outcome'),
    file_path: text('Absolute path, joined with the working directory where it was relative.', 'file.path'),
    file_target_path: text('Second path of a rename or link.', 'file.target_path'),
    file_inode: text('Inode.', 'file.inode'),
    file_device: text('Device as major:minor.', 'file.device'),
    file_mode: text('Type and permissions, octal.', 'file.mode'),
    file_owner_id: integer('Owner.', 'file.uid'),
    file_group_id: integer('Group.', 'file.gid'),
    file_hash_sha256: text('SHA-256, where the record tells.', 'file.hash.sha256'),
    syscall: text('System call or hook that did it.'),
    rule_keys: list('Keys of the audit rules that logged it.'),
  },
});
