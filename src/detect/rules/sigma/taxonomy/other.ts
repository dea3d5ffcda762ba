import { always } from '../../../../match/condition/condition.ts';
import { startsWith, type Origin, type Target } from './target.ts';

/** Lines that programs wrote, most of them from containers. */
const programOutput: Target = {
  kind: 'log',
  where: startsWith('event_dataset', 'docker', 'cri', 'syslog', 'journal'),
  fields: {},
  others: 'members',
};

/** Trails of a cloud, whose records keep their own names. */
function trail(dataset: string, fields: Target['fields']): Target[] {
  const where = startsWith('event_dataset', dataset);
  return (['log', 'user_session'] as const).map((kind): Target => ({ kind, where, fields, others: 'members' }));
}

const azure = ['activitylogs', 'auditlogs', 'signinlogs', 'riskdetection', 'pim'];
const clouds: readonly Origin[] = [
  {
    logsource: { product: 'aws', service: 'cloudtrail' },
    targets: trail('aws.cloudtrail', { sourceIPAddress: 'source_ip' }),
  },
  ...azure.map((service): Origin => ({ logsource: { product: 'azure', service }, targets: trail('azure', {}) })),
  { logsource: { product: 'gcp', service: 'gcp.audit' }, targets: trail('gcp.audit', {}) },
];

export const otherOrigins: readonly Origin[] = [
  ...clouds,
  ...['python', 'django', 'spring', 'ruby_on_rails', 'jvm', 'velocity', 'sql', 'nodejs'].map((product): Origin => ({
    logsource: { category: 'application', product },
    targets: [programOutput],
  })),
  { logsource: { product: 'docker' }, targets: [programOutput] },
  { logsource: { service: 'apache' }, targets: [programOutput] },
  { logsource: { service: 'nginx' }, targets: [programOutput] },
  { logsource: { product: 'modsecurity' }, targets: [programOutput] },
  {
    logsource: { product: 'kubernetes' },
    targets: [{ kind: 'log', where: startsWith('event_dataset', 'kubernetes', 'k8s'), fields: {}, others: 'members' }],
  },
  {
    logsource: { category: 'antivirus' },
    targets: [
      {
        kind: 'alert',
        where: always,
        fields: { Signature: 'rule_name', Filename: 'file_path', Action: 'event_action' },
        others: 'members',
      },
    ],
  },
];
