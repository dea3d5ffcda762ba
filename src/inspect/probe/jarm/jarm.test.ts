import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { answerText, noAnswer, readAnswer } from './answer.ts';
import { allCiphers, cipherNumber, oldCiphers, ordered } from './ciphers.ts';
import { jarmHash } from './hash.ts';
import { clientHello, probes, type Chance } from './probes.ts';
import { scanTarget } from './scan.ts';

const fixed: Chance = { bytes: (count) => Buffer.alloc(count, 0xee), grease: () => '0a0a' };

describe('the ten hellos', () => {
  it('are whole records with the name, ciphers in their orders, and GREASE where it belongs', () => {
    const hellos = probes.map((probe) => clientHello(probe, 'www.example.org', fixed));
    for (const hello of hellos) {
      expect(hello[0]).toBe(22);
      expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
      expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
      expect(hello.includes('www.example.org')).toBe(true);
    }
    expect(new Set(hellos.map((hello) => hello.toString('hex'))).size).toBe(10);
    expect(hellos.map((hello) => hello.includes(Buffer.from('0a0a', 'hex')))).toEqual(
      probes.map(({ hasGrease }) => hasGrease),
    );
    expect(allCiphers).toHaveLength(69);
    expect(oldCiphers).toHaveLength(64);
  });

  it('order lists as named', () => {
    expect(ordered([1, 2, 3, 4, 5], 'middle-out')).toEqual([3, 4, 2, 5, 1]);
    expect(ordered([1, 2, 3, 4], 'middle-out')).toEqual([3, 2, 4, 1]);
    expect(ordered([1, 2, 3, 4, 5], 'top-half')).toEqual([3, 2, 1]);
    expect(ordered([1, 2, 3, 4, 5], 'bottom-half')).toEqual([4, 5]);
  });
});

describe('an answer', () => {
  it('is read to the last extension, and never past what came', () => {
    const hello = Buffer.from(
      `160303004a0200004603${'03'}${'ab'.repeat(32)}00c02f00001eff01000100000b000403000102001000050003026832${'00170000'}00230000`,
      'hex',
    );
    expect(answerText(readAnswer(hello))).toBe('c02f|0303|h2|ff01-000b-0010-0017-0023');
    expect(readAnswer(Buffer.from('15030300020228', 'hex'))).toEqual(noAnswer);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(hello.length), (noise, at) => {
        const bytes = Buffer.concat([hello.subarray(0, at), noise]);
        expect(answerText(readAnswer(bytes)).split('|').length).toBeGreaterThanOrEqual(4);
      }),
    );
  });

  it('gives a hash of 62 characters; zeros without any', () => {
    expect(jarmHash(Array.from({ length: 10 }, () => noAnswer))).toBe('0'.repeat(62));
    expect([cipherNumber(''), cipherNumber('0004'), cipherNumber('1301'), cipherNumber('ffff')]).toEqual([
      '00',
      '01',
      '41',
      '46',
    ]);
  });
});

describe('a scan', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());
  const options = { timeoutMs: 500, pauseMs: 0 };

  async function listen(onBytes: Buffer | undefined): Promise<number> {
    const made = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => (onBytes === undefined ? undefined : socket.end(onBytes)));
    });
    server = made;
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
    return (made.address() as AddressInfo).port;
  }

  it('says that a server does not speak TLS by zeros, and why one was not reached', async () => {
    const port = await listen(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await scanTarget({ host: '127.0.0.1', port }, options)).toMatchObject({ jarm: '0'.repeat(62) });
    server?.close();
    await new Promise((done) => setTimeout(done, 20));
    expect(await scanTarget({ host: '127.0.0.1', port }, options)).toMatchObject({ fault: 'ECONNREFUSED' });
  });

  it('does not wait longer than told', async () => {
    const port = await listen(undefined);
    const result = await scanTarget({ host: '127.0.0.1', port }, { timeoutMs: 30, pauseMs: 0 });
    expect(result).toMatchObject({ jarm: '0'.repeat(62), fault: 'ETIMEDOUT' });
  });

  it('asks a server three times that lets everybody wait, not ten times', async () => {
    let asked = 0;
    const port = await listen(undefined);
    server?.on('connection', () => asked++);
    const result = await scanTarget({ host: '127.0.0.1', port }, { timeoutMs: 30, pauseMs: 0 });
    expect(result.raw.split(',')).toHaveLength(10);
    expect(asked).toBe(3);
  });
});
