import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent } from '../../../../tests/support/decode-content.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { contentStart } from '../../source.ts';
import { source } from './index.ts';

async function read(text: string): Promise<{ events: VakthundEvent[]; problems: Problem[] }> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name: 'x.json', start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(content(), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

const sample = (name: string): string => readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8');
const fieldsOf = (event: VakthundEvent | undefined): unknown => JSON.parse(event?.fields ?? '{}');

describe('Windows events as JSON', () => {
  it.each(['evtx-dump.json', 'winlogbeat.json', 'nxlog.json'])('knows %s by its first bytes', (name) => {
    expect(source.detect(name, Buffer.from(sample(name)))).toBe('certain');
  });

  it.each([
    '{"EventID":1}',
    '{"Event":"x"}',
    '{"event":{"System":{}}}',
    'EventID Channel',
    '{"rule":"x","Channel":"y"}',
  ])('leaves %s to others', (text) => {
    expect(source.detect('x.json', Buffer.from(text))).toBeUndefined();
  });

  it('reads what evtx_dump writes', async () => {
    const { events, problems } = await read(sample('evtx-dump.json'));
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'dns', dns_question_name: 'download.example', dns_resolved_ip: ['192.0.2.7'], host_name: 'pc7.example' },
      { kind: 'log', event_dataset: 'windows.powershell', process_command_line: 'powershell -nop' },
      { kind: 'alert', message: 'EXAMPLE\\anna cleared the log Security' },
    ]);
    expect(fieldsOf(events[1])).toMatchObject({ EventID: 400, EventID_Qualifiers: 0, Provider_Name: 'PowerShell' });
    expect(fieldsOf(events[2])).toMatchObject({ Channel: 'System', UserData_Channel: 'Security' });
  });

  it('reads it also when it is spread over lines', async () => {
    const text = sample('evtx-dump.json').trim().split('\n');
    const spread = text.map((line) => JSON.stringify(JSON.parse(line), undefined, 2)).join('\n');
    expect((await read(spread)).events.map(fieldsOf)).toEqual((await read(text.join('\n'))).events.map(fieldsOf));
  });

  it('reads documents of Winlogbeat, also out of a search result', async () => {
    const text = sample('winlogbeat.json');
    const { events } = await read(`${text}${JSON.stringify({ _index: 'x', _source: JSON.parse(text) as unknown })}\n`);
    const started = {
      kind: 'process',
      time: Date.parse('2026-03-10T08:15:33.500Z') * 1000,
      process_pid: 4711,
      process_name: 'cmd.exe',
      user_name: 'EXAMPLE\\anna',
    };
    expect(events).toMatchObject([started, started]);
    expect(fieldsOf(events[0])).toMatchObject({
      EventID: '4688',
      Provider_Guid: '54849625-5478-4994-A5BA-3E3B0328C30D',
      RenderingInfo_Task: 'Process Creation',
      Execution_ProcessID: 4,
      winlog_api: 'wineventlog',
    });
  });

  it('reads documents of Winlogbeat before 7, whose members stand in the document itself', async () => {
    const document = {
      '@timestamp': '2026-03-01T10:00:00.000Z',
      event_id: 4625,
      log_name: 'Security',
      source_name: 'Microsoft-Windows-Security-Auditing',
      computer_name: 'WIN1',
      record_number: '7',
      process_id: 600,
      event_data: { TargetUserName: 'anna', LogonType: '3', IpAddress: '10.0.0.1' },
      beat: { version: '6.8.0' },
    };
    const text = `\uFEFF${JSON.stringify(document)}\r\n`;
    expect(source.detect('x', Buffer.from(text))).toBe('certain');
    const { events, problems } = await decodeContent(source, text);
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toMatchObject({
      kind: 'user_session',
      event_action: 'login',
      event_outcome: 'failure',
      host_name: 'WIN1',
      target_user_name: 'anna',
      source_ip: '10.0.0.1',
      fields: { EventRecordID: '7', Execution_ProcessID: 600, beat: '{"version":"6.8.0"}' },
    });
  });

  it('reads records of NXLog, whose own time is local', async () => {
    const { events } = await read(sample('nxlog.json'));
    expect(events).toMatchObject([
      {
        kind: 'user_session',
        time: Date.parse('2026-03-10T08:15:34.210Z') * 1000,
        host_name: 'pc7.example',
        target_user_name: 'EXAMPLE\\anna',
        source_ip: '192.0.2.44',
      },
    ]);
    expect(fieldsOf(events[0])).toMatchObject({
      Provider_Name: 'Microsoft-Windows-Security-Auditing',
      EventRecordID: 105,
      Keywords: '-9214364837600034816',
      EventTime: '2026-03-10 09:15:34',
    });
  });

  it('reads the XML of Sysmon for Linux in syslog records', async () => {
    const xml = `<Event><System><Provider Name="Linux-Sysmon"/><EventID>3</EventID><TimeCreated SystemTime="2026-03-10T08:15:34.000000000Z"/>
      <Computer>u5</Computer></System><EventData><Data Name="Image">java</Data><Data Name="DestinationIp">192.0.2.6</Data></EventData></Event>`;
    const text = `${JSON.stringify({ Computer: 'U5', SyslogMessage: xml })}\n`.replaceAll('<', '\\u003c');
    expect(source.detect('syslog.json', Buffer.from(text))).toBe('certain');
    const { events } = await read(text);
    expect(events).toMatchObject([
      { kind: 'socket', host_name: 'u5', process_name: 'java', destination_ip: '192.0.2.6' },
    ]);
  });

  it('tells of records that are no event or have no time, and reads the others', async () => {
    const { events, problems } = await read(
      '{"a":1}\n{"EventID":1,"Channel":"x"}\nnonsense\n{"EventID":2,"Channel":"x"}\n',
    );
    expect(events).toHaveLength(2);
    expect(problems.map(({ at, message }) => [at.line, message.split(':')[0]])).toEqual([
      [1, 'a record is no Windows event (it has no event id)'],
      [2, 'an event has no time'],
      [3, 'text that is no JSON object'],
      [4, 'an event has no time'],
    ]);
  });
});
