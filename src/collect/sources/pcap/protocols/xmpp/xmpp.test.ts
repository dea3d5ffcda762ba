import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const stream = "<?xml version='1.0'?><stream:stream to='a.test' version='1.0'>";

test.each([1, 20, 500])('follows STARTTLS (pieces of %i bytes)', (size) => {
  const opening = inTurn(stream, stream, '<starttls xmlns="urn:x"/>', '<proceed xmlns="urn:x"/>');
  const { inner, services } = runConnection(analyzer, [...cutSteps(opening, size), ...inTurn('hello', 'answer')]);
  expect(services).toEqual(['default']);
  expect(inner.map(({ protocol }) => protocol)).toEqual(['tls']);
  expect(inner[0]?.fed.slice(-2)).toEqual(['client: hello', 'server: answer']);
});

test('recognises the opening of a stream, and no other XML', () => {
  const first = (orig: string) =>
    analyzer.recognize?.({
      transport: 'tcp',
      orig: Buffer.from(orig),
      resp: new Uint8Array(0),
      origPort: 1,
      respPort: 2,
    });
  expect(first(stream)).toBe('match');
  expect(first('<?xml ver')).toBe('more');
  expect(first('GET / HTTP/1.1')).toBe('no');
});
