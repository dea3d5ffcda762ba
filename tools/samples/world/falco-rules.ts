/** Rules of falco-rules 5.1 (falcosecurity/rules) that spoke on the day: their message, priority and tags. */
export const falcoRules = {
  'Terminal shell in container': {
    message: 'A shell was spawned in a container with an attached terminal',
    priority: 'Notice',
    tags: ['T1059', 'container', 'maturity_stable', 'mitre_execution', 'shell'],
  },
  'Read sensitive file untrusted': {
    message: 'Sensitive file opened for reading by non-trusted program',
    priority: 'Warning',
    tags: ['T1555', 'container', 'filesystem', 'host', 'maturity_stable', 'mitre_credential_access'],
  },
  'Schedule Cron Jobs': {
    message: 'Cron jobs were scheduled to run',
    priority: 'Notice',
    tags: ['T1053.003', 'container', 'filesystem', 'host', 'maturity_incubating', 'mitre_execution'],
  },
  'Launch Package Management Process in Container': {
    message: 'Package management process launched in container',
    priority: 'Error',
    tags: ['T1505', 'container', 'maturity_incubating', 'mitre_persistence', 'process', 'software_mgmt'],
  },
  'Run shell untrusted': {
    message: 'Shell spawned by untrusted binary',
    priority: 'Notice',
    tags: ['T1059.004', 'container', 'host', 'maturity_stable', 'mitre_execution', 'process', 'shell'],
  },
  'Launch Ingress Remote File Copy Tools in Container': {
    message: 'Ingress remote file copy tool launched in container',
    priority: 'Notice',
    tags: ['TA0011', 'container', 'maturity_incubating', 'mitre_command_and_control', 'network', 'process'],
  },
} as const;

export type FalcoRuleName = keyof typeof falcoRules;

/** The web shop's container. */
export const shopContainer = {
  id: '9f2c41d07be835a6c1e04b7d92fa6830d5147e2bb0c98f63a7d10e5c4f8823b1',
  name: 'web01',
  repository: 'registry.fjord.example/shop/web',
  tag: '4.2.1',
} as const;
