import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../../tests/support/processor-time.ts';
import { printExpression } from '../filter/print.ts';
import { loadFiles, type LoadedFiles } from './loader.ts';

function load(...texts: readonly string[]): LoadedFiles {
  const files = texts.map((text, index) => ({ path: `f${index}.yaml`, text }));
  return loadFiles(files, { sources: ['syscall'], extraOutput: [] });
}

const errorsOf = ({ results }: LoadedFiles): string[] =>
  results.flatMap((result) => result.errors.map(({ code, message }) => `${code}: ${message}`));
const warningsOf = ({ results }: LoadedFiles): string[] =>
  results.flatMap((result) => result.warnings.map(({ code, message }) => `${code}: ${message}`));
const conditionOf = ({ rules }: LoadedFiles, name = 'r'): string => {
  const rule = rules.find(({ item }) => item.name === name);
  return rule === undefined ? 'none' : printExpression(rule.expression);
};

const rule = (condition: string, more = ''): string =>
  `- rule: r\n  desc: d\n  condition: ${condition}\n  output: o %proc.name\n  priority: INFO\n${more}`;

describe('the loader of Falco rules', () => {
  it('puts lists into conditions as text, quoted where they hold blanks', () => {
    const lists = '- list: a\n  items: [x, two words]\n- list: empty\n  items: []\n- list: b\n  items: [a, y]\n';
    expect(conditionOf(load(lists + rule('evt.type=open and proc.name in (b, empty)')))).toBe(
      '(evt.type = open and proc.name in (x, "two words", y))',
    );
    expect(conditionOf(load(lists + rule('evt.type=open and proc.name in (empty, z)')))).toBe(
      '(evt.type = open and proc.name in (z))',
    );
    expect(conditionOf(load(lists + rule('evt.type=open and proc.name in (xa, a.b)')))).toBe(
      '(evt.type = open and proc.name in (xa, a.b))',
    );
  });

  it('appends text to text, so that a macro may change its meaning', () => {
    const macro =
      '- macro: m\n  condition: proc.name=a\n- macro: m\n  condition: or proc.name=b\n  override: {condition: append}\n';
    expect(conditionOf(load(macro + rule('evt.type=open and m')))).toBe(
      '(evt.type = open and (proc.name = a or proc.name = b))',
    );
    const appended = '- rule: r\n  condition: or evt.type=close\n  override: {condition: append}\n';
    expect(conditionOf(load(rule('evt.type=open and proc.name=a', appended)))).toBe(
      '((evt.type = open and proc.name = a) or evt.type = close)',
    );
  });

  it('shows a macro only what was defined before it', () => {
    const late = '- macro: m\n  condition: n\n- macro: n\n  condition: proc.name=a\n';
    expect(errorsOf(load(late + rule('evt.type=open and m')))).toEqual([
      "LOAD_ERR_VALIDATE: Undefined macro 'n' used in filter.",
    ]);
  });

  it('keeps the place of a rule that is defined again', () => {
    const loaded = load(
      `${rule('evt.type=open')}${rule('evt.type=close').replace('rule: r', 'rule: s')}`,
      rule('evt.type=dup'),
    );
    expect(loaded.rules.map(({ item }) => item.name)).toEqual(['r', 's']);
    expect(conditionOf(loaded)).toBe('evt.type = dup');
  });

  it('writes exceptions out', () => {
    const exceptions =
      '  exceptions:\n    - name: e\n      fields: [proc.name, fd.name]\n      comps: [in, startswith]\n      values:\n        - [[a, b c], /tmp]\n';
    expect(conditionOf(load(rule('evt.type=open', exceptions)))).toBe(
      '(evt.type = open and not (proc.name in (a, "b c") and fd.name startswith /tmp))',
    );
  });

  it('tells the place of an error in the file and in the condition', () => {
    const [error] = load(rule('evt.type=open and fd.nope=1')).results[0]?.errors ?? [];
    expect(error?.message).toBe('filter_check called with nonexistent field fd.nope');
    expect(error?.context.text()).toBe(
      'In rules content: (f0.yaml:0:0)\n' +
        "    rule 'r': (f0.yaml:0:2)\n" +
        '    rule condition: (f0.yaml:2:13)\n' +
        '    condition expression: ("evt.type=open and...":3:32)\n',
    );
  });

  it('knows the source of a plug-in that a file asks for, and skips rules of others', () => {
    const audit = rule('ka.verb=create', '  source: k8s_audit\n').replace('%proc.name', '%ka.user.name');
    expect(warningsOf(load(audit))).toEqual(['LOAD_UNKNOWN_SOURCE: Unknown source k8s_audit, skipping']);
    const asked = '- required_plugin_versions:\n  - name: k8saudit\n    version: 0.7.0\n';
    expect(load(asked + audit).rules).toHaveLength(1);
  });

  it('takes YAML tags and keys that stand twice as yaml-cpp does', () => {
    expect(errorsOf(load(rule('evt.type=open').replace('desc: d', 'desc: != d')))).toEqual([]);
    expect(conditionOf(load(rule('evt.type=open', '  condition: evt.type=close\n')))).toBe('evt.type = open');
  });

  it('tells what a file is not', () => {
    expect(errorsOf(load('a: [')).map((text) => text.split(':')[0])).toEqual(['LOAD_ERR_YAML_PARSE']);
    expect(errorsOf(load('text'))).toEqual(['LOAD_ERR_YAML_VALIDATE: Rules content is not yaml']);
    expect(errorsOf(load('a: b'))).toEqual(['LOAD_ERR_YAML_VALIDATE: Rules content is not yaml array of objects']);
    expect(warningsOf(load('- thing: 1\n'))).toEqual(['LOAD_UNKNOWN_ITEM: Unknown top level item']);
    expect(errorsOf(load('- required_engine_version: 99\n'))).toEqual([
      'LOAD_ERR_VALIDATE: Rules require engine version 0.99.0, but engine version is 0.63.0',
    ]);
  });

  it('prints what Falco prints', () => {
    const loaded = load(rule('evt.type=open and nope'));
    const [result] = loaded.results;
    expect(result?.text(loaded.contents)).toBe(
      'f0.yaml: Invalid\n1 Errors:\n' +
        'In rules content: (f0.yaml:0:0)\n' +
        "    rule 'r': (f0.yaml:0:2)\n" +
        '    condition expression: ("evt.type=open and...":1:21)\n' +
        '------\nevt.type=open and nope\n                    ^\n------\n' +
        "LOAD_ERR_VALIDATE (Error validating rule/macro/list/exception objects): Undefined macro 'nope' used in filter.\n",
    );
    expect(result?.json(loaded.contents)).toMatchObject({
      name: 'f0.yaml',
      successful: false,
      schema_valid: true,
      errors: [{ code: 'LOAD_ERR_VALIDATE', context: { locations: [{ item_type: 'rules content' }, {}, {}] } }],
    });
  });
});

