import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';
import { placeOf } from './place.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const processes = read('results/Linux.Sys.Pslist.json');
const rows = read('rows.json');
const zip = 'x/Collection-WIN-7-2026-03-02T08_00_00-08_00.zip';

describe('velociraptor, detect', () => {
  it('knows rows by their source, or by where they stand', () => {
    expect(source.detect('x', rows)).toBe('certain');
    expect(source.detect(`${zip}!results/Linux.Sys.Pslist.json`, processes)).toBe('certain');
    expect(source.detect('c.zip!Generic.Client.Info/Users.json', Buffer.from('{"Name":"x"}'))).toBe('certain');
    expect(source.detect(`${zip}!log.json`, Buffer.from('{"message":"x"}'))).toBe('certain');
  });

  it('does not know JSON elsewhere', () => {
    expect(source.detect('log.json', Buffer.from('{"message":"x"}'))).toBeUndefined();
    expect(source.detect('x.json', processes)).toBeUndefined();
    expect(source.detect('results/x.json', Buffer.from('no JSON'))).toBeUndefined();
  });
});

describe('placeOf', () => {
  it('reads artifact, host and time from a path', () => {
    expect(placeOf(`${zip}!results/Windows.KapeFiles.Targets%2FAll File Metadata.json`)).toEqual({
      artifact: 'Windows.KapeFiles.Targets/All File Metadata',
      host: 'WIN-7',
      time: parseIsoMicros('2026-03-02T16:00:00Z'),
    });
    expect(placeOf('results/%zz.json')).toEqual({ artifact: '%zz', host: undefined, time: undefined });
    expect(placeOf('a/b.json').artifact).toBeUndefined();
  });
});

describe('velociraptor, decode', () => {
  it('reads processes that say when they began, and others as records of the collection', async () => {
    const { events, problems } = await decodeContent(source, processes, `${zip}!results/Linux.Sys.Pslist.json`);
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toEqual({
      kind: 'process',
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      event_dataset: 'velociraptor.Linux.Sys.Pslist',
      host_name: 'WIN-7',
      evidence_id: 0,
      evidence_at: 1,
      event_action: 'exec',
      process_pid: 4711,
      process_parent_pid: 1,
      process_name: 'curl',
      process_executable: '/usr/bin/curl',
      process_command_line: 'curl -s x',
      user_name: 'anna',
      fields: { CreateTime: '2026-03-01T10:00:00Z', Hash: { SHA256: 'ab' } },
    });
    expect(contentOf(events[1])).toMatchObject({
      kind: 'log',
      time: parseIsoMicros('2026-03-02T16:00:00Z'),
      log_name: 'Linux.Sys.Pslist',
      process_pid: 9,
      process_name: 'init',
    });
  });

  it('reads sessions with their ends, connections, and the log of a collection', async () => {
    const { events } = await decodeContent(source, rows);
    expect(events).toMatchObject([
      {
        kind: 'user_session',
        event_action: 'login',
        target_user_name: 'anna',
        source_ip: '203.0.113.9',
        source_host: null,
        process_tty: 'pts/9',
      },
      { kind: 'user_session', event_action: 'logout', time: parseIsoMicros('2026-03-01T11:00:00Z'), evidence_at: 1 },
      {
        kind: 'socket',
        event_action: 'connect',
        source_ip: '10.0.0.5',
        source_port: 22,
        destination_ip: '203.0.113.9',
        process_pid: 7,
      },
      { kind: 'log', log_level: 'error', message: 'glob failed', time: 1_772_359_202_000_000 },
    ]);
  });

  it('reads entries of Windows event logs as what they are, in both forms', async () => {
    const data = { TargetUserName: 'anna', LogonType: 3, IpAddress: '10.0.0.1' };
    const provider = 'Microsoft-Windows-Security-Auditing';
    const flat = { EventTime: '2026-03-01T10:00:00Z', Computer: 'WIN1', Channel: 'Security', Provider: provider };
    const system = {
      Provider: { Name: provider },
      EventID: { Value: 4625 },
      TimeCreated: { SystemTime: 1_772_359_200.5 },
      Channel: 'Security',
      Computer: 'WIN1',
    };
    const rows = [
      { ...flat, EventID: 4624, EventData: data, UserData: null, _Source: 'Windows.EventLogs.Evtx' },
      { System: system, EventData: data, Message: 'x', _Source: 'Custom.Windows' },
    ];
    const { events, problems } = await decodeContent(source, rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(problems).toEqual([]);
    expect(events.map(contentOf)).toMatchObject([
      {
        kind: 'user_session',
        event_outcome: 'success',
        host_name: 'WIN1',
        target_user_name: 'anna',
        time: 1_772_359_200_000_000,
        fields: { _Source: 'Windows.EventLogs.Evtx', LogonType: 3 },
      },
      { kind: 'user_session', event_outcome: 'failure', source_ip: '10.0.0.1', time: 1_772_359_200_500_000 },
    ]);
  });

  it('reads connections by their other names, digests, tasks and services', async () => {
    const sha256 = 'AB'.repeat(32);
    const at = '2026-03-01T10:00:00Z';
    const ends = { SrcIP: '10.0.0.1', SrcPort: 5000, DestIP: '203.0.113.9', DestPort: 443 };
    const rows = [
      { Pid: 12, Name: 'a.exe', Type: 'TCP', Status: 'ESTAB', ...ends },
      { Pid: 12, Ppid: 4, Name: 'a.exe', Hash: { SHA256: sha256 }, CreateTime: at },
      { OSPath: String.raw`C:\Windows\System32\Tasks\Up\date`, Command: 'a.exe', Arguments: '/x', Mtime: at },
      { Name: 'svc', PathName: String.raw`C:\a.exe`, StartMode: 'Auto', UserAccount: 'LocalSystem', Created: at },
      { Pid: 13, Ppid: 4, Name: 'b.exe', CommandLine: 'b.exe /y' },
    ];
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const { events } = await decodeContent(source, text, `${zip}!results/Windows.X.json`);
    expect(events.map(contentOf)).toMatchObject([
      {
        kind: 'socket',
        event_action: 'connect',
        network_transport: 'tcp',
        destination_port: 443,
        process_name: 'a.exe',
      },
      { kind: 'process', process_hash_sha256: sha256.toLowerCase() },
      { kind: 'scheduled_task', event_action: 'updated', task_type: 'task', task_name: String.raw`\Up\date` },
      { kind: 'scheduled_task', event_action: 'created', task_type: 'service', task_name: 'svc', task_trigger: 'Auto' },
      { kind: 'log', process_pid: 13, process_command_line: 'b.exe /y', log_name: 'Windows.X' },
    ]);
  });

  it('says once that rows have no time', async () => {
    const { events, problems } = await decodeContent(source, '{"a":1}\n{}\n{"a":2}\n[1]\n', 'results/A.B.json');
    expect(events).toHaveLength(2);
    expect(placesOf(problems)).toEqual([
      ['partly-seen', 1],
      ['bad-record', 4],
    ]);
  });
});
