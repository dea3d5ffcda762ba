import type { KindId } from '../../events/event.ts';

/** Kinds that Windows events become. */
export const windowsKinds: readonly KindId[] = [
  'process',
  'registry',
  'file_access',
  'socket',
  'dns',
  'kernel_module',
  'scheduled_task',
  'user_session',
  'alert',
  'log',
];
