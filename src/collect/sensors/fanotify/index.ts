import { messageOf } from '../../../base/errors.ts';
import { defineSensor } from '../../sensor.ts';
import { recordInThread } from '../_shared/record-in-thread.ts';

export const sensor = defineSensor({
  id: 'fanotify',
  title: 'Changes of files',
  description:
    "Files that are created, written, renamed, deleted or get other rights in places that matter (`content/watch/files.yaml`), and who opens and reads files with secrets, through the kernel's fanotify: the real path, whatever link, mount, system call or io_uring leads there, with the process, its ancestors, user and container at once, and the SHA-256 of what was written. Whole file systems are listened to, so a folder that comes later is seen. Not seen: what a container changes in its own layer, what is written through memory that is mapped, files on network file systems that others change, and failed tries. Of a file that is written again and again by one process the first write is told, and the next after ten seconds.",
  references: ['https://man7.org/linux/man-pages/man7/fanotify.7.html'],
  guide: ['B02', 'B03', 'B06', 'C16'],
  needs:
    'CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH in the first user namespace (root), and Linux 5.17; CAP_NET_ADMIN to know who changed a file and ended at once.',
  source: 'vakthund-export',
  async whyNot() {
    try {
      const { FanotifyGroup } = await import('../../linux/fanotify/fanotify-group.ts');
      new FanotifyGroup().close();
      return undefined;
    } catch (error) {
      return `the kernel does not tell of files: ${messageOf(error)} (it needs root and Linux 5.17)`;
    }
  },
  async record(context) {
    const { shippedList } = await import('./watched-list.ts');
    await recordInThread(new URL('recorder.ts', import.meta.url), context, shippedList());
  },
});
