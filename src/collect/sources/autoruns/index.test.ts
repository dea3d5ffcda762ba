import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/autoruns.csv', import.meta.url));
const asText = new TextDecoder('utf-16le').decode(sample);

describe('autoruns', () => {
  it('knows its header in UTF-16, UTF-8 and behind a banner', () => {
    expect(source.detect('x', sample)).toBe('certain');
    expect(source.detect('x', Buffer.from(asText))).toBe('certain');
    expect(source.detect('autoruns.csv', Buffer.from('Time,Entry,Launch String\n'))).toBeUndefined();
  });

  it('reads tasks, services, registry entries and others', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(contentOf(events[0])).toEqual({
      kind: 'registry',
      time: parseIsoMicros('2026-03-01T10:00:01Z'),
      event_dataset: 'autoruns',
      evidence_id: 0,
      evidence_at: 5,
      event_action: 'changed',
      registry_path: String.raw`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Updater`,
      registry_hive: 'HKLM',
      registry_key: String.raw`SOFTWARE\Microsoft\Windows\CurrentVersion\Run`,
      registry_value: 'Updater',
      registry_data: String.raw`"C:\Program Files\u.exe" /quiet`,
      fields: {
        Time: '20260301-100001',
        Enabled: 'enabled',
        Category: 'Logon',
        Profile: 'System-wide',
        Description: 'Updater',
        Signer: '(Verified) Example',
        Company: 'Example',
        'Image Path': String.raw`c:\program files\u.exe`,
        Version: '1.0',
        MD5: 'aa',
      },
    });
    expect(events.slice(1)).toMatchObject([
      { kind: 'scheduled_task', task_type: 'task', task_name: String.raw`\Sync`, event_action: 'enabled' },
      {
        kind: 'scheduled_task',
        time: parseIsoMicros('2026-03-01T22:00:00Z'),
        task_type: 'service',
        task_command: String.raw`C:\evil.exe`,
        event_action: 'disabled',
      },
      { kind: 'log', log_name: 'Explorer', time: 0 },
    ]);
    expect(placesOf(problems)).toEqual([['bad-record', 9]]);
  });

  it('reads the same from UTF-8', async () => {
    const { events } = await decodeContent(source, asText);
    expect(events).toEqual((await decodeContent(source, sample)).events);
  });

  it('reads the times of other countries, and tells of those that are none', async () => {
    const header = 'Time,Entry Location,Entry,Enabled,Category,Image Path,Launch String';
    const entry = (time: string): string => `${time},HKLM\\Run,a,enabled,Logon,c:\\a.exe,a`;
    const text = [header, ...['01.03.2026 10:00', '3/1/2026 10:00', '2026-03-01 10:00', 'soon', ''].map(entry)].join(
      '\r\n',
    );
    const { events, problems } = await decodeContent(source, text);
    const time = parseIsoMicros('2026-03-01T10:00:00Z');
    expect(events.map((event) => event.time)).toEqual([time, time, time, 0, 0]);
    expect(placesOf(problems)).toEqual([['bad-record', 5]]);
  });
});
