import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { closed } from '../../../tests/support/proxy-clients.ts';
import { OwnWays } from './own-ways.ts';

const opened: { destroy(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.destroy();
});

/** Both ends of a connection, as when a firewall turns what the proxy sends elsewhere to the proxy. */
async function turned(): Promise<{ readonly going: Socket; readonly came: Socket }> {
  const server = createServer();
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
  const accepted = new Promise<Socket>((done) => server.once('connection', done));
  const going = connect(port, '127.0.0.1');
  const connected = new Promise((done) => going.once('connect', done));
  const came = await accepted;
  await connected;
  server.close();
  opened.push(going, came);
  return { going, came };
}

/** Where it was going before it was turned. */
function asked({ remoteAddress = '', remotePort = 0 }: Socket): { readonly host: string; readonly port: number } {
  return { host: remoteAddress, port: remotePort };
}

describe('a connection that a firewall turns back to the proxy', () => {
  test('is known when its client is told first', async () => {
    const { going, came } = await turned();
    const ways = new OwnWays();
    expect(ways.turned(came, asked(going))).toBe(true);
    expect(ways.leadsBack(going)).toBe(true);
    expect(came.destroyed).toBe(true);
  });

  test('is known when its client is told last, and forgotten when it is over', async () => {
    const { going, came } = await turned();
    const ways = new OwnWays();
    expect(ways.leadsBack(going)).toBe(false);
    expect(ways.turned(came, asked(going))).toBe(false);
    const target = asked(going);
    const gone = closed(going);
    going.destroy();
    await gone;
    expect(ways.turned(came, target)).toBe(true);
  });

  test('is not one from the same end to elsewhere', async () => {
    const { going, came } = await turned();
    const ways = new OwnWays();
    const { host, port } = asked(going);
    expect(ways.turned(came, { host, port: port + 1 })).toBe(true);
    expect(ways.leadsBack(going)).toBe(false);
    expect(came.destroyed).toBe(false);
  });

  test('is one to a port of its own on the same machine', async () => {
    const { going } = await turned();
    const ways = new OwnWays();
    ways.listensOn(going.remotePort ?? 0);
    expect(ways.leadsBack(going)).toBe(true);
  });
});
