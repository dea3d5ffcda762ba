import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/trails.json', import.meta.url));
const lines = sample.toString('utf8').split('\n');

describe('cloud-audit, detect', () => {
  it.each([0, 1, 2, 3])('knows the record on line %d', (index) => {
    expect(source.detect('x', Buffer.from(lines[index] ?? ''))).toBe('certain');
  });

  it.each(['', '{"Records":[]}', '{"Records":[{"a":1}]}', '{"operationName":"x","time":"y"}', '{"eventName":"x"}'])(
    'does not know %j',
    (content) => {
      expect(source.detect('cloudtrail.json', Buffer.from(content))).toBeUndefined();
    },
  );
});

describe('cloud-audit, decode', () => {
  it('reads log-ins and calls of AWS', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toMatchObject({
      kind: 'user_session',
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      event_dataset: 'aws.cloudtrail',
      event_action: 'login',
      event_outcome: 'failure',
      user_name: 'anna',
      target_user_name: 'anna',
      source_ip: '203.0.113.9',
      evidence_at: 1,
      fields: { eventName: 'ConsoleLogin', userIdentity: { arn: 'arn:aws:iam::1:user/anna' } },
    });
    expect(contentOf(events[1])).toMatchObject({
      kind: 'log',
      log_name: 'CreateUser',
      log_level: 'error',
      message: 'CreateUser: AccessDenied',
      user_name: 'ec2.amazonaws.com',
      evidence_at: 1,
      fields: { sourceService: 'ec2.amazonaws.com', requestParameters: { userName: 'mallory' } },
    });
    expect(events[1]).toMatchObject({ source_ip: null });
  });

  it('reads Azure, Google Cloud and Entra ID', async () => {
    const { events } = await decodeContent(source, sample);
    expect(events.slice(2)).toMatchObject([
      {
        event_dataset: 'azure.activity',
        log_name: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE',
        log_level: 'information',
        user_name: 'anna',
        source_ip: '203.0.113.9',
      },
      {
        event_dataset: 'gcp.audit',
        log_name: 'storage.setIamPermissions',
        log_level: 'error',
        message: 'storage.setIamPermissions: PERMISSION_DENIED',
        user_name: 'anna@example.org',
      },
      { kind: 'user_session', event_outcome: 'success', target_user_name: 'anna@example.org' },
    ]);
  });

  it('reports what is of no cloud, and reads on', async () => {
    const { events, problems } = await decodeContent(source, `{"Records":[7,{"a":1}]}\n${lines[3]}\n{"Records":[{"`);
    expect(events).toHaveLength(1);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 1],
      ['truncated', 3],
    ]);
  });
});
