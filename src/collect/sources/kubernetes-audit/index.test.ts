import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/audit.log', import.meta.url));

describe('kubernetes-audit', () => {
  it('knows events, alone and in lists', () => {
    expect(source.detect('x', sample)).toBe('certain');
    expect(source.detect('x', Buffer.from(sample.toString('utf8').split('\n')[2] ?? ''))).toBe('certain');
    expect(source.detect('audit.log', Buffer.from('{"auditID":"x","verb":"get"}'))).toBe('certain');
    expect(source.detect('audit.log', Buffer.from('{"auditID":"x"}'))).toBeUndefined();
    expect(source.detect('audit.log', Buffer.from('{"apiVersion":"v1","kind":"List","items":[]}'))).toBeUndefined();
  });

  it('reads who asked for what, and the command of exec', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(contentOf(events[0])).toMatchObject({
      kind: 'log',
      time: parseIsoMicros('2026-03-01T10:00:00.123456Z'),
      event_dataset: 'kubernetes.audit',
      log_name: 'create',
      user_name: 'anna',
      source_ip: '203.0.113.9',
      message: 'create pods/exec shop/web-0: 101',
      process_command_line: 'sh -c id',
      container_name: 'web',
      fields: {
        auditID: 'a0',
        sourceIPs: ['203.0.113.9', '10.0.0.1'],
        objectRef: { resource: 'pods', subresource: 'exec' },
        user: { username: 'anna', groups: ['system:authenticated'] },
      },
    });
    expect(events.slice(1)).toMatchObject([
      { user_name: 'system:admin', message: 'get /version: 200', process_command_line: null },
      { message: 'delete secrets shop/s: 403', evidence_at: 3 },
    ]);
    expect(placesOf(problems)).toEqual([['bad-record', 3]]);
  });
});
