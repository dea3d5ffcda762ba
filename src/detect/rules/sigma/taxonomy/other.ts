import { always } from '../../../../match/condition/condition.ts';
import { startsWith, type Origin, type Target } from './target.ts';

/** Lines that programs wrote, most of them from containers. */
const programOutput: Target = {
  kind: 'log',
  where: startsWith('event_dataset', 'docker', 'cri', 'syslog', 'journal'),
  fields: {},
  others: 'members',
};

export const otherOrigins: readonly Origin[] = [
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
