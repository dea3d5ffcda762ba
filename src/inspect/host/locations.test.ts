import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../tests/support/memory-tree.ts';
import { filesLike, readText } from './locations.ts';

function fitting(files: Readonly<Record<string, MemoryFile>>, pattern: string): { paths: string[]; cut: string[] } {
  const cut: string[] = [];
  const notChecked = (what: string): void => void cut.push(what);
  const paths = [...filesLike({ tree: new MemoryTree(files), notChecked }, [pattern])].map(({ path }) => path);
  return { paths, cut };
}

describe('the files that fit a pattern', () => {
  it('stand for stars in any part of it', () => {
    const files = { '/etc/a/x.conf': '', '/etc/b.d/y.conf': '', '/etc/b.d/z': '', '/etc/b.d/.conf': '' };
    expect(fitting(files, '/etc/*/*.conf')).toEqual({
      paths: ['/etc/a/x.conf', '/etc/b.d/.conf', '/etc/b.d/y.conf'],
      cut: [],
    });
    expect(fitting(files, '/etc/*.d/*').paths).toEqual(['/etc/b.d/.conf', '/etc/b.d/y.conf', '/etc/b.d/z']);
  });

  it('end where links lead back to their own folder', () => {
    const links = Array.from({ length: 500 }, (_none, index) => [`/etc/x/l${index}`, { target: '.' }] as const);
    expect(fitting({ ...Object.fromEntries(links), '/etc/x/f': '' }, '/etc/*/*/*/*').paths).toEqual(['/etc/x/f']);
  });

  it('are bounded, and what is left out is told', () => {
    const many = Object.fromEntries(Array.from({ length: 20_010 }, (_none, index) => [`/etc/x/f${index}`, '']));
    const { paths, cut } = fitting(many, '/etc/x/*');
    expect(paths).toHaveLength(20_000);
    expect(cut).toEqual(['some of /etc/x/*']);
  });
});

describe('the text of a file', () => {
  const text = (content: string | Uint8Array): string => readText(new MemoryTree({ '/f': content }), '/f');

  it('is there with a few zeros in it, and in every script', () => {
    expect(text(`# \0${'-'.repeat(60)}\nx\n`)).toContain('x');
    expect(text(`#!/bin/sh\n: ${'\0'.repeat(100)}\n`)).toContain('#!/bin/sh');
  });

  it('is not that of a program or of packed data', () => {
    expect(text('\u007FELF\u0002\u0001\u0001 text')).toBe('');
    expect(text(Uint8Array.from({ length: 4096 }, (_none, index) => (index * 7919) % 251))).toBe('');
  });
});
