import { setImmediate as turn } from 'node:timers/promises';
import { defineSensor, type RecordContext } from '../../sensor.ts';
import { recordInThread } from '../_shared/record-in-thread.ts';
import { findJournals, foldersOf } from '../../linux/journal/find-journals.ts';
import { JournalSpool } from './journal-spool.ts';

export const sensor = defineSensor({
  id: 'journald',
  title: 'systemd journal',
  description:
    'Entries of the systemd journal as they are written: of the system, of users and of other machines that send theirs here, through rotation and vacuuming. Journal files are read themselves, without journalctl and without locks. Of this machine it begins with what comes after its first start; of a folder that is named it brings in what stands there too. Where it was is kept: after a restart or a kill nothing is missing and nothing comes twice, and entries that were removed meanwhile are counted by the gaps in their numbers. Fields packed with XZ are not read.',
  references: ['https://systemd.io/JOURNAL_FILE_FORMAT/', 'https://systemd.io/JOURNAL_EXPORT_FORMATS/'],
  guide: ['B03', 'B10'],
  needs: 'journal files that may be read: root, or a member of the group systemd-journal.',
  source: 'journald',
  whyNot: (inputs = []) => {
    const folders = foldersOf(inputs);
    const isThere = inputs.length > 0 || folders.some((folder) => findJournals(folder).length > 0);
    return Promise.resolve(
      isThere ? undefined : `there is no journal in ${folders.join(' or ')}, or it is not for this user`,
    );
  },
  catchUp,
  record: (context) => recordInThread(new URL('recorder.ts', import.meta.url), context),
});

async function catchUp(context: RecordContext): Promise<void> {
  const { folder, inputs = [], signal } = context;
  const spool = new JournalSpool(folder, foldersOf(inputs), inputs.length > 0, context, () => performance.now());
  try {
    while (!signal.aborted && !spool.takeSome()) await turn();
  } finally {
    spool.close();
  }
}
