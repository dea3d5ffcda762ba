import { nameOf, type FileTree } from '../../../tree/tree.ts';
import { iniEntries } from '../../ini.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import type { PersistenceItem, Sign } from '../../technique.ts';

const journalFolders = ['/etc/systemd/journald.conf.d', '/run/systemd/journald.conf.d'];
const unitFolders = ['/etc/systemd/system', '/run/systemd/system'];
const deliveredFolders = ['/usr/lib/systemd/system', '/lib/systemd/system'];
/** Units that write down what happens. */
const watchers =
  /^(?:auditd|rsyslog|syslog-ng|systemd-journald|falco|falcosecurity\w*|osqueryd|wazuh-agent|sysmon|laurel|filebeat|auditbeat|elastic-agent|velociraptor\w*|crowdsec|fail2ban|apparmor|clamav-daemon)\.service$/;

/** Settings and masks that have the daemons of logs keep nothing, or not what somebody wants to hide. */
export function* silencedDaemons(tree: FileTree): Generator<PersistenceItem> {
  yield* journal(tree);
  yield* discards(tree);
  for (const { path, target } of filesIn(tree, unitFolders, (name) => watchers.test(name))) {
    const isThere = deliveredFolders.some((folder) => tree.lstat(`${folder}/${nameOf(path)}`) !== undefined);
    if (target !== '/dev/null' || !isThere) continue;
    yield itemOf(path, undefined, { what: 'can never be started', value: nameOf(path), weight: 0.5 });
  }
}

function* journal(tree: FileTree): Generator<PersistenceItem> {
  for (const { path } of [...filesAt(tree, ['/etc/systemd/journald.conf']), ...filesIn(tree, journalFolders)]) {
    for (const { key, value, line } of iniEntries(readLines(tree, path))) {
      if (key !== 'Storage' || value !== 'none') continue;
      yield itemOf(path, line, { what: 'keeps nothing', value: `${key}=${value}`, weight: 0.5 });
    }
  }
}

/** Messages of logins, sudo and audit that rsyslog throws away. */
const discardPattern =
  /^(?::\w+,\s*!?\w+,\s*"(?<text>[^"]{1,200})"|if\s+(?<condition>.{1,400}?)\s+then|(?<facility>(?:auth|authpriv|\*)\.\S+))\s*(?:~|stop|\{\s*stop\s*\}|\/dev\/null)\s*$/;
const tellingPattern =
  /sshd|sudo|\bsu\b|pam|audit|cron|login|kernel|fromhost|authpriv|auth\.|\*\.\*|accepted|session|useradd/i;

function* discards(tree: FileTree): Generator<PersistenceItem> {
  for (const { path } of [...filesAt(tree, ['/etc/rsyslog.conf']), ...filesIn(tree, ['/etc/rsyslog.d'])]) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      const { text: words, condition, facility } = discardPattern.exec(text)?.groups ?? {};
      if (!tellingPattern.test(words ?? condition ?? facility ?? '')) continue;
      yield itemOf(path, line, { what: 'throws messages away', value: text.slice(0, 200), weight: 0.45 });
    }
  }
}

function itemOf(path: string, line: number | undefined, sign: Sign): PersistenceItem {
  const item = { path, title: 'daemon of logs', attack: ['T1562.006'], unowned: 0, signs: [sign] };
  return line === undefined ? { ...item, isJudgedAnyway: true } : { ...item, line };
}
