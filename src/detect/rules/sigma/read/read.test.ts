import { describe, expect, it } from 'vitest';
import type { SigmaCorrelation, SigmaFilter, SigmaRule } from '../model.ts';
import { readSigmaFile } from './file.ts';

const minimal = (detection: string): string =>
  `title: t\nlogsource: {product: linux}\ndetection:\n${detection.replace(/^/gm, '  ')}\n`;

function readOne(text: string): ReturnType<typeof readSigmaFile>[number] {
  const [document, ...more] = readSigmaFile(text);
  expect(more).toEqual([]);
  if (document === undefined) throw new Error('no document');
  return document;
}

const errorsOf = (text: string): string[] =>
  readSigmaFile(text).flatMap(({ errors }) =>
    errors.map((error) => `${error.code} ${error.at.line}: ${error.message}`),
  );

describe('readSigmaFile', () => {
  it('reads a rule with its metadata', () => {
    const { document, errors, warnings } = readOne(
      [
        'title: Shell in a container',
        'id: 545A5DA6-f103-4919-a519-e9aec1026ee4',
        'status: test',
        'level: High',
        'date: 2024-01-02',
        'author: [A, B]',
        'tags: [attack.execution, attack.t1059.004]',
        'related: [{id: 6c82cf5c-090d-4d57-9188-533577631108, type: similar}]',
        'house_rule: 7',
        'logsource: {category: process_creation, product: linux}',
        'detection: {sel: {Image|endswith: /sh}, condition: sel}',
      ].join('\n'),
    );
    expect([errors, warnings]).toEqual([[], []]);
    const rule = document as SigmaRule;
    expect(rule).toMatchObject({
      kind: 'rule',
      id: '545a5da6-f103-4919-a519-e9aec1026ee4',
      level: 'high',
      date: '2024-01-02',
      author: 'A, B',
      taxonomy: 'sigma',
      logsource: { category: 'process_creation', product: 'linux' },
      conditions: [{ kind: 'identifier', name: 'sel' }],
    });
    expect([...rule.custom.keys()]).toEqual(['house_rule']);
  });

  it('tells maps, lists of maps, keywords and mixed lists apart', () => {
    const { document } = readOne(
      minimal(
        'a: {x: 1, y: 2}\nb:\n  - x: 1\n  - y: 2\nc: [one, 2]\nd:\n  - word\n  - x: 1\ne: word\ncondition: 1 of them',
      ),
    );
    const { detections } = document as SigmaRule;
    const shape = (name: string): unknown => {
      const detection = detections.get(name);
      return [detection?.link, detection?.items.length];
    };
    expect(['a', 'b', 'c', 'd', 'e'].map(shape)).toEqual([
      ['and', 2],
      ['or', 2],
      ['or', 1],
      ['or', 2],
      ['and', 1],
    ]);
    expect(detections.get('c')?.items[0]).toMatchObject({
      field: null,
      values: [{ type: 'string' }, { type: 'number' }],
    });
  });

  it('warns about metadata and keeps the rule', () => {
    const { document, warnings } = readOne(
      `${minimal('a: {x: 1}\ncondition: a')}level: huge\nid: 17\ndate: yesterday\nstatus: fresh\nrelated: [x]\n`,
    );
    expect(document?.kind).toBe('rule');
    expect(warnings.map((warning) => warning.code).sort()).toEqual([
      'SigmaIdentifierError',
      ...Array<string>(4).fill('SigmaMetadataError'),
    ]);
  });

  it('tells every error with its line', () => {
    expect(errorsOf('logsource: {definition: x}\ndetection:\n  a:\n    x|contians: 1\n  b: {}\n')).toEqual([
      'SigmaTitleError 1: the document has no title',
      'SigmaLogsourceError 1: the log source names no category, product or service',
      'SigmaModifierError 4: unknown modifier "contians"; did you mean "contains"?',
      'SigmaDetectionError 5: the search identifier has no fields',
    ]);
    expect(errorsOf(minimal('a: {x: [1, [2]]}\ncondition: a'))).toEqual([
      'SigmaDetectionError 4: a value is a list or a map',
    ]);
    expect(errorsOf(minimal('a: {x: []}\ncondition: a'))).toEqual(['SigmaDetectionError 4: "x" has no value']);
    expect(errorsOf(minimal('a: {x: 1}'))).toEqual(['SigmaConditionError 4: the detection has no condition']);
    expect(errorsOf(minimal('condition: a'))).toEqual([
      'SigmaDetectionError 4: the detection has no search identifier',
    ]);
    expect(errorsOf('just text')).toEqual(['SigmaCollectionError 1: the document is no map']);
    expect(errorsOf('a: [')).toMatchObject([expect.stringContaining('SigmaYamlError 1') as unknown]);
  });

  it('puts collections of the old form together', () => {
    const text = [
      'action: global',
      'title: t',
      'level: low',
      'logsource: {product: windows}',
      'detection: {condition: a}',
      '---',
      'logsource: {service: security}',
      'detection: {a: {EventID: 1}}',
      '---',
      'action: repeat',
      'level: high',
      'detection: {a: {EventID: 2}}',
      '---',
      'action: reset',
      '---',
      'detection: {a: {EventID: 3}, condition: a}',
    ].join('\n');
    const read = readSigmaFile(text);
    expect(read.map(({ document }) => document)).toMatchObject([
      { title: 't', level: 'low', logsource: { product: 'windows', service: 'security' } },
      { title: 't', level: 'high' },
      undefined,
    ]);
    const [, second] = read;
    const changed = second?.document as SigmaRule | undefined;
    expect(changed?.detections.get('a')?.items[0]).toMatchObject({ values: [{ value: 2 }] });
    expect(errorsOf('action: repeat\n')).toEqual(['SigmaCollectionError 1: "action: repeat" has no rule before it']);
    expect(errorsOf('action: dance\n')).toEqual(['SigmaCollectionError 1: "action" is global, reset or repeat']);
  });

  it('reads correlations', () => {
    const head = 'title: many\ncorrelation:\n';
    const full = `${head}  type: value_count\n  rules: [a, b]\n  group-by: user\n  timespan: 90m\n  generate: true\n  condition: {field: host, gt: 3, lte: 9}\n  aliases: {user: {a: Name, b: Account}}\n`;
    const correlation = readOne(full).document as SigmaCorrelation;
    expect(correlation).toMatchObject({
      type: 'value_count',
      groupBy: ['user'],
      timespanSeconds: 5400,
      field: 'host',
      generate: true,
      bounds: [
        { operator: 'gt', value: 3 },
        { operator: 'lte', value: 9 },
      ],
    });
    expect(correlation.aliases.get('user')?.get('b')).toBe('Account');
    const temporal = readOne(`${head}  type: temporal\n  rules: [a, b]\n  timespan: 1d\n`).document;
    expect(temporal).toMatchObject({ bounds: [{ operator: 'gte', value: 2 }], timespanSeconds: 86_400 });
    expect(errorsOf(`${head}  type: often\n  rules: []\n  timespan: soon\n`)).toEqual([
      'SigmaCorrelationRuleError 3: the type "often" is not known',
      'SigmaCorrelationRuleError 3: the correlation names no rules',
      'SigmaTimespanError 5: "soon" is no timespan like 90m',
    ]);
    expect(errorsOf(`${head}  type: value_sum\n  rules: a\n  timespan: 1h\n  condition: {gt: 1}\n`)).toEqual([
      'SigmaCorrelationRuleError 6: value_sum needs one "field" in its condition',
    ]);
    expect(errorsOf(`${head}  type: event_count\n  rules: a\n  timespan: 1h\n  condition: {more: 1, gt: 1}\n`)).toEqual(
      ['SigmaCorrelationRuleError 6: the condition cannot have "more"'],
    );
  });

  it('reads filters', () => {
    const filter = (rules: string): string =>
      `title: f\nlogsource: {product: linux}\nfilter:\n${rules}  sel: {User: adm}\n  condition: not sel\n`;
    expect(readOne(filter('  rules: [one, two]\n')).document as SigmaFilter).toMatchObject({
      kind: 'filter',
      rules: [{ to: 'one' }, { to: 'two' }],
      condition: { kind: 'not' },
    });
    expect(readOne(filter('  rules: any\n')).document).toMatchObject({ rules: 'any' });
    expect(errorsOf(filter(''))).toEqual(['SigmaFilterError 4: the filter names no rules ("any" stands for all)']);
  });
});
