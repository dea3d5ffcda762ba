import { describe, expect, it } from 'vitest';
import { withEvents } from '../../tests/support/event-store.ts';
import { decodeContent } from '../../tests/support/decode-content.ts';
import { source as cloudAudit } from '../collect/sources/cloud-audit/index.ts';
import { source as kubernetesAudit } from '../collect/sources/kubernetes-audit/index.ts';
import type { EventRow, VakthundEvent } from '../events/event.ts';
import { createMacros } from '../store/duckdb/macros.ts';
import { eventFormat } from '../match/event-format.ts';
import { askRules } from '../detect/rules/rule-matches.ts';
import { loadRuleSet } from '../detect/rules/falco/rule-set.ts';

const rule = (name: string, source: string, condition: string): string =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: WARNING\n  source: ${source}\n`;

const set = loadRuleSet(
  [
    {
      path: 'rules.yaml',
      text: [
        rule('privileged', 'k8s_audit', 'ka.verb = create and ka.req.pod.containers.privileged intersects (true)'),
        rule('exec', 'k8s_audit', 'ka.target.subresource = exec and not ka.user.name startswith "system:"'),
        rule('from outside', 'k8s_audit', 'ka.sourceips intersects (203.0.113.9)'),
        rule('trail off', 'aws_cloudtrail', 'ct.name = StopLogging and ct.src = cloudtrail.amazonaws.com'),
        rule('by a service', 'aws_cloudtrail', 'ct.srcip endswith .amazonaws.com'),
        rule('console', 'aws_cloudtrail', 'ct.name = ConsoleLogin and ct.user exists'),
        rule('opened', 'gcp_auditlog', 'gcp.methodName = storage.setIamPermissions and gcp.user exists'),
        rule('okta', 'okta', 'okta.app exists'),
      ].join(''),
    },
  ],
  { options: ['sources=k8s_audit,aws_cloudtrail,gcp_auditlog,okta', 'rule_matching=all'] },
);

const time = '2026-03-10T10:00:00Z';
const audit = { auditID: 'a', stage: 'ResponseComplete', requestReceivedTimestamp: time, sourceIPs: ['10.0.0.1'] };
const pod = { spec: { containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] } };
const kubernetes = [
  {
    ...audit,
    verb: 'create',
    user: { username: 'eve' },
    objectRef: { resource: 'pods', namespace: 'shop' },
    requestObject: { kind: 'Pod', ...pod },
  },
  {
    ...audit,
    verb: 'create',
    user: { username: 'eve' },
    sourceIPs: ['203.0.113.9', '10.0.0.1'],
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
  },
  { ...audit, verb: 'get', user: { username: 'system:node:a' }, objectRef: { resource: 'pods', subresource: 'exec' } },
];
const trail = { eventTime: time, awsRegion: 'x', userIdentity: { type: 'IAMUser', userName: 'eve' } };
const clouds = [
  { ...trail, eventName: 'StopLogging', eventSource: 'cloudtrail.amazonaws.com', sourceIPAddress: '203.0.113.9' },
  { ...trail, eventName: 'GetObject', eventSource: 's3.amazonaws.com', sourceIPAddress: 'config.amazonaws.com' },
  { ...trail, eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com', sourceIPAddress: '203.0.113.9' },
  {
    timestamp: time,
    logName: 'l',
    insertId: 'i',
    protoPayload: {
      methodName: 'storage.setIamPermissions',
      authenticationInfo: { principalEmail: 'eve@example.org' },
      requestMetadata: { callerIp: '203.0.113.9' },
    },
  },
];

async function events(): Promise<VakthundEvent[]> {
  const lines = (records: readonly object[]): Buffer =>
    Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const decoded = [
    await decodeContent(kubernetesAudit, lines(kubernetes)),
    await decodeContent(cloudAudit, lines(clouds)),
  ];
  expect(decoded.flatMap(({ problems }) => problems)).toEqual([]);
  return decoded.flatMap(({ events: list }) => list as unknown as VakthundEvent[]);
}

const wanted = ['by a service', 'console', 'exec', 'from outside', 'opened', 'privileged', 'trail off'];

describe('rules over plug-in records', () => {
  it('are all read', () => {
    expect(set.text()).toBe('rules.yaml: Ok\n');
  });

  it('judge our own events of them as they come', async () => {
    const runner = set.runner(eventFormat);
    const found = (await events()).flatMap((event) => runner?.judge(event as unknown as EventRow) ?? []);
    expect(found.map(({ rule: { id } }) => id).sort()).toEqual(wanted);
  });

  it('find the same in a store, each with who and where', async () => {
    await withEvents(await events(), async (store) => {
      const questions = set.rules.flatMap((one) =>
        one.search(store.macros).queries.map((query) => ({ rule: one, query })),
      );
      const found = [];
      for await (const answer of askRules(questions, store, 'TRUE')) found.push(answer);
      expect(found.map(({ rule: { id } }) => id).sort()).toEqual(wanted);
      expect(found.find(({ rule: { id } }) => id === 'exec')).toMatchObject({
        row: { n: 1, user_name: 'eve', source_ip: '203.0.113.9', pointer_places: [2] },
      });
    });
  });

  it('say so where no source of ours keeps them', () => {
    const okta = set.rules.find(({ id }) => id === 'okta');
    expect(okta?.search(createMacros([]))).toEqual({
      queries: [],
      missing: [{ field: 'evt.source', why: 'events of okta are not stored' }],
    });
  });
});
