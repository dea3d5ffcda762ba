import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mimeTypeOf } from './mime-type.ts';

const typeOf = (text: string): string | null => mimeTypeOf(Buffer.from(text, 'latin1'));
const member = (name: string): string => `PK\u0003\u0004${'\0'.repeat(26)}${name}`;

test.each([
  ['plain text of ten characters', 'text/plain'],
  ['too short', null],
  ['\u00ef\u00bb\u00bfwith a byte order mark', 'text/plain'],
  ['\u0001\u0002\u0003', null],
  ['', null],
  ['{"a": 1}', 'text/json'],
  ['{1f777390-0b42-11e3-80ad-806e6f6e6963}', 'text/plain'],
  ['[1, 2]', 'text/json'],
  ['<!-- x --> <!DOCTYPE html>', 'text/html'],
  ['<?xml version="1.0"?><a/>', 'application/xml'],
  ['#!/bin/bash\n', 'text/x-shellscript'],
  ['#!/usr/bin/env python3\n', 'text/x-python'],
  ['<?php echo 1;', 'text/x-php'],
  ['@echo off\r\n', 'text/x-msdos-batch'],
  ['MZ\u0090\0', 'application/x-dosexec'],
  ['\u0089PNG\r\n\u001a\n', 'image/png'],
  [`BM${'\0'.repeat(12)}(\0`, 'image/x-ms-bmp'],
  ['BM is text here', 'text/plain'],
  [member('a.txt'), 'application/zip'],
  [member('META-INF/MANIFEST.MF'), 'application/java-archive'],
  [
    member('[Content_Types].xml') + member('word/document.xml'),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [member('xl/a.xml') + member('xl/b.xml'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  [
    `0\u0082\u0001\u0002\n\u0001\0\u00a0\u0082\u0001\u00bb0${'\u0006\u0009+\u0006\u0001\u0005\u0005\u00070\u0001\u0001'}`,
    'application/ocsp-response',
  ],
])('%j is %s', (text, type) => {
  expect(typeOf(text)).toBe(type);
});

test('ends on any bytes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<!--', ' ', '<', '{', '"', '[', '\\', 'a', '-->', '<?xml ', '\n'), { maxLength: 400 }),
      (parts) => {
        const type = typeOf(parts.join(''));
        expect(type === null || type.includes('/')).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
