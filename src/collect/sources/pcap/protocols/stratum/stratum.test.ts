import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const recognized = (text: string): string | undefined =>
  analyzer.recognize?.({
    transport: 'tcp',
    orig: Buffer.from(text),
    resp: Buffer.alloc(0),
    origPort: 50_000,
    respPort: 3333,
  });

test('records each method once, with wallet and program, and no password', () => {
  const { events, services } = runConnection(
    analyzer,
    inTurn(
      '{"id":1,"method":"mining.subscribe","params":["cpuminer/2.5"]}\n',
      '{"id":1,"result":[[],"08",4],"error":null}\n',
      '{"id":2,"method":"mining.authorize","params":["wallet.worker","secret"]}\n',
      '{"id":2,"result":true,"error":null}\n{"method":"mining.notify","params":[]}\n',
      '{"id":3,"method":"mining.submit","params":["wallet.worker","a"]}\n{"id":4,"method":"mining.submit","params":[]}\nno json "method":"login"\n',
    ),
    { destinationPort: 3333 },
  );
  expect(services).toEqual(['default']);
  expect(events.map((event) => [event['user_name'], JSON.parse(String(event['fields']))])).toEqual([
    [null, { method: 'mining.subscribe', agent: 'cpuminer/2.5' }],
    ['wallet.worker', { method: 'mining.authorize', user: 'wallet.worker' }],
    [null, { method: 'mining.submit' }],
    [null, { method: 'login' }],
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('reads the log-in of CryptoNote pools', () => {
  const login =
    '{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"48edf","pass":"x","agent":"XMRig/6.21"}}\n';
  const { events } = runConnection(analyzer, inTurn(login), { destinationPort: 443 });
  expect(events).toMatchObject([{ log_name: 'stratum', user_name: '48edf' }]);
  expect(recognized(login)).toBe('match');
});

test('is told by content, and leaves other JSON alone', () => {
  expect(recognized('{"id":3,"method":"eth_getWork","params":[]}')).toBe('match');
  expect(recognized('{"id":1,"met')).toBe('more');
  expect(recognized('{"method":"login","params":["ann","x"]}\n')).toBe('no');
  expect(recognized('GET / HTTP/1.1\r\n')).toBe('no');
});
