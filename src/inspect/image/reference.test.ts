import { describe, expect, it } from 'vitest';
import { familiarName, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a name of an image', () => {
  it.each([
    ['alpine', { registry: 'docker.io', repository: 'library/alpine' }],
    ['alpine:3.20', { registry: 'docker.io', repository: 'library/alpine', tag: '3.20' }],
    ['index.docker.io/team/app', { registry: 'docker.io', repository: 'team/app' }],
    ['localhost/app', { registry: 'localhost', repository: 'app' }],
    ['127.0.0.1:5000/a/b/c:x', { registry: '127.0.0.1:5000', repository: 'a/b/c', tag: 'x' }],
    ['[::1]:5000/a', { registry: '[::1]:5000', repository: 'a' }],
    [`ghcr.io/a/b:1@${digest}`, { registry: 'ghcr.io', repository: 'a/b', tag: '1', digest }],
  ])('%s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  it.each([
    '',
    ':tag',
    'UPPER',
    'a//b',
    'a/../b',
    'a b',
    'a:',
    'a@sha256:12',
    'a@md5:x',
    '-host.example/a',
    'host.example:port/a',
    'a'.repeat(5000),
  ])('"%s" is none', (text) => {
    expect(() => parseReference(text)).toThrow(/is no name of an image/);
  });

  it('is the same in all ways to write it', () => {
    for (const text of ['alpine', 'alpine:latest', 'library/alpine', 'docker.io/library/alpine:latest']) {
      expect(familiarName(text)).toBe('docker.io/library/alpine:latest');
    }
    expect(familiarName('bazel/pkg:UPPER/x')).toBe('bazel/pkg:UPPER/x');
  });
});
