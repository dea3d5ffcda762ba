import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../events/mapping.ts';
import { compileMapping, type MappingOptions } from './compile.ts';

function run(mapping: Mapping, record: Readonly<Record<string, unknown>>, options: Partial<MappingOptions> = {}) {
  const problems: [string, unknown][] = [];
  const event = compileMapping(mapping, { nested: false, ...options })(record, (path, value) =>
    problems.push([path, value]),
  );
  return { event, problems, fields: event['fields'] === null ? null : JSON.parse(String(event['fields'])) };
}

const flow = (columns: Mapping<'flow'>['columns'], drop?: readonly string[]): Mapping =>
  ({ kind: 'flow', columns, ...(drop === undefined ? {} : { drop }) }) as Mapping;

describe('compileMapping', () => {
  it('fills the columns it maps and leaves the others null', () => {
    const { event, fields } = run(
      flow({ uid: { path: 'uid', as: 'text' }, event_dataset: { constant: 'zeek.conn' } }),
      { uid: 'C1' },
    );
    expect(event).toMatchObject({ kind: 'flow', uid: 'C1', event_dataset: 'zeek.conn', source_ip: null, time: 0 });
    expect(fields).toBeNull();
  });

  it('leaves what no reader took in fields, without dropped paths, nulls and the unset mark', () => {
    const mapping = flow({ uid: { path: 'uid', as: 'text' } }, ['noise']);
    const record = { uid: 'C1', noise: 1, gone: null, dash: '-', label: 'x', n: [1] };
    expect(run(mapping, record, { unset: '-' }).fields).toEqual({ label: 'x', n: [1] });
  });

  it('keeps a value that does not fit in fields, and reports it once', () => {
    const mapping = flow({
      source_port: { path: 'p', as: 'integer' },
      destination_port: { path: 'p', as: 'integer' },
    });
    const { event, fields, problems } = run(mapping, { p: 'eighty' });
    expect(event).toMatchObject({ source_port: null, destination_port: null });
    expect(fields).toEqual({ p: 'eighty' });
    expect(problems).toEqual([['p', 'eighty']]);
  });

  it('takes the first that is there, and keeps the one passed over', () => {
    const mapping = flow({
      uid: {
        first: [
          { path: 'a', as: 'text' },
          { path: 'b', as: 'text' },
        ],
      },
    });
    expect(run(mapping, { b: '2' })).toMatchObject({ event: { uid: '2' }, fields: null });
    expect(run(mapping, { a: '1', b: '2' })).toMatchObject({ event: { uid: '1' }, fields: { b: '2' } });
  });

  it('adds and subtracts, with null where it has to be', () => {
    const a = { path: 'a', as: 'integer' } as const;
    const b = { path: 'b', as: 'integer' } as const;
    const mapping = flow({ source_bytes: { plus: [a, b] }, destination_bytes: { minus: [a, b] } });
    expect(run(mapping, { a: 5, b: 3 }).event).toMatchObject({ source_bytes: 8, destination_bytes: 2 });
    expect(run(mapping, { a: 5 }).event).toMatchObject({ source_bytes: 5, destination_bytes: null });
    expect(run(mapping, {}).event).toMatchObject({ source_bytes: null, destination_bytes: null });
  });

  it('replaces by table after the conversion, entry by entry in a list', () => {
    const mapping = {
      kind: 'alert',
      columns: {
        rule_severity: { path: 'severity', as: 'integer', table: { '1': 'high' }, otherwise: 'info' },
        event_action: { path: 'action', as: 'lower', table: { drop: 'blocked' } },
        tags: { path: 'tags', as: 'list', table: { a: 'A' } },
      },
    } as Mapping;
    expect(run(mapping, { severity: 1, action: 'DROP', tags: ['a', 'b'] }).event).toMatchObject({
      rule_severity: 'high',
      event_action: 'blocked',
      tags: ['A', 'b'],
    });
    expect(run(mapping, { severity: 9, action: 'pass' }).event).toMatchObject({
      rule_severity: 'info',
      event_action: 'pass',
    });
  });

  it('joins texts without nulls, and looks the whole up in a table', () => {
    const parts = [
      { path: 'gid', as: 'text' },
      { path: 'sid', as: 'text' },
    ] as const;
    const mapping: Mapping<'alert'> = {
      kind: 'alert',
      columns: {
        rule_id: { join: parts, by: ':' },
        rule_severity: { join: parts, by: ' ', table: { '1 7': 'high', '7': 'low' }, otherwise: 'info' },
      },
    };
    expect(run(mapping, { gid: 1, sid: 7 }).event).toMatchObject({ rule_id: '1:7', rule_severity: 'high' });
    expect(run(mapping, { sid: 7 }).event).toMatchObject({ rule_id: '7', rule_severity: 'low' });
    expect(run(mapping, { gid: 3, sid: 7 }).event).toMatchObject({ rule_id: '3:7', rule_severity: 'info' });
    expect(run(mapping, {}).event).toMatchObject({ rule_id: null, rule_severity: null });
  });

  it('leaves a path that the mapping keeps in fields', () => {
    const mapping: Mapping<'flow'> = { kind: 'flow', columns: { uid: { path: 'a', as: 'text' } }, keep: ['a'] };
    expect(run(mapping, { a: 1 })).toMatchObject({ event: { uid: '1' }, fields: { a: 1 } });
  });

  it('walks nested records, and leaves their remaining structure', () => {
    const mapping = flow({ uid: { path: 'flow.id', as: 'text' }, tunnel_parents: { path: 'p[].id', as: 'list' } });
    const record = { flow: { id: 7, age: 3 }, p: [{ id: 'x', n: 1 }, { id: 'y' }], empty: {} };
    const { event, fields } = run(mapping, record, { nested: true });
    expect(event).toMatchObject({ uid: '7', tunnel_parents: ['x', 'y'] });
    expect(fields).toEqual({ flow: { age: 3 }, p: [{ n: 1 }, {}] });
    expect(run(mapping, { flow: { id: 7 }, p: { id: 'x' } }, { nested: true })).toMatchObject({
      event: { tunnel_parents: ['x'] },
      fields: null,
    });
  });

  it('takes the first entry of a list for a single value, and keeps the list when it has more', () => {
    const mapping = flow({ uid: { path: 'q[].name', as: 'text' } });
    expect(run(mapping, { q: [{ name: 'a' }] }, { nested: true })).toMatchObject({ event: { uid: 'a' }, fields: null });
    expect(run(mapping, { q: [{ name: 'a' }, { name: 'b' }] }, { nested: true })).toMatchObject({
      event: { uid: 'a' },
      fields: { q: [{ name: 'a' }, { name: 'b' }] },
    });
  });

  it('never throws and gives JSON in fields, whatever the record holds', () => {
    const mapping = flow({
      time: { path: 'ts', as: 'seconds' },
      source_ip: { path: 'id.h', as: 'ip' },
      source_port: { path: 'id.p', as: 'integer' },
      local_orig: { path: 'b', as: 'boolean' },
      tunnel_parents: { path: 'l[].x', as: 'list' },
      event_duration: { path: 'd', as: 'interval' },
    });
    const key = fc.constantFrom('ts', 'id', 'id.h', 'b', 'l', 'd', '__proto__', 'constructor', 'x');
    const inner = fc.dictionary(fc.constantFrom('h', 'p', 'x', '__proto__'), fc.jsonValue());
    const record = fc.dictionary(key, fc.oneof(fc.jsonValue(), inner, fc.array(inner)));
    fc.assert(
      fc.property(record, fc.boolean(), (value, nested) => {
        const { event } = run(mapping, JSON.parse(JSON.stringify(value)), { nested });
        expect(Object.keys(event).includes('source_ip')).toBe(true);
      }),
    );
  });
});
