import { nameOf, parentOf } from '../../../tree/tree.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

/** Looked at whole, and only programs, hidden files and keys elsewhere. */
const watched = /^\/(?:etc|var\/(?:spool|www)|usr\/local\/s?bin|usr\/s?bin|s?bin|boot)\//;
const watchedPartly = /^\/(?:root|home|tmp|var\/tmp|dev\/shm|opt|srv|usr\/local)\//;
const doors =
  /\/(?:authorized_keys2?|passwd|shadow|sudoers|crontab|ld\.so\.preload)$|\/(?:cron\.[a-z]+|crontabs|systemd\/system|init\.d|sudoers\.d)\//;
const maxFiles = 100_000;

export const technique = defineTechnique({
  id: 'immutable',
  title: 'Files that cannot be changed',
  description:
    'Files with the flags i or a of chattr(1): malware sets them so that it cannot be removed. A packaged or hardened file has them for good reasons; an unpackaged, hidden or start-up file hardly.',
  places: ['/etc', '/root', '/home', '/tmp', '/var/spool', '/usr/local', '/usr/bin', '/opt, /srv'],
  attack: ['T1222.002'],
  guide: ['B09'],
  references: ['https://man7.org/linux/man-pages/man1/chattr.1.html', 'https://attack.mitre.org/techniques/T1222/002/'],
  wants: ({ path, type, mode }) =>
    type === 'file' &&
    (watched.test(path) ||
      (watchedPartly.test(path) && ((mode & 0o111) !== 0 || nameOf(path).startsWith('.') || path.includes('/.ssh/')))),
  *find(context, wanted) {
    const { tree } = context;
    if (tree.flags === undefined) {
      context.notChecked('flags of files (immutable, append only)', 'this tree does not tell them');
      return;
    }
    if (wanted.length > maxFiles) {
      context.notChecked(
        'flags of files (immutable, append only)',
        `only the first ${maxFiles} of ${wanted.length} were looked at`,
      );
    }
    for (const { path } of wanted.slice(0, maxFiles)) {
      const flags = tree.flags(path);
      if (flags === undefined || (!flags.isImmutable && !flags.isAppendOnly)) continue;
      const signs: Sign[] = [
        {
          what: flags.isImmutable ? 'cannot be changed or removed' : 'can only grow',
          value: flags.isImmutable ? '+i' : '+a',
          weight: flags.isImmutable ? 0.25 : 0.15,
        },
      ];
      if (isHidden(path)) signs.push({ what: 'is hidden', value: path, weight: 0.45 });
      if (isTemporary(path)) {
        signs.push({ what: 'stands where anybody may write', value: parentOf(path), weight: 0.35 });
      }
      if (doors.test(path)) signs.push({ what: 'opens a way in', value: path, weight: 0.3 });
      yield { path, title: 'file that cannot be changed', unowned: 0.1, signs };
    }
  },
});
