import type { Tactic } from './attack-tactics.ts';

/** Words for titles: `{host}` is where it happened, `{far}` the other side. The sub-technique goes before its technique. Those of command and control may follow `implant`. */
export const phraseByTechnique: Readonly<Record<string, string>> = {
  T1046: 'network scan from {host}',
  T1048: 'data carried out to {far}',
  T1053: 'scheduled job planted on {host}',
  T1059: 'command shell on {host}',
  T1068: 'privilege exploit on {host}',
  T1071: 'calling {far}',
  'T1071.004': 'talking in DNS names to {far}',
  T1078: 'stolen account used on {host}',
  T1090: 'relaying to {far}',
  T1098: 'account changed on {host}',
  'T1098.004': 'SSH key planted on {host}',
  T1102: 'talking through the web service {far}',
  T1105: 'fetching tools from {far}',
  T1110: 'password guessing against {host}',
  T1136: 'account added on {host}',
  T1190: 'exploitation of {host}',
  T1195: 'supply-chain compromise of {host}',
  T1200: 'rogue device {host}',
  T1485: 'data destroyed on {host}',
  T1486: 'data encrypted on {host}',
  T1496: 'mining on {host}',
  T1505: 'server component planted on {host}',
  'T1505.003': 'web shell on {host}',
  T1543: 'service planted on {host}',
  T1547: 'autostart planted on {host}',
  T1554: 'program replaced on {host}',
  T1565: 'data changed on {host}',
  T1566: 'phishing of {host}',
  T1571: 'calling {far}',
  T1572: 'tunnelling to {far}',
  T1574: 'hijacked program start on {host}',
  T1595: 'scan of {host}',
  T1611: 'container escape on {host}',
  T1014: 'rootkit on {host}',
};

export const phraseByTactic: Readonly<Record<Tactic, string>> = {
  reconnaissance: 'scan of {host}',
  'resource-development': 'preparation against {host}',
  'initial-access': 'break-in on {host}',
  execution: 'foreign code run on {host}',
  persistence: 'persistence on {host}',
  'privilege-escalation': 'privilege escalation on {host}',
  'defense-evasion': 'concealment on {host}',
  'credential-access': 'credential theft on {host}',
  discovery: 'discovery from {host}',
  'lateral-movement': 'lateral movement from {host}',
  collection: 'data collected on {host}',
  'command-and-control': 'calling {far}',
  exfiltration: 'data carried out to {far}',
  impact: 'damage on {host}',
};

/** For what calls a far side, where the detector measured that it does so again and again. */
export const beaconing = 'beaconing to {far}';

/** What makes a title, most telling first. The last is done elsewhere, before anything happens here: told only where there is nothing else. */
export const tacticsByWeight: readonly Tactic[] = [
  'initial-access',
  'impact',
  'exfiltration',
  'command-and-control',
  'lateral-movement',
  'credential-access',
  'privilege-escalation',
  'persistence',
  'execution',
  'collection',
  'defense-evasion',
  'discovery',
  'reconnaissance',
  'resource-development',
];

/** Names that people know vulnerabilities by. */
export const nicknames: Readonly<Record<string, string>> = {
  'CVE-2014-0160': 'Heartbleed',
  'CVE-2014-6271': 'Shellshock',
  'CVE-2016-5195': 'Dirty COW',
  'CVE-2017-0144': 'EternalBlue',
  'CVE-2019-0708': 'BlueKeep',
  'CVE-2020-1472': 'Zerologon',
  'CVE-2021-26855': 'ProxyLogon',
  'CVE-2021-34527': 'PrintNightmare',
  'CVE-2021-4034': 'PwnKit',
  'CVE-2021-44228': 'Log4Shell',
  'CVE-2021-45046': 'Log4Shell',
  'CVE-2022-0847': 'Dirty Pipe',
  'CVE-2022-22965': 'Spring4Shell',
  'CVE-2023-4911': 'Looney Tunables',
  'CVE-2024-3094': 'XZ backdoor',
  'CVE-2024-6387': 'regreSSHion',
};
