import { canonicalIp } from '../../../base/ip.ts';
import { isName } from '../rules.ts';
import { isPort, type Front } from './front.ts';

const maxHeadBytes = 16 * 1024;
const answers = {
  blocked: '403 Blocked by a rule of the proxy',
  unreachable: '502 The server cannot be reached',
  method: '405 This proxy takes CONNECT only',
  head: '400 Bad request',
} as const;

/** The CONNECT method of HTTP/1 (RFC 9110, 9.3.6). Other methods are refused: this proxy carries connections, no requests. */
export const httpConnect: Front = {
  id: 'http-connect',
  async request(socket, reader) {
    const answer = (text: string): void => {
      const close = `content-type: text/plain\r\ncontent-length: ${text.length + 1}\r\nconnection: close\r\n`;
      socket.end(`HTTP/1.1 ${text}\r\n${close}\r\n${text}\n`);
    };
    let end = -1;
    for (let looked = 0; end < 0; looked = reader.bytes.length) {
      if (looked >= maxHeadBytes || !(await reader.has(looked + 1))) {
        answer(answers.head);
        return undefined;
      }
      end = reader.bytes.indexOf('\r\n\r\n', Math.max(0, looked - 3), 'latin1');
    }
    const head = reader.take(end + 4).toString('latin1');
    const target = /^(?<method>[A-Za-z]{1,20}) (?<target>[^ \r\n]{1,300}) HTTP\/1\.[01]\r\n/.exec(head)?.groups;
    const place = target?.['method'] === 'CONNECT' ? authorityOf(target['target'] ?? '') : undefined;
    if (place === undefined) {
      answer(target === undefined || target['method'] === 'CONNECT' ? answers.head : answers.method);
      return undefined;
    }
    return {
      ...place,
      accept: () => void socket.write('HTTP/1.1 200 Connection established\r\n\r\n'),
      refuse: (reason) => answer(answers[reason]),
    };
  },
};

/** `name:port`, `address:port`, `[address]:port`. */
function authorityOf(text: string): { host: string; port: number } | undefined {
  const groups = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[^:[\]]+)):(?<port>\d{1,5})$/i.exec(text)?.groups;
  const name = groups?.['v6'] ?? groups?.['name'] ?? '';
  const host = canonicalIp(name) ?? (isName(name) ? name : undefined);
  const port = Number(groups?.['port']);
  return host === undefined || !isPort(port) ? undefined : { host, port };
}
