import { messageOf } from '../../../base/errors.ts';
import { defineSensor } from '../../sensor.ts';
import { recordInThread } from '../_shared/record-in-thread.ts';

export const sensor = defineSensor({
  id: 'process-events',
  title: 'Process events',
  description:
    "Programs as they start and end, changes of user and name, traces and core dumps, of the whole machine with its containers, through the kernel's process connector: no rule has to be loaded and no file watched. Each start has the file that runs (whatever path it was reached by, without a name too), its SHA-256, arguments, directory, user, login, container and all ancestors; of its environment only what puts libraries into it (`env` in `fields`: LD_PRELOAD, LD_AUDIT, LD_LIBRARY_PATH, GCONV_PATH), at the cost of one more file read for each start. All this is read from /proc while the process lives: of one that ends within a millisecond or two parts may be missing, and `unread` in `fields` says which. Forks alone are not told. Scripts show as their interpreter, with the script among the arguments.",
  references: [
    'https://man7.org/linux/man-pages/man7/netlink.7.html',
    'https://www.kernel.org/doc/html/latest/driver-api/connector.html',
  ],
  guide: ['C15', 'C16', 'B03', 'B06'],
  needs:
    'CAP_NET_ADMIN in the first user, process and network namespace (root, outside of a container), and a kernel with CONFIG_PROC_EVENTS; CAP_SYS_PTRACE to see the programs of other users.',
  source: 'vakthund-export',
  async whyNot() {
    try {
      const { ProcessConnector } = await import('../../linux/process/connector.ts');
      new ProcessConnector(0).close();
      return undefined;
    } catch (error) {
      return `the kernel does not tell of processes: ${messageOf(error)} (it needs root, outside of a container)`;
    }
  },
  record: (context) => recordInThread(new URL('recorder.ts', import.meta.url), context),
});
