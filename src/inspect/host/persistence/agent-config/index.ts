import { filesAt, filesIn, isExecutable, lineCounter, readText } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { agents, type Agent } from './agents.ts';

/** Commands of one file that are judged. */
const maxCommands = 500;
/** cloud-init runs what lies there as root at each start, or at the first one of a machine. */
const scriptFolders = ['per-boot', 'per-instance', 'per-once', 'vendor'].map(
  (stage) => `/var/lib/cloud/scripts/${stage}`,
);

export const technique = defineTechnique({
  id: 'agent-config',
  title: 'Commands in the settings of agents',
  description:
    'Programs that monitoring agents, supervisors, cloud-init and configuration management start by their settings, mostly as root; settings that let a server have anything run, and one that obeys an address without a name. Starting programs is what they are there for: each counts by what it starts.',
  places: [
    '/etc/snmp/snmpd.conf',
    '/etc/zabbix/**',
    '/etc/nagios/nrpe*.cfg',
    '/etc/supervisor/conf.d/*',
    '/etc/fail2ban/action.d/*',
    '/etc/monit/**',
    '/etc/cloud/cloud.cfg.d/*',
    '/var/lib/cloud/scripts/**',
    '/etc/salt/minion.d/*',
    '/etc/puppet/puppet.conf',
  ],
  attack: ['T1072', 'T1543'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1072/'],
  *find(context) {
    const { tree } = context;
    for (const agent of agents) {
      const files = [...filesAt(tree, agent.files), ...filesIn(tree, agent.folders)];
      for (const { path } of files) yield* itemsOf(agent, path, context);
    }
    for (const { path } of filesIn(tree, scriptFolders)) {
      if (!isExecutable(tree, path)) continue;
      yield { path, title: 'script of cloud-init', runs: readText(tree, path), user: 'root', unowned: 0.2 };
    }
  },
});

function* itemsOf(
  { name, pattern, doors = [] }: Agent,
  path: string,
  { tree }: HostContext,
): Generator<PersistenceItem> {
  const text = readText(tree, path);
  const lineOf = lineCounter(text);
  let count = 0;
  for (const { groups, index } of text.matchAll(pattern)) {
    if (++count > maxCommands) break;
    yield {
      path,
      line: lineOf(index),
      title: `command of ${name}`,
      runs: (groups?.['command'] ?? '').trim(),
      user: 'root',
      unowned: 0.05,
    };
  }
  for (const { pattern: door, what, weight } of doors) {
    const hit = door.exec(text);
    if (hit === null) continue;
    const signs: Sign[] = [{ what, value: hit[0].trim(), weight }];
    yield { path, line: lineCounter(text)(hit.index), title: `setting of ${name}`, user: 'root', unowned: 0.05, signs };
  }
}
