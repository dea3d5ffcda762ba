import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

test('hands on what the listening side sends, and not the counts of the other', () => {
  const { files, services } = runConnection(analyzer, inTurn('', 'first ', '\0\0\0\u0006', 'second', '\0\0\0\u000c'));
  expect(services).toEqual(['default']);
  expect(files).toMatchObject([{ content: 'first second', isEnded: true, facts: { isOrig: false } }]);
});
