import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findIcoEnd } from './ico.ts';
import { findPdfEnd } from './pdf.ts';

const document = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Size 1>>\nstartxref\n9\n%%EOF\r\n';

describe('a PDF', () => {
  test.each([
    ['once', document],
    ['after an update', `${document}2 0 obj<</Type/Annot>>endobj\nxref\n1 1\nstartxref\n80\n%%EOF\n`],
    ['after the part that is shown first', `${document}\r\n12 0 obj\n<<>>endobj\nstartxref\n0\n%%EOF`],
    ['with a remark behind the first', `${document}%BeginExifToolUpdate\n1 0 obj<<>>endobj\nstartxref\n5\n%%EOF\n`],
    ['with another one attached', `%PDF-1.4\n1 0 obj<<>>stream\n${document}endstream endobj\n%%EOF\n`],
  ])('ends at its mark, %s', (_how, text) => {
    expect(findPdfEnd(Buffer.from(text))).toEqual({ end: text.length });
  });

  test('ends before what was appended, whatever mark stands behind that', () => {
    for (const tail of [
      Buffer.concat([Buffer.of(1), randomBytes(3000)]),
      Buffer.from('PK\u0003\u0004 and so on\n%%EOF\n'),
    ]) {
      expect(findPdfEnd(Buffer.concat([Buffer.from(document), tail]))).toEqual({ end: document.length });
    }
  });

  test('without a mark, or cut behind one that is followed, has no end', () => {
    expect(findPdfEnd(Buffer.from('%PDF-1.4'))).toMatchObject({ fault: expect.any(String) });
    expect(findPdfEnd(Buffer.from(`${document}2 0 obj <<`))).toMatchObject({ fault: expect.any(String) });
  });
});

test('an icon whose pictures are not there has no end', () => {
  const head = Buffer.alloc(22, 0xff);
  expect(findIcoEnd(head)).toMatchObject({ fault: expect.any(String) });
  expect(findIcoEnd(Buffer.alloc(3))).toMatchObject({ fault: expect.any(String) });
});