describe('hostile rules are refused with a reason, soon', () => {
  const within = (text: string, ms = 5000): string[] => {
    const takenMs = processorClock();
    const errors = errorsOf(load(text));
    expect(takenMs()).toBeLessThan(ms);
    return errors;
  };

  it('macros that stand for each other', () => {
    const loop = '- macro: a\n  condition: proc.name=x\n- macro: b\n  condition: a\n- macro: a\n  condition: b\n';
    expect(within(loop + rule('evt.type=open and a'))).toEqual(["LOAD_ERR_VALIDATE: reference loop in macro 'a'"]);
  });

  it('macros that double, a hundred times', () => {
    const doubling = Array.from(
      { length: 100 },
      (_none, index) => `- macro: m${index + 1}\n  condition: m${index} and m${index}\n`,
    );
    const text = `- macro: m0\n  condition: proc.name=a\n${doubling.join('')}${rule('evt.type=open and m100')}`;
    expect(within(text)).toEqual([
      'LOAD_ERR_VALIDATE: Condition grows past 1000000 checks when its macros are written out',
    ]);
  });

  it('lists that multiply', () => {
    const wide = `- list: a\n  items: [${Array.from({ length: 2000 }, () => 'x').join(',')}]\n`;
    const wider = `- list: b\n  items: [${Array.from({ length: 2000 }, () => 'a').join(',')}]\n`;
    expect(within(wide + wider + rule('evt.type=open and proc.name in (b)'))).toEqual([
      'LOAD_ERR_VALIDATE: List has more than 1000000 items',
    ]);
    const often = rule(`evt.type=open and proc.name in (${Array.from({ length: 2000 }, () => 'a').join(',')})`);
    expect(within(wide + often)).toEqual([
      'LOAD_ERR_VALIDATE: Condition grows past 4000000 characters when its lists are written out',
    ]);
  });

  it('a condition of ten megabytes, and one of two', () => {
    expect(within(rule(`"${'a.b=1 or '.repeat(1_200_000)}a"`))).toEqual([
      expect.stringContaining('LOAD_ERR_YAML_PARSE: longer than') as string,
    ]);
    expect(within(rule(`"${'a.b=1 or '.repeat(240_000)}a"`))).toEqual([
      'LOAD_ERR_VALIDATE: Condition is longer than 1000000 characters',
    ]);
  });

  it('aliases of aliases', () => {
    const levels = Array.from({ length: 30 }, (_none, index) => `  - &l${index + 1} [*l${index}, *l${index}]`);
    expect(within(`- x:\n  - &l0 [a, a]\n${levels.join('\n')}\n`)).toEqual([
      expect.stringContaining('LOAD_ERR_YAML_PARSE: more than') as string,
    ]);
  });

  it('a pattern that would not end elsewhere', () => {
    expect(within(rule('evt.type=open and proc.name regex "(a+)+$"'))).toEqual([]);
    expect(within(rule('evt.type=open and proc.name regex "(a"'))[0]).toMatch(/^LOAD_ERR_COMPILE_CONDITION: .*missing/);
  });

  it('many lists and many conditions', () => {
    const lists = Array.from({ length: 2000 }, (_none, index) => `- list: l${index}\n  items: [x]\n`);
    const macros = Array.from({ length: 2000 }, (_none, index) => `- macro: m${index}\n  condition: a.b=l${index}\n`);
    expect(within(lists.join('') + macros.join(''))).toEqual([]);
  });
});
