import { describe, expect, it } from 'vitest';
import { eventFormat } from '../../../../match/event-format.ts';
import { collectSigma } from '../collection.ts';
import { ruleCondition } from '../conditions/rule.ts';
import { loadSigma } from '../rule-set.ts';

const rule = (detection: string, logsource = '{product: linux, category: process_creation}'): string =>
  `title: t\ntags: [attack.t1059]\nlogsource: ${logsource}\ndetection:\n${detection.replace(/^/gm, '  ')}\n`;

function run(
  pipeline: string,
  text: string,
): { readonly condition: unknown; readonly logsource: unknown; readonly faults: string[] } {
  const { rules, faults } = collectSigma([{ path: 'r.yml', text }], [{ path: 'p.yml', text: pipeline }]);
  const document = rules[0]?.document;
  return {
    condition: document === undefined ? undefined : ruleCondition(document),
    logsource: document?.logsource,
    faults: faults.map(({ error, path }) => `${path}:${error.at.line} ${error.code}: ${error.message}`),
  };
}

const items = (...list: string[]): string =>
  `name: test\npriority: 10\ntransformations:\n${list.map((item) => `  - ${item}\n`).join('')}`;
const field = (name: string): unknown => ({ subject: { kind: 'field', field: { name } } });

describe('processing pipelines', () => {
  it('rename fields, also in references, and to alternatives', () => {
    const pipeline = items(
      '{type: field_name_mapping, mapping: {Image: exe, User: [uid, euid]}}',
      '{type: field_name_prefix, prefix: x_}',
    );
    const { condition, faults } = run(pipeline, rule('a: {Image|fieldref: User, User: root}\ncondition: a'));
    expect(faults).toEqual([]);
    expect(condition).toMatchObject({
      kind: 'all',
      of: [
        { ...(field('x_exe') as object), right: { field: { name: 'x_uid' } } },
        { kind: 'any', of: [field('x_uid'), field('x_euid')] },
      ],
    });
  });

  it('apply only where their conditions hold', () => {
    const pipeline = items(
      '{type: field_name_suffix, suffix: _a, rule_conditions: [{type: logsource, product: windows}]}',
      '{type: field_name_suffix, suffix: _b, rule_conditions: [{type: tag, tag: attack.t1059}], field_name_conditions: [{type: include_fields, fields: [Image]}]}',
      '{type: drop_detection_item, detection_item_conditions: [{type: match_string, cond: any, pattern: "^gone$"}]}',
      '{type: field_name_suffix, suffix: _c, field_name_conditions: [{type: exclude_fields, fields: [Image_b]}]}',
    );
    const { condition, faults } = run(pipeline, rule('a: {Image: x, Other: y, Third: gone}\ncondition: a'));
    expect(faults).toEqual([]);
    expect(condition).toMatchObject({ of: [field('Image_b'), field('Other_c')] });
  });

  it('add conditions and change the log source', () => {
    const pipeline = items(
      '{type: add_condition, conditions: {Channel: Security}}',
      '{type: change_logsource, category: dns}',
    );
    const { condition, logsource } = run(pipeline, rule('a: {x: 1}\nb: {y: 2}\ncondition: a or b'));
    expect(logsource).toEqual({ category: 'dns' });
    expect(condition).toMatchObject({ kind: 'all', of: [field('Channel'), { kind: 'any' }] });
  });

  it('give placeholders their values', () => {
    const vars = 'vars: {admins: [root, "adm_*"]}\n';
    const text = rule('a: {CommandLine|contains|expand: "u=%admins%;"}\ncondition: a');
    const filled = run(`${vars}${items('{type: value_placeholders}')}`, text);
    expect(filled.condition).toMatchObject({
      kind: 'any',
      of: [
        { kind: 'text', operator: 'contains', values: ['u=root;'] },
        { kind: 'glob', patterns: [[{ kind: 'many' }, 'u=adm_', { kind: 'many' }, ';', { kind: 'many' }]] },
      ],
    });
    const load = (configuration: string): unknown =>
      loadSigma([{ path: 'r.yml', text }], {
        configuration: [{ path: 'p.yml', text: configuration }],
      }).rules[0]?.missing(eventFormat);
    expect(load(items('{type: wildcard_placeholders}'))).toEqual([]);
    expect(load(items('{type: value_placeholders}'))).toMatchObject([{ field: '%admins%' }]);
  });

  it('change values', () => {
    const pipeline = items(
      '{type: case, method: lower, field_name_conditions: [{type: include_fields, fields: [a]}]}',
      '{type: convert_type, target_type: num, field_name_conditions: [{type: include_fields, fields: [b]}]}',
      '{type: map_string, mapping: {old: [new, newer]}, field_name_conditions: [{type: include_fields, fields: [c]}]}',
      '{type: set_value, value: 7, field_name_conditions: [{type: include_fields, fields: [d]}]}',
    );
    const { condition } = run(pipeline, rule('s: {a: ABC, b: "5", c: old, d: x}\ncondition: s'));
    expect(condition).toMatchObject({
      of: [
        { values: ['abc'] },
        { kind: 'number', values: [5] },
        { values: ['new', 'newer'] },
        { kind: 'number', values: [7] },
      ],
    });
  });

  it('keep a state, and know what was applied', () => {
    const pipeline = items(
      '{id: first, type: set_state, key: index, val: win, rule_conditions: [{type: logsource, product: linux}]}',
      '{type: field_name_prefix, prefix: w_, rule_conditions: [{type: processing_state, key: index, val: win}]}',
      '{type: field_name_prefix, prefix: f_, rule_conditions: [{type: processing_item_applied, processing_item_id: first}], rule_cond_not: true}',
    );
    expect(run(pipeline, rule('a: {x: 1}\ncondition: a')).condition).toMatchObject(field('w_x') as object);
  });

  it('replace parts of strings, as re.sub does', () => {
    const only = (name: string): string => `field_name_conditions: [{type: include_fields, fields: [${name}]}]`;
    const pipeline = items(
      String.raw`{type: replace_string, regex: '^\*\\(\w+)\.exe$', replacement: '*/\1', ${only('a')}}`,
      String.raw`{type: replace_string, regex: '(?P<k>b)', replacement: '[\g<k>*]', skip_special: true, ${only('b')}}`,
      String.raw`{type: replace_string, regex: 'b', replacement: '*', skip_special: true, interpret_special: true, ${only('c')}}`,
      String.raw`{type: replace_string, regex: '5', replacement: '55', ${only('d')}}`,
    );
    const { condition, faults } = run(
      pipeline,
      rule(String.raw`s: {a: '*\cmd.exe', b: 'ab*', c: 'ab', d: 5}` + '\ncondition: s'),
    );
    expect(faults).toEqual([]);
    expect(condition).toMatchObject({
      of: [
        { operator: 'endsWith', values: ['/cmd'] },
        { operator: 'startsWith', values: ['a[b*]'] },
        { operator: 'startsWith', values: ['a'] },
        { operator: 'equals', values: ['55'] },
      ],
    });
  });

  it('make regular expressions and fields of hashes', () => {
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
    const pipeline = items(
      '{type: regex, method: plain, field_name_conditions: [{type: include_fields, fields: [a]}]}',
      '{type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File, field_name_conditions: [{type: include_fields, fields: [Hashes]}]}',
    );
    const { condition, faults } = run(
      pipeline,
      rule(`s: {a: 'x.y*z?', 'Hashes|contains': ['SHA1=ab', 'md5=cd', ${md5}, 'IMPHASH=00']}\ncondition: s`),
    );
    expect(faults).toEqual([]);
    expect(condition).toMatchObject({
      of: [
        { kind: 'regex', pattern: String.raw`x\.y.*z.`, ignoreCase: false },
        { kind: 'any', of: [{ ...(field('FileSHA1') as object) }, { ...(field('FileMD5') as object) }] },
      ],
    });
    const none = run(
      items('{type: hashes_fields, valid_hash_algos: [MD5]}'),
      rule('s: {Hashes: SHA1=ab}\ncondition: s'),
    );
    expect(none.faults).toEqual(['r.yml:5 SigmaTransformationError: no hash of MD5 in the field "Hashes"']);
  });

  it('let what was dropped vanish from the condition', () => {
    const drop = items('{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [gone]}]}');
    const left = run(drop, rule('a: {x: 1}\nb: {gone: 1}\nc: [{gone: 1}, {y: 2}]\ncondition: a and not b and c'));
    expect(left.condition).toMatchObject({ kind: 'all', of: [field('x'), field('y')] });
    expect(run(drop, rule('a: {gone: 1}\ncondition: a')).faults).toEqual([
      'r.yml:1 SigmaTransformationError: a pipeline drops all that the rule asks for',
    ]);
  });

  it('nest, and join conditions by an expression', () => {
    const pipeline = `transformations:
  - type: nest
    rule_conditions:
      linux: {type: logsource, product: linux}
      old: {type: rule_attribute, attribute: date, op: lt, value: 2020-01-01}
      high: {type: rule_attribute, attribute: level, op: gte, value: high}
    rule_cond_expr: linux and not (old or not high)
    items:
      - {id: one, type: field_name_prefix, prefix: a_, field_name_conditions: [{type: include_fields, mode: re, fields: ["x+"]}]}
      - type: field_name_suffix
        suffix: _b
        detection_item_conditions: [{type: processing_item_applied, processing_item_id: one}]
`;
    const text = rule('a: {xx: 1, yxx: 2}\ncondition: a');
    expect(run(pipeline, `level: critical\ndate: 2024-05-01\n${text}`).condition).toMatchObject({
      of: [field('a_xx_b'), field('yxx')],
    });
    for (const head of ['level: medium\ndate: 2024-05-01\n', 'level: high\ndate: 2019-05-01\n']) {
      expect(run(pipeline, `${head}${text}`).condition).toMatchObject({ of: [field('xx'), field('yxx')] });
    }
  });

  it.each([
    ['a and', '"a and" cannot be understood at its end'],
    ['a b', '"a b" cannot be understood at "b"'],
    ['a and c', 'the condition "c" is not there, in "a and c"'],
    ['not a', '"not a" does not use the conditions b'],
    [`${'('.repeat(60)}a or b${')'.repeat(60)}`, 'more than 50 levels in an expression'],
  ])('refuse the expression %j', (expression, message) => {
    const conditions = 'rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}';
    const pipeline = items(`{type: field_name_prefix, prefix: x, ${conditions}, rule_cond_expr: "${expression}"}`);
    expect(run(pipeline, rule('a: {x: 1}\ncondition: a')).faults).toEqual([
      `p.yml:4 SigmaPipelineConditionError: ${message}`,
    ]);
  });

  it('change correlations with their rules', () => {
    const text = `${rule('a: {x: 1}\ncondition: a')}name: base
---
title: c
correlation:
  type: value_count
  rules: [base]
  group-by: [User, who]
  aliases: {who: {base: Image}}
  timespan: 5m
  condition: {gte: 3, field: x}
`;
    const pipeline = items(
      '{type: field_name_mapping, mapping: {User: user_name, Image: exe, x: y}}',
      '{type: rule_failure, message: no, rule_conditions: [{type: is_sigma_correlation_rule}, {type: logsource, product: windows}]}',
    );
    const { correlations, faults } = collectSigma([{ path: 'r.yml', text }], [{ path: 'p.yml', text: pipeline }]);
    expect(faults).toEqual([]);
    expect(correlations[0]?.document).toMatchObject({
      groupBy: ['user_name', 'who'],
      aliases: new Map([['who', new Map([['base', 'exe']])]]),
      field: 'y',
    });
  });

  it.each([
    ['{type: field_name_mapping, mapping: {x: [x, x]}}', 'detection items of a rule become more than 10000'],
    ['{type: map_string, mapping: {a: [a, a]}}', 'values of a detection item become more than 10000'],
    [
      String.raw`{type: replace_string, regex: '^(.*)$', replacement: '\1\1'}`,
      'a replacement gives more than 100000 characters',
    ],
  ])('are refused where %s doubles a rule again and again', (step, message) => {
    const { faults } = run(items(...Array.from({ length: 40 }, () => step)), rule('a: {x: a}\ncondition: a'));
    expect(faults[0]).toContain(`SigmaTransformationError: ${message}`);
  });

  it('leave rules alone that are written for our events', () => {
    const files = [{ path: 'r.yml', text: rule('a: {x: 1}\ncondition: a'), isFinal: true as const }];
    const text = items('{type: field_name_prefix, prefix: p_}');
    const document = collectSigma(files, [{ path: 'p.yml', text }]).rules[0]?.document;
    expect(document === undefined ? undefined : ruleCondition(document)).toMatchObject(field('x') as object);
  });

  it('refuse rules with fields that nothing mapped, where that is asked', () => {
    const strict = [
      '{type: field_name_mapping, mapping: {Image: Image, CommandLine: [cmd, line]}}',
      '{type: strict_field_mapping_failure}',
    ];
    expect(run(items(...strict), rule('a: {Image: x, CommandLine: y}\nb: [word]\ncondition: a or b')).faults).toEqual(
      [],
    );
    expect(run(items(...strict), rule('a: {Image: x, User: y}\ncondition: a')).faults).toEqual([
      'r.yml:5 SigmaTransformationError: no step before maps the field "User"',
    ]);
  });

  it('say of each part that pySigma has and we have not why', () => {
    const { faults } = run(
      `${items()}finalizers: [{type: concat}]\npostprocessing: []\n`,
      rule('a: {b: c}\ncondition: a'),
    );
    expect(faults.map((fault) => fault.split(':', 3).join(':'))).toEqual([
      'p.yml:4 SigmaConfigurationError: "finalizers" is left out',
      'p.yml:5 SigmaConfigurationError: "postprocessing" is left out',
    ]);
    const why = (type: string): string =>
      run(items(`{type: ${type}}`), rule('a: {b: c}\ncondition: a')).faults[0] ?? '';
    expect(why('field_name_transform')).toContain('it calls a function of Python');
    expect(why('query_expression_placeholders')).toContain('it puts text into the query of another program');
  });

  it('refuse rules, and say what of a pipeline is not understood', () => {
    const text = rule('a: {x: 1}\ncondition: a');
    expect(run(items('{type: rule_failure, message: not here}'), text).faults).toEqual([
      'r.yml:1 SigmaTransformationError: not here',
    ]);
    expect(run(items('{type: dance}'), text).faults[0]).toMatch(
      /^p\.yml:4 SigmaConfigurationError: the transformation "dance" is not/,
    );
    expect(run('name: x\nsteps: []\n', text).faults).toEqual([
      'p.yml:2 SigmaConfigurationError: a pipeline cannot have "steps"',
    ]);
    expect(run('', text).faults).toEqual(['p.yml:1 SigmaConfigurationError: the pipeline is empty']);
  });
});
