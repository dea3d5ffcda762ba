import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomBytes } from '../../../../tests/support/photo.ts';
import { pngChunk, writePng } from '../../../../tests/support/png.ts';
import type { Terminal } from '../../terminal.ts';
import { inspectFiles } from './inspect.ts';

let folder: string;
let plain: string;
let odd: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-file-'));
  plain = join(folder, 'plain.png');
  odd = join(folder, 'odd\u001B[31m.png');
  const picture = { width: 4, height: 4, samples: Array.from({ length: 48 }, (_, index) => index) };
  writeFileSync(plain, writePng(picture));
  writeFileSync(odd, writePng({ ...picture, extra: [pngChunk('zsTg', randomBytes(3000))] }));
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

describe('file inspect', () => {
  it('prints each file with its verdict, signs and what was not checked, and no control characters of a name', async () => {
    const { terminal, texts } = terminalOf(false);
    expect(await inspectFiles([plain, odd], {}, terminal)).toBe(0);
    const lines = texts.out.split('\n');
    expect(lines[0]).toMatch(/plain\.png {2}image\/png {2}\d+ B {2}no sign$/);
    expect(lines[1]).toBe('  not checked: lowest bits of the pixels (the picture has fewer than 40000 pixels)');
    expect(lines[2]).toMatch(/odd\\x1b\[31m\.png {2}image\/png {2}3\.1 kB {2}medium, 1 sign$/);
    expect(lines[3]).toMatch(/^ {2}medium: unknown chunk zsTg with 3000 bytes \(7\.9\d bits per byte\), at byte 41$/);
  });

  it('prints one object with --json', async () => {
    const { terminal, texts } = terminalOf(true);
    expect(await inspectFiles([plain, odd], {}, terminal)).toBe(0);
    const result = JSON.parse(texts.out) as { files: { sha256: string }[] };
    expect(result).toMatchObject({
      files: [
        { path: plain, type: 'image/png', verdict: 'none', not_checked: [{ what: 'lowest bits of the pixels' }] },
        { path: odd, verdict: 'medium' },
      ],
      findings: [
        {
          detector: 'files/unknown-chunk',
          severity: 'medium',
          entities: [
            { kind: 'file', value: odd },
            { kind: 'file-hash', value: result.files[1]?.sha256 },
          ],
          evidence: [{ path: odd, at: 41 }],
        },
      ],
      problems: [],
    });
  });

  it.each([
    ['low', 1],
    ['medium', 1],
    ['high', 0],
  ] as const)('with --fail-on %s ends with %d', async (failOn, code) => {
    expect(await inspectFiles([plain, odd], { failOn }, terminalOf(true).terminal)).toBe(code);
    expect(await inspectFiles([plain], { failOn }, terminalOf(true).terminal)).toBe(0);
  });

  it('goes on after a file that cannot be read, and says that it could not', async () => {
    const { terminal, texts } = terminalOf(true);
    const missing = join(folder, 'missing');
    expect(await inspectFiles([missing, folder, odd], { failOn: 'low' }, terminal)).toBe(2);
    expect(JSON.parse(texts.out)).toMatchObject({
      files: [{ path: odd }],
      problems: [
        { code: 'unreadable', at: missing },
        { code: 'unreadable', at: folder },
      ],
    });
    expect(texts.talk).toContain('is no regular file');
  });
});
