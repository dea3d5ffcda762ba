import { describe, expect, it } from 'vitest';
import type { StreamResolver } from '../../../../match/condition/resolver.ts';
import { loadFiles } from '../load/loader.ts';
import { readSettings } from '../settings.ts';
import { compileAlert } from './alert.ts';

type Row = Readonly<Record<string, string | number | boolean | bigint>>;
const resolver: StreamResolver<Row> = {
  field: ({ name }) => ({ type: 'any', get: (row) => row[name] }),
  allFields: () => ({ absent: 'not here' }),
};

const text = `- rule: r "q"
  desc: d
  condition: evt.type=open
  output: file=%fd.name pid=%proc.pid
  priority: WARNING
  tags: [b, a]
`;
const [rule] = loadFiles([{ path: 'r.yaml', text }], { sources: ['syscall'], extraOutput: [] }).rules;
const row: Row = { 'fd.name': '/tmp/\u0001"é', 'proc.pid': 7 };
const nanos = 1_470_327_477_881_781_397n;

function printer(...options: readonly string[]) {
  if (rule === undefined) throw new Error('no rule');
  return compileAlert(rule, resolver, readSettings([], ['hostname=h', 'time_format_iso_8601=true', ...options]));
}

describe('the lines of Falco', () => {
  it('as text', () => {
    expect(printer().text(row, nanos)).toBe('2016-08-04T16:17:57.881781397+0000: Warning file=/tmp/\u0001"é pid=7');
  });

  it('as JSON, key by key', () => {
    expect(printer().json(row, nanos)).toBe(
      '{"hostname":"h","output":"2016-08-04T16:17:57.881781397+0000: Warning file=/tmp/\\u0001\\"é pid=7",' +
        '"priority":"Warning","rule":"r \\"q\\"","source":"syscall","tags":["a","b"],"time":"2016-08-04T16:17:57.881781397Z", ' +
        '"output_fields": {"evt.time.iso8601":1470327477881781397,"fd.name":"/tmp/\\u0001\\"é","proc.pid":7}}',
    );
  });

  it('as JSON, with the fields that falco.yaml adds', () => {
    const { appendedOutputs: extraOutput } = readSettings(
      ['append_output:\n  - extra_output: in %evt.num\n    extra_fields: [proc.name, {who: "%user.name!"}]\n'],
      [],
    );
    const [more] = loadFiles([{ path: 'r.yaml', text }], { sources: ['syscall'], extraOutput }).rules;
    if (more === undefined) throw new Error('no rule');
    const line = compileAlert(more, resolver, readSettings([], [])).json({ ...row, 'proc.name': 'cat' }, 0n);
    const { output, output_fields: fields } = JSON.parse(line) as Record<string, unknown>;
    expect(output).toMatch(/ pid=7 in <NA>$/);
    expect(fields).toEqual({
      'evt.num': null,
      'evt.time': 0,
      'fd.name': row['fd.name'],
      'proc.name': 'cat',
      'proc.pid': 7,
      who: '<NA>!',
    });
  });

  it('as JSON, without what is not wanted', () => {
    const options = [
      'json_include_output_property=false',
      'json_include_tags_property=false',
      'json_include_output_fields_property=false',
      'json_include_message_property=true',
    ];
    expect(printer(...options).json({}, 0n)).toBe(
      '{"hostname":"h","message":"file=<NA> pid=<NA>","priority":"Warning","rule":"r \\"q\\"","source":"syscall","time":"1970-01-01T00:00:00.000000000Z"}',
    );
  });
});
