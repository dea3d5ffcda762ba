import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerArchive } from '../../../../tests/support/image-archive.ts';
import { shopArchive } from '../../../../tests/support/shop-image.ts';
import type { Terminal } from '../../terminal.ts';
import { printFiles } from './print-files.ts';
import { printImage } from './print-image.ts';

const example = join(import.meta.dirname, '../../../../docs/guide/examples/shop.tar');
let folder: string;
let hostile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-print-image-'));
  hostile = join(folder, 'hostile.tar');
  const run = { User: 'a\u001B[31m', Labels: { x: 'y\nz' } };
  writeFileSync(
    hostile,
    dockerArchive({ layers: [{ 'a\u001Bb': 'x', '../c': 'y' }], run, history: ['RUN \u202Etxt'] }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function terminalOf(json: boolean): { readonly terminal: Terminal; readonly texts: { out: string; talk: string } } {
  const texts = { out: '', talk: '' };
  const terminal: Terminal = {
    out: (text) => void (texts.out += text),
    talk: (text) => void (texts.talk += text),
    json,
    quiet: false,
    color: false,
    width: 80,
    isInteractive: false,
    signal: new AbortController().signal,
  };
  return { terminal, texts };
}

it('the example of the guide is the image that stands in the tests', () => {
  expect(readFileSync(example).equals(shopArchive())).toBe(true);
});

describe('image show', () => {
  it('prints configuration and layers', async () => {
    const { terminal, texts } = terminalOf(false);
    expect(await printImage(example, {}, terminal)).toBe(0);
    expect(texts.out).toMatch(/^image {7}shop:1\.4\nform {8}docker-archive\nid {10}sha256:[0-9a-f]{64}\n/);
    expect(texts.out).toMatch(/\nports {7}8080\/tcp\n/);
    expect(texts.out.trimEnd().split('\n').at(-1)).toMatch(/^ {2}2 {2}[0-9a-f]{12} .* 1 names {2}RUN rm \/etc\/shop/);
    expect(texts.talk).toBe('');
  });

  it('prints one object with --json', async () => {
    const { terminal, texts } = terminalOf(true);
    await printImage(example, {}, terminal);
    expect(JSON.parse(texts.out)).toMatchObject({
      reference: example,
      form: 'docker-archive',
      digest: null,
      platform: 'linux/amd64',
      cmd: ['node', '/app/server.js'],
      history: [{ layer: 0 }, { layer: 1 }, { layer: 2, created: '2026-03-10T00:00:00.000000Z' }],
      layers: [{ layer: 0, is_verified: true, entries: 5 }, { layer: 1 }, { layer: 2, entries: 1 }],
      problems: [],
    });
  });

  it('lets nothing of the image reach the terminal unseen, and tells what is wrong', async () => {
    for (const json of [false, true]) {
      const { terminal, texts } = terminalOf(json);
      await printImage(hostile, {}, terminal);
      await printFiles(hostile, '/', {}, terminal);
      // eslint-disable-next-line no-control-regex -- controls are what is looked for
      expect(texts.out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
      expect(texts.talk).toMatch(/layer 0: the name "\.\.\/c" points outside the image \[unsafe-path\]/);
    }
  });
});

describe('image files', () => {
  it('lists below a folder, or one file, or through a link', async () => {
    const { terminal, texts } = terminalOf(false);
    await printFiles(example, '/app', {}, terminal);
    await printFiles(example, '/bin/sh', {}, terminal);
    expect(texts.out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      ' 1 -4755 0:0 21 /app/helper',
      ' 1 -0644 0:0 39 /app/package.json',
      ' 1 -0644 0:0 50 /app/server.js',
      ' 0 -0755 0:0 30 /bin/busybox',
      '',
    ]);
    await expect(printFiles(example, '/none', {}, terminal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lists a layer, and what is hidden', async () => {
    const { terminal, texts } = terminalOf(true);
    await printFiles(example, '/', { layer: '2' }, terminal);
    const { files } = JSON.parse(texts.out) as { files: { path: string }[] };
    expect(files.map(({ path }) => path)).toEqual(['/etc', '/etc/passwd', '/etc/shop']);
    const hidden = terminalOf(true);
    await printFiles(example, '/etc/shop', { hidden: true }, hidden.terminal);
    expect(JSON.parse(hidden.texts.out)).toMatchObject({
      files: [{ path: '/etc/shop/deploy.key', layer: 1, hidden_by: 2, how: 'removed' }],
    });
    for (const layer of ['3', '-1', 'x']) {
      await expect(printFiles(example, '/', { layer }, terminal)).rejects.toMatchObject({ code: 'USAGE' });
    }
  });
});
