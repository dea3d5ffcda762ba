import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuleBook } from './rule-book.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-rule-book-'));
  mkdirSync(join(folder, 'rules'));
  file = join(folder, 'rules', 'ours.yaml');
  writeFileSync(file, rule('First of ours'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rule = (name: string): string =>
  `- rule: ${name}\n  desc: ours\n  condition: evt.type = execve and proc.name = ${name.length}\n  output: ours\n  priority: NOTICE\n`;

const names = (book: RuleBook): string[] =>
  book.sets.flatMap(({ set }) => set.rules.map(({ title }) => title)).filter((title) => title.endsWith('of ours'));

describe('rules of a watch', { timeout: 120_000 }, () => {
  it('that change hold from the second look on at which they look the same', () => {
    const book = new RuleBook([join(folder, 'rules')]);
    expect(book.renew(false)).toBeUndefined();
    writeFileSync(file, '');
    expect(book.renew(false)).toBeUndefined();
    writeFileSync(file, rule('First of ours') + rule('Second of ours'));
    expect(book.renew(false)).toBeUndefined();
    expect(book.renew(false)).toMatchObject({
      state: 'loaded',
      message: expect.stringMatching(/^\d+ rules hold from now on, 1 new and 0 gone$/),
    });
    expect(names(book)).toEqual(['First of ours', 'Second of ours']);
    expect(book.renew(false)).toBeUndefined();
  });

  it('that have a fault are refused whole, once, and those from before go on', () => {
    const book = new RuleBook([join(folder, 'rules')]);
    writeFileSync(join(folder, 'rules', 'more.yaml'), rule('Second of ours'));
    writeFileSync(file, '- rule: First of ours\n  condition: evt.type = (\n');
    book.renew(false);
    expect(book.renew(false)).toMatchObject({ state: 'refused', message: expect.stringContaining(file) });
    expect(names(book)).toEqual(['First of ours']);
    expect([book.renew(false), book.renew(false)]).toEqual([undefined, undefined]);
    writeFileSync(file, rule('First of ours'));
    expect(book.renew(true)).toMatchObject({ state: 'loaded' });
    expect(names(book).sort()).toEqual(['First of ours', 'Second of ours']);
  });

  it('take a change beside a fault that was there at the start', () => {
    writeFileSync(join(folder, 'rules', 'faulty.yaml'), '- rule: Bad of ours\n  condition: evt.type = (\n');
    const book = new RuleBook([join(folder, 'rules')]);
    writeFileSync(file, rule('Second of ours'));
    expect(book.renew(true)).toMatchObject({ state: 'loaded' });
    expect(names(book)).toEqual(['Second of ours']);
  });

  it.each([
    ['removed', (): void => rmSync(file)],
    ['emptied', (): void => writeFileSync(file, '')],
    ['made something else', (): void => writeFileSync(file, 'hello: 7\n')],
  ])('whose named file is %s go on as they were', (_how, act) => {
    const book = new RuleBook([file]);
    act();
    expect(book.renew(true)).toMatchObject({ state: 'refused', message: expect.stringContaining(file) });
    expect(names(book)).toEqual(['First of ours']);
  });

  it('are loaded anew when somebody asks, though nothing looks changed', () => {
    expect(new RuleBook([file]).renew(true)).toMatchObject({ message: expect.stringContaining(' 0 new and 0 gone') });
  });
});
