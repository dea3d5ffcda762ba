import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const facts = { transport: 'udp', destinationIp: '239.255.255.250', destinationPort: 1900 } as const;
const search =
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\nUser-Agent: scanner/1\r\n\r\n';
const answer =
  'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: Linux UPnP/1.0 cam/2\r\nLOCATION: http://192.0.2.9/d.xml\r\n\r\n';

test('tells searches and devices, each once', () => {
  const { events, services } = runConnection(analyzer, inTurn(search, answer, search, answer), facts);
  expect(services).toEqual(['default']);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { from_client: true, method: 'M-SEARCH', search_target: 'ssdp:all', user_agent: 'scanner/1' },
    {
      from_client: false,
      status_code: 200,
      search_target: 'upnp:rootdevice',
      usn: 'uuid:1::upnp:rootdevice',
      server: 'Linux UPnP/1.0 cam/2',
      location: 'http://192.0.2.9/d.xml',
    },
  ]);
});

test('what is none is a violation', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1\r\n\r\n'), facts).violations).toEqual(['no SSDP message']);
  const first = { transport: 'udp', resp: new Uint8Array(0), origPort: 1, respPort: 1900 } as const;
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from(search) })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('x') })).toBe('no');
});
