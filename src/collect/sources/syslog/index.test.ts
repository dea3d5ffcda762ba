import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { silentLogger } from '../../../base/logger.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { contentStart } from '../../source.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const auth = read('auth.log');
const forms = read('forms.log');

describe('syslog, detect', () => {
  it.each([
    ['auth.log', auth],
    ['all forms', forms],
    ['one line', auth.subarray(0, 60)],
    ['RFC 5424', '<165>1 2026-03-01T09:00:02.5Z node1 app 7 ID47 - text'],
  ])('knows %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it('leaves records of the audit system to another source', () => {
    const line = 'Mar  1 10:00:00 node1 kernel: audit: type=1400 audit(1772359200.123:4): apparmor="DENIED"\n';
    expect(source.detect('kern.log', Buffer.from(line))).toBe('likely');
  });

  it.each([
    '',
    'Mar 1 is a day\n',
    '2026-03-01T10:00:05Z stdout F a: b\n',
    '2026-03-01 10:00:00,123 INFO a: b\n',
    '203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n',
    '<999>Mar  1 10:00:00 node1 a: b\n',
    '# Notes\n\nMar  1 10:00:00 node1 sshd[7]: quoted\n\nmore text\nand more\n',
  ])('does not know %j', (content) => {
    expect(source.detect('syslog', Buffer.from(content))).toBeUndefined();
  });
});

describe('syslog, decode', () => {
  it('reads what programs say, over the end of a year', async () => {
    const { events, problems } = await decodeContent(source, auth, 'auth.log-20260105');
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      {
        kind: 'user_session',
        time: parseIsoMicros('2025-12-31T23:59:58Z'),
        event_outcome: 'failure',
        target_user_name: 'admin',
      },
      { kind: 'user_session', time: parseIsoMicros('2026-01-01T00:00:01Z'), target_user_name: 'anna' },
      { kind: 'user_session', event_action: 'sudo', process_command_line: '/usr/bin/id' },
      { kind: 'process', process_command_line: '/opt/a.sh', process_pid: 99 },
      { kind: 'log', log_name: 'kernel', message: '[   12.5] usb 1-1: new device', host_name: 'node1' },
      { kind: 'dns', dns_question_name: 'c2.example', source_ip: '10.0.0.5', host_name: null },
    ]);
  });

  it('reads what OpenSSH writes of a log-in, a wrong name and a wrong key', async () => {
    const { events, problems } = await decodeContent(source, read('sshd.log'), 'auth.log-20261127');
    expect(problems).toEqual([]);
    const sessions = events.filter((event) => event.kind === 'user_session');
    const seen = sessions.map(({ event_action: action, event_outcome: outcome, target_user_name: user }) => [
      action,
      outcome,
      user,
    ]);
    expect(seen).toEqual([
      ['login', 'success', 'root'],
      ['logout', 'success', 'root'],
      ['authentication', 'failure', 'admin'],
      ['connection-closed', 'failure', 'admin'],
      ['key-offered', 'failure', 'root'],
      ['connection-closed', 'failure', 'root'],
    ]);
    expect(new Set(sessions.map(({ source_ip: address }) => address))).toEqual(new Set(['203.0.113.9']));
  });

  it('knows log-ins in what rsyslog made of a line that ended as on Windows, in its old and its new form', async () => {
    const said = 'Accepted password for anna from 203.0.113.9 port 4022 ssh2#015#012';
    const invalid = 'Invalid user nosuch from 203.0.113.9 port 4023#015';
    const old = `Mar  1 10:00:00 node1 sshd[7]: ${invalid}\n2026-03-01T10:00:01+00:00 node1 sshd[7]: ${said}\n`;
    const newer = `<38>1 2026-03-01T10:00:02Z node1 sshd 7 - -  ${invalid}\n<38>1 2026-03-01T10:00:03Z node1 sshd 7 - -  ${said}\n`;
    const { events, problems } = await decodeContent(source, Buffer.from(old + newer), 'auth.log-20260305');
    expect(problems).toEqual([]);
    const attempt = { kind: 'user_session', target_user_name: 'nosuch', event_outcome: 'failure' };
    const login = { kind: 'user_session', target_user_name: 'anna', event_outcome: 'success' };
    expect(events).toMatchObject([attempt, login, attempt, login]);
  });

  it('reads what HAProxy writes of requests and connections', async () => {
    const { events, problems } = await decodeContent(source, read('haproxy.log'), 'haproxy-20261127.log');
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toMatchObject({
      kind: 'http',
      time: parseIsoMicros('2026-11-26T14:57:26.892Z'),
      event_dataset: 'haproxy.http',
      source_ip: '127.0.0.1',
      source_port: 41_282,
      http_request_method: 'GET',
      url_original: '/a?q=1',
      http_response_status_code: 200,
      http_response_body_bytes: 135,
      fields: { frontend: 'web', backend: 'app', server: 'one', captures: '{127.0.0.1:8181|curl/7.88.1}' },
    });
    expect(events.slice(1)).toMatchObject([
      { http_request_method: 'POST', url_original: '/login' },
      { kind: 'flow', event_dataset: 'haproxy.tcp', event_duration: 69_000, destination_bytes: 158 },
      { kind: 'http', source_ip: '2001:db8::9', http_request_method: null, url_original: '<BADREQ>', host_name: 'lb1' },
      { kind: 'log', message: 'Proxy web started.' },
    ]);
  });

  it('takes the year from when the file was changed', async () => {
    const events: VakthundEvent[] = [];
    const modified = parseIsoMicros('2024-02-01T00:00:00Z');
    const context = { name: 'auth.log', start: contentStart, growing: false, modified, logger: silentLogger };
    for await (const batch of source.decode(once(auth), context)) events.push(...batch.events);
    expect(events[0]?.time).toBe(parseIsoMicros('2023-12-31T23:59:58Z'));
  });

  it('reads all forms', async () => {
    const { events, problems } = await decodeContent(source, forms, 'x-20260302');
    expect(events[0]).toMatchObject({
      kind: 'log',
      time: parseIsoMicros('2026-03-01T09:00:00.123456Z'),
      process_pid: 7,
    });
    expect(contentOf(events[1])).toMatchObject({
      kind: 'user_session',
      time: parseIsoMicros('2026-03-01T09:00:01Z'),
      event_action: 'su',
      fields: { facility: 'authpriv', level: 'info' },
    });
    expect(contentOf(events[2])).toMatchObject({
      message: 'An event',
      log_level: 'notice',
      fields: {
        facility: 'local4',
        message_id: 'ID47',
        structured_data: '[exampleSDID@32473 iut="3" a="x \\"y\\" \\] z"]',
      },
    });
    expect(events[3]).toMatchObject({ message: "BOM'd message here", log_level: 'critical', process_pid: null });
    expect(events[4]).toMatchObject({ kind: 'process', host_name: 'u5', event_action: 'exit' });
    expect(events[5]).toMatchObject({ kind: 'log', host_name: 'node1', message: 'last message repeated 2 times' });
    expect(placesOf(problems)).toEqual([['bad-record', 6]]);
  });
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
