import type { CommandSettings } from '../../setting-commands.ts';

/** An agent or supervisor that starts programs by its settings. */
export interface Agent extends CommandSettings {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

export const agents: readonly Agent[] = [
  {
    name: 'snmpd',
    files: ['/etc/snmp/snmpd.conf', '/var/lib/snmp/snmpd.conf', '/etc/snmp/snmpd.local.conf'],
    folders: ['/etc/snmp/snmpd.conf.d'],
    pattern: /^[ \t]{0,40}(?:extend(?:-sh)?|exec|sh|pass(?:_persist)?)\s{1,20}\S{1,200}\s{1,20}(?<command>[^\n]{1,2000})/gm,
  },
  {
    name: 'Zabbix',
    files: ['/etc/zabbix/zabbix_agentd.conf', '/etc/zabbix/zabbix_agent2.conf'],
    folders: ['/etc/zabbix/zabbix_agentd.d', '/etc/zabbix/zabbix_agentd.conf.d', '/etc/zabbix/zabbix_agent2.d'],
    pattern: /^[ \t]{0,40}UserParameter\s{0,4}=[^,\n]{1,400},(?<command>[^\n]{1,2000})/gm,
    doors: [
      {
        pattern: /^[ \t]{0,40}(?:AllowKey\s{0,4}=\s{0,4}system\.run\[\*|EnableRemoteCommands\s{0,4}=\s{0,4}1)/m,
        what: 'runs whatever its server says',
        weight: 0.45,
      },
    ],
  },
  {
    name: 'NRPE',
    files: ['/etc/nagios/nrpe.cfg', '/etc/nagios/nrpe_local.cfg', '/etc/nrpe.cfg'],
    folders: ['/etc/nagios/nrpe.d', '/etc/nrpe.d'],
    pattern: /^[ \t]{0,40}command\[[^\]\n]{1,200}\]\s{0,4}=(?<command>[^\n]{1,2000})/gm,
    doors: [
      {
        pattern: /^[ \t]{0,40}command\[[^\]\n]{1,200}\]\s{0,4}=[^\n]{0,400}\bsh\s{1,4}-c\s{1,4}["']?\$ARG1\$/m,
        what: 'runs whatever somebody asks it for',
        weight: 0.7,
      },
    ],
  },
  {
    name: 'supervisord',
    files: ['/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'],
    folders: ['/etc/supervisor/conf.d', '/etc/supervisord.d', '/etc/supervisor.d'],
    pattern: /^[ \t]{0,40}command\s{0,4}=(?<command>[^\n]{1,2000})/gm,
  },
  {
    name: 'fail2ban',
    files: ['/etc/fail2ban/jail.local'],
    folders: ['/etc/fail2ban/action.d', '/etc/fail2ban/jail.d'],
    pattern: /^[ \t]{0,40}action(?:ban|unban|start|stop|check|flush|reload)\s{0,4}=(?<command>[^\n]{1,2000})/gm,
  },
  {
    name: 'monit',
    files: ['/etc/monit/monitrc', '/etc/monitrc'],
    folders: ['/etc/monit/conf.d', '/etc/monit/conf-enabled', '/etc/monit.d'],
    pattern: /\b(?:exec|start program\s{0,4}=|stop program\s{0,4}=|with path)\s{0,4}"(?<command>[^"\n]{1,2000})"/g,
  },
  {
    name: 'keepalived',
    files: ['/etc/keepalived/keepalived.conf'],
    folders: ['/etc/keepalived/conf.d'],
    pattern: /^[ \t]{0,40}(?:notify(?:_\w+)?|script|vrrp_script\s)\s{0,4}"?(?<command>\/[^"\n]{1,2000})/gm,
  },
  {
    name: 'cloud-init',
    files: ['/etc/cloud/cloud.cfg', '/var/lib/cloud/instance/user-data.txt', '/var/lib/cloud/instance/cloud-config.txt'],
    folders: ['/etc/cloud/cloud.cfg.d'],
    // Items of bootcmd and runcmd: texts, or lists of words.
    pattern: /^[ \t]{0,40}-\s{1,4}(?!name:|path:)(?<command>[^\n]{1,2000})/gm,
  },
  {
    name: 'Salt, Puppet or Chef',
    files: ['/etc/salt/minion', '/etc/puppet/puppet.conf', '/etc/puppetlabs/puppet/puppet.conf', '/etc/chef/client.rb'],
    folders: ['/etc/salt/minion.d'],
    pattern: /^[ \t]{0,40}(?:prerun_command|postrun_command|start_handlers)\s{0,4}[=:](?<command>[^\n]{1,2000})/gm,
    doors: [
      {
        pattern: /^[ \t]{0,40}(?:master|server|chef_server_url)\s{0,4}[:= ]\s{0,4}["']?(?:https?:\/\/)?(?:\d{1,3}\.){3}\d{1,3}/m,
        what: 'obeys a server that has only an address',
        weight: 0.2,
      },
    ],
  },
  {
    name: 'Telegraf or collectd',
    files: ['/etc/telegraf/telegraf.conf', '/etc/collectd/collectd.conf'],
    folders: ['/etc/telegraf/telegraf.d', '/etc/collectd/collectd.conf.d'],
    pattern: /^[ \t]{0,40}(?:commands\s{0,4}=\s{0,4}\[|Exec\s{1,4}\S{1,100}\s)\s{0,4}"?(?<command>[^"\n\]]{1,2000})/gm,
  },
]; // prettier-ignore
