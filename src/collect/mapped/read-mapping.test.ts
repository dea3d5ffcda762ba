import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMapping } from './read-mapping.ts';

const good = `id: shop-firewall
recognise: {keys: [srcip, action], values: {devtype: firewall}}
kind: flow
fields:
  time: {from: eventtime, unit: ns}
  source_ip: srcip
  source_bytes: {from: sent, unit: KiB}
  network_transport: {from: proto, values: {6: tcp}}
  sensor: {constant: fw1}
`;

describe('a mapping file', () => {
  it('is read to a mapping of its kind', () => {
    const { mapping, problems } = readMapping(good);
    expect(problems).toEqual([]);
    expect(mapping).toMatchObject({
      id: 'shop-firewall',
      format: 'jsonl',
      keys: ['srcip', 'action'],
      isFlat: false,
      mapping: {
        kind: 'flow',
        columns: {
          event_dataset: { constant: 'shop-firewall' },
          time: { path: 'eventtime', as: 'seconds' },
          source_ip: { path: 'srcip', as: 'ip' },
          source_bytes: { path: 'sent', as: 'integer' },
          network_transport: { path: 'proto', as: 'text', table: { 6: 'tcp' } },
          sensor: { constant: 'fw1' },
        },
      },
    });
    expect([...(mapping?.values ?? [])]).toEqual([['devtype', 'firewall']]);
    expect([...(mapping?.prepare.keys() ?? [])]).toEqual(['eventtime', 'sent']);
  });

  it.each([
    ['', 1, 'the file is empty'],
    ['[]', 1, 'no map with id, format, recognise, flat, kind, fields'],
    ['id: x\nfields: [', 2, /./],
    [good.replace('kind: flow', 'kind: flwo'), 3, /^there is no kind "flwo"; known are .*flow/],
    [good.replace('  source_ip:', '  src_ip:'), 6, 'flow has no column "src_ip"'],
    [good.replace('  source_ip:', '  duration:'), 6, 'flow has no column "duration"; did you mean "event_duration"?'],
    [good.replace('  source_ip:', '  sorce_ip:'), 6, 'flow has no column "sorce_ip"; did you mean "source_ip"?'],
    [good.replace('  source_ip:', '  evidence_id:'), 6, /^flow has no column "evidence_id"/],
    [
      good.replace('unit: ns', 'unit: weeks'),
      5,
      /^the unit of time "weeks" is none of s, ms, us, ns, iso, or a pattern/,
    ],
    [good.replace('unit: ns', "unit: '%Y %q'"), 5, /^the unit of time has %q/],
    [good.replace('unit: KiB', 'unit: ms'), 7, /^the unit of source_bytes "ms" is none of B, bits/],
    [
      good.replace('source_ip: srcip', 'source_ip: {form: srcip}'),
      6,
      'there is no "form" here; known are from, unit, values, constant',
    ],
    [good.replace('constant: fw1', 'constant: 5'), 9, 'this is no constant for sensor, which is text'],
    [good.replace('  time: {from: eventtime, unit: ns}\n', ''), 5, 'no key is mapped to time'],
    [good.replace('{keys: [srcip, action], values: {devtype: firewall}}', '{}'), 2, /^name keys, or values at keys/],
    [good.replace('id: shop-firewall', 'id: Shop/../x'), 1, /^the id is made of small letters/],
    [good.replace('recognise', 'recognize'), 2, 'there is no "recognize" here; did you mean "recognise"?'],
  ])('tells what is wrong in %j', (text, line, message) => {
    const { mapping, problems } = readMapping(text);
    expect(mapping).toBeUndefined();
    expect(problems[0]?.at.line).toBe(line);
    expect(problems[0]?.message).toMatch(message);
  });

  it('tells everything that is wrong', () => {
    const { problems } = readMapping(good.replace('source_ip', 'sorce_ip').replace('unit: KiB', 'unit: KIB'));
    expect(problems.map(({ at }) => at.line)).toEqual([6, 7]);
  });

  it('stands any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { mapping, problems } = readMapping(text);
        expect(mapping === undefined).toBe(problems.length > 0);
      }),
    );
  });
});
