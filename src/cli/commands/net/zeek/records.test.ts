import { describe, expect, it } from 'vitest';
import { newEvent, type EventRow } from '../../../../events/event.ts';
import type { LogLayout } from './logs.ts';
import { recordLayouts, recordRow } from './records.ts';
import { jsonRow, tsvHeader, tsvRow } from './rows.ts';

function layoutOf(name: string): LogLayout {
  const layout = recordLayouts.get(name);
  if (layout === undefined) throw new Error(`no layout of ${name}`);
  return layout;
}

const eventOf = (log: string, fields: object): EventRow => ({
  ...newEvent('log'),
  time: 1_700_000_000_000_000,
  log_name: log,
  source_ip: '10.0.0.1',
  fields: JSON.stringify(fields),
});

function written(log: string, fields: object): { json: Record<string, unknown>; tsv: Record<string, string> } {
  const layout = layoutOf(log);
  const row = recordRow(eventOf(log, fields), layout);
  const cells = tsvRow(row, layout).trimEnd().split('\t');
  return {
    json: JSON.parse(jsonRow(row, layout)) as Record<string, unknown>,
    tsv: Object.fromEntries(layout.fields.map(([name], at) => [name, cells[at] ?? ''])),
  };
}

describe('records of protocols without a kind of their own', () => {
  it('become rows of the log that Zeek has of them', () => {
    const { json, tsv } = written('websocket', {
      host: 'a.test',
      client_protocols: ['chat', 'v2'],
      server_extensions: [],
    });
    expect(json).toEqual({
      ts: 1_700_000_000,
      'id.orig_h': '10.0.0.1',
      host: 'a.test',
      client_protocols: ['chat', 'v2'],
      server_extensions: [],
    });
    expect(tsv).toMatchObject({ host: 'a.test', client_protocols: 'chat,v2', uri: '-', server_extensions: '(empty)' });
  });

  it('have times and durations in seconds, also those that are written as Kerberos does', () => {
    expect(written('kerberos', { till: '20370913024805Z', success: true }).tsv).toMatchObject({
      till: '2136422885.000000',
      success: 'T',
    });
    expect(written('ntp', { poll: 64, xmt_time: 1_700_000_000.5 }).json).toMatchObject({
      poll: 64,
      xmt_time: 1_700_000_000.5,
    });
  });

  it('leave out what is not of the type that the log says', () => {
    const { tsv } = written('kerberos', { till: 'soon', success: 'maybe' });
    expect(tsv).toMatchObject({ till: '-', success: '-' });
    expect(written('modbus', { tid: '7', func: 12 }).tsv).toMatchObject({ tid: '-', func: '12' });
  });

  it('tell of a program by its file alone, as pe.log does', () => {
    const { json } = written('pe', { id: 'F1', machine: 'AMD64', compile_ts: 1_600_000_000, section_names: ['.text'] });
    expect(json).toEqual({
      ts: 1_700_000_000,
      id: 'F1',
      machine: 'AMD64',
      compile_ts: 1_600_000_000,
      section_names: ['.text'],
    });
  });

  it('say name and type of each field once', () => {
    for (const layout of recordLayouts.values()) {
      const names = layout.fields.map(([name]) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(tsvHeader(layout, 0)).toContain(`#path\t${layout.path}\n`);
    }
  });
});
