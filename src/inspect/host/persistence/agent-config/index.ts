import { filesAt, filesIn, isExecutable, readLines } from '../../locations.ts';
import { settingCommands } from '../../setting-commands.ts';
import { defineTechnique } from '../../technique.ts';
import { agents } from './agents.ts';

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
      for (const { path } of files) yield* settingCommands(path, agent, context);
    }
    for (const { path } of filesIn(tree, scriptFolders)) {
      if (!isExecutable(tree, path)) continue;
      yield { path, title: 'script of cloud-init', runs: readLines(tree, path), user: 'root', unowned: 0.2 };
    }
  },
});
