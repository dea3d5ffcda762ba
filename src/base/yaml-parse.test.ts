import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseYaml, parseYamlStream, yamlValue } from './yaml-parse.ts';

const length = 3_000_000;
const heapMegabytes = 200;
/** The dearest takes 2.2 s on a quiet machine, most under one; without bounds one took 20, and a text of a third of the length 16. */
const maxSeconds = 8;
/** What stands before, and what is repeated to the length. */
const families = {
  tags: ['', '! '],
  'tags with a name': ['', '!a!b '],
  anchors: ['', '&a '],
  'anchors of items': ['', '- &a x\n'],
  'aliases in brackets': ['a: &a x\nb: [', '*a,'],
  'aliases of items': ['a: &a x\nb:\n', '- *a\n'],
  'merge keys': ['a: &a {b: 1}\nc:\n', ' - <<: *a\n'],
  'marks of lists in a line': ['', '- - - - '],
  'marks of lists': ['', '-\n'],
  'marks of lists, moved in': ['', '-\n '],
  'marks of keys in a line': ['', '? ? ? '],
  'marks of keys': ['', '?\n'],
  'marks of values': ['', ':\n'],
  'keys with nothing': ['', 'a:\n'],
  'keys and values by marks': ['', '? a\n: b\n'],
  'maps in maps': ['', '{a: '],
  'lists in lists': ['', '['],
  'lists in sixty lists': ['['.repeat(60), '1,'],
  commas: ['[', ','],
  'values with nothing': ['{', ':,'],
  numbers: ['[', '1,'],
  pairs: ['[', 'a: 1,'],
  'empty lists after each other': ['', '[]\n'],
  'closing brackets': ['', '} '],
  'escapes that do not exist': ['a: "', '\\q'],
  escapes: ['"', '\\x41'],
  'a plain text': ['a: ', 'x'],
  'a plain text of words': ['a: ', 'x y '],
  'a plain text of lines': ['a: ', 'x\n  '],
  'a number': ['a: ', '1_'],
  'a block': ['a: >\n', ' x\n'],
  'empty blocks': ['', '- |\n'],
  'broken keys': ['', 'a: b: c\n'],
  comments: ['', '#\n'],
  'comments of items': ['', '- # \n'],
  'empty lines': ['', '\n'],
  documents: ['', '---\n'],
  'ends of documents': ['', '...\n'],
  'unknown directives': ['', '%A\n'],
} satisfies Record<string, [string, string]>;

/** Reads all texts in a process of its own: seconds of CPU time of each. Throws when one does not fit in its heap. */
function costs(): Record<string, number> {
  const script = `import { readYaml } from ${JSON.stringify(new URL('./yaml-tree.ts', import.meta.url).href)};
    const seconds = {};
    for (const [name, [head, part]] of Object.entries(${JSON.stringify(families)})) {
      const text = head + part.repeat(${length} / part.length);
      const before = process.cpuUsage();
      readYaml(text);
      const { user, system } = process.cpuUsage(before);
      seconds[name] = (user + system) / 1e6;
    }
    console.log(JSON.stringify(seconds));`;
  const args = [`--max-old-space-size=${heapMegabytes}`, '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Record<string, number>;
}

describe('a text of three megabytes that was made to exhaust', () => {
  it('costs little', () => {
    const seconds = Object.entries(costs());
    expect(seconds).toHaveLength(Object.keys(families).length);
    expect(seconds.filter(([, each]) => each > maxSeconds)).toEqual([]);
  }, 120_000);

  it('is told with the place where reading ended', () => {
    const [document] = parseYamlStream(`a: 1\n${'! '.repeat(1_000_000)}`, {});
    expect(document?.errors).toMatchObject([
      { code: 'RESOURCE_EXHAUSTION', pos: [expect.any(Number), expect.any(Number)] },
    ]);
    expect(document?.errors[0]?.pos[0]).toBeGreaterThan(200_000);
  });
});

describe('a long text of the kind that people have', () => {
  it('is read whole', () => {
    const lock = Array.from(
      { length: 8000 },
      (_none, index) =>
        `  '@scope/package-${index}@1.2.3':\n    resolution: {integrity: sha512-${'A'.repeat(86)}==}\n    engines: {node: '>=10'}\n    cpu: [x64]\n    dependencies:\n      foo: 1.2.3\n      bar: 2.0.0\n`,
    );
    const [document] = parseYamlStream(`packages:\n${lock.join('')}`, { uniqueKeys: false });
    expect(document?.errors).toEqual([]);
    const value = document?.toJS() as { packages: Record<string, unknown> } | undefined;
    expect(Object.keys(value?.packages ?? {})).toHaveLength(8000);
  });

  it('may be a short one with a mark in each byte', () => {
    const list = yamlValue(`[${'1,'.repeat(50_000)}]`);
    expect(list).toHaveLength(50_000);
  });
});

describe('errors', () => {
  it('end a document at the first one, in the deepest place, and leave the others', () => {
    const documents = parseYamlStream('a: 1\n---\nb:\n - c: ["\\q", "\\q"]\n---\nd: 2\n', {});
    expect(documents.map(({ errors }) => errors.map(({ code, pos }) => [code, pos[0]]))).toEqual([
      [],
      [['BAD_DQ_ESCAPE', 20]],
      [],
    ]);
    expect(documents[2]?.toJS()).toEqual({ d: 2 });
  });

  it('say line and column; a second document is one', () => {
    expect(parseYaml('a: 1\nb: "\\q"\n').errors[0]?.message).toMatch(/\\q at line 2, column 5$/);
    expect(parseYaml('a: 1\n---\nb: 1\n').errors[0]?.message).toMatch(/more than one document/);
    expect(parseYaml('').errors).toEqual([]);
    expect(yamlValue('')).toBeNull();
    expect(() => yamlValue('a: [')).toThrow(/line 1/);
  });
});
