import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from './deliver.ts';
import { emailReceiver, mailText, transportOptions } from './email.ts';
import type { Message } from './message.ts';
import { DeliveryQueue } from './queue.ts';

const message = (text: string, severity: Message['severity'] = 'high'): Message =>
  ({ id: text, type: 'alert', time: 1_700_000_000_000_000, host: 'web01', severity, text }) as Message;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-mail-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As much of a mail server as RFC 5321 asks for one mail; refuses the first `refusals` of them for now. */
async function mailServer(
  refusals: number,
): Promise<{ readonly server: Server; readonly port: number; mails: string[] }> {
  const mails: string[] = [];
  let refused = 0;
  const server = createServer((socket) => {
    let [isData, text] = [false, ''];
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('data', (part) => {
      text += part.toString('utf8');
      for (
        let end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        end >= 0;
        end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n')
      ) {
        const unit = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) {
          mails.push(unit);
          isData = false;
          socket.write('250 kept\r\n');
        } else if (unit.startsWith('MAIL') && refused++ < refusals) socket.write('451 later\r\n');
        else if (unit.startsWith('DATA')) {
          isData = true;
          socket.write('354 go on\r\n');
        } else socket.write(unit.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port, mails };
}

describe('mail', () => {
  it('tells the first message at once and what came meanwhile in one digest, also when the server was away', async () => {
    const { server, port, mails } = await mailServer(1);
    const queue = new DeliveryQueue(folder, 'q');
    const stop = new AbortController();
    const troubles: string[] = [];
    const receiver = emailReceiver({
      server: `smtp://127.0.0.1:${port}`,
      from: 'vakthund@web01.example',
      to: ['soc@example.org', 'night@example.org'],
      everyMs: 300,
    });
    queue.add(JSON.stringify(message('first')));
    const ended = deliver(queue, receiver, stop.signal, (text) => troubles.push(text));
    while (mails.length === 0) await new Promise((done) => setTimeout(done, 20));
    for (const text of ['second', 'third', 'fourth']) queue.add(JSON.stringify(message(text)));
    while (queue.waitingBytes > 0) await new Promise((done) => setTimeout(done, 20));
    stop.abort();
    await ended;
    await new Promise((done) => server.close(done));
    expect(troubles).toEqual([expect.stringContaining('451')]);
    expect(mails).toHaveLength(2);
    expect(mails[0]).toContain('Subject: [vakthund web01] high: first');
    expect(mails[0]).toContain('To: soc@example.org, night@example.org');
    expect(mails[1]).toContain('Subject: [vakthund web01] 3 messages, the worst is high');
    expect(mails[1]).toMatch(/second[\s\S]*third[\s\S]*fourth/);
  });

  it('demands encryption beyond loopback, and no password on the command line', () => {
    expect(transportOptions({ server: 'smtp://u@mail.example', password: 'p' })).toMatchObject({
      port: 587,
      secure: false,
      requireTLS: true,
      auth: { user: 'u', pass: 'p' },
    });
    expect(transportOptions({ server: 'smtps://mail.example' })).toMatchObject({ port: 465, secure: true });
    expect(transportOptions({ server: 'smtp://127.0.0.1:25' })).toMatchObject({ requireTLS: false });
    expect(() => transportOptions({ server: 'smtp://u:secret@mail.example' })).toThrow('everybody');
    expect(() => transportOptions({ server: 'http://mail.example' })).toThrow('no smtp');
    expect(() => emailReceiver({ server: 'smtps://m', from: 'a@b', to: ['x@y\r\nBcc: z@z'], everyMs: 1 })).toThrow(
      'no e-mail address',
    );
  });

  it('has one line a message, whatever stands in the evidence', () => {
    const { subject, text } = mailText([message('cat\r\nBcc: a@b.example\u2028\u202E')]);
    expect(subject).toBe('[vakthund web01] high: cat  Bcc: a@b.example  ');
    expect(text.split('\n')[0]).toBe('2023-11-14T22:13:20.000000Z  high      cat  Bcc: a@b.example  ');
  });
});
