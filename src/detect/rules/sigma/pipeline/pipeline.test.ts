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
