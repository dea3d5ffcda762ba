import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { StoredBook } from './read-store.ts';
import { storePath, updateStore, type UpdateOptions } from './update-store.ts';

let folder = '';
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-store-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await new Promise<void>((resolve) => {
    if (server === undefined) resolve();
    else server.close(() => resolve());
  });
  server = undefined;
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(handler);
  await new Promise<void>((resolve) => {
    server?.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function record(number: number): string {
  return JSON.stringify({
    schema_version: '1.6.0',
    id: `GHSA-${number}`,
    affected: [
      {
        package: { ecosystem: 'npm', name: `package-${number % 700}` },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
      },
    ],
  });
}

function options(from: readonly string[]): UpdateOptions {
  const now = (): Date => new Date('2026-11-26T00:00:00Z');
  return {
    folder: join(folder, 'store'),
    from,
    signal: new AbortController().signal,
    now,
    onProgress: () => undefined,
  };
}

describe('the advisory store', () => {
  it('finds every package that was put in, and no other', async () => {
    writeFileSync(join(folder, 'all.ndjson'), Array.from({ length: 3000 }, (_none, index) => record(index)).join('\n'));
    await updateStore(options([join(folder, 'all.ndjson')]));
    const book = new StoredBook(storePath(join(folder, 'store')));
    for (let index = 0; index < 700; index++) {
      const ids = book.find('npm', `package-${index}`).map(({ id }) => id);
      expect(ids).toEqual(
        [0, 1, 2, 3, 4]
          .map((round) => round * 700 + index)
          .filter((number) => number < 3000)
          .map((number) => `GHSA-${number}`),
      );
    }
    expect(book.find('npm', 'package-700')).toEqual([]);
    expect(book.find('pypi', 'package-1')).toEqual([]);
    expect([...book.streams]).toEqual([['npm', 3000]]);
    book.close();
  });

  it('keeps context, tells where it is from, and leaves nothing but itself', async () => {
    mkdirSync(join(folder, 'feeds'));
    writeFileSync(
      join(folder, 'feeds/kev.json'),
      '{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10"}]}',
    );
    writeFileSync(join(folder, 'feeds/epss.csv.gz'), gzipSync('cve,epss,percentile\nCVE-2021-44228,0.97,0.999\n'));
    writeFileSync(join(folder, 'feeds/security-support-ended.deb12'), 'dnsdist 1 2025-10-01 x\n');
    const { info } = await updateStore(options([join(folder, 'feeds')]));
    expect(info).toMatchObject({
      builtAt: '2026-11-26T00:00:00.000Z',
      has: { exploited: true, epss: true, releaseEnds: false },
      sources: [
        {
          from: join(folder, 'feeds'),
          formats: ['debian-support', 'epss', 'kev'],
          counts: { exploited: 1, epss: 1, support: 1 },
        },
      ],
    });
    const book = new StoredBook(storePath(join(folder, 'store')));
    expect(book.context('CVE-2021-44228')).toEqual({ epss: 0.97, exploitedSince: '2021-12-10' });
    expect(book.context('CVE-1')).toEqual({});
    expect(book.supportLimits()).toMatchObject([{ package: 'dnsdist', release: '12' }]);
    book.close();
    expect(readdirSync(join(folder, 'store'))).toEqual(['advisories.vkadv']);
  });

  it('stays as it was when nothing can be read, and is refused when it was cut', async () => {
    writeFileSync(join(folder, 'one.json'), record(1));
    await updateStore(options([join(folder, 'one.json')]));
    const { info, problems } = await updateStore(options([join(folder, 'nowhere')]));
    expect(info).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'unreadable' }]);
    const path = storePath(join(folder, 'store'));
    const book = new StoredBook(path);
    expect(book.find('npm', 'package-1')).toHaveLength(1);
    book.close();
    truncateSync(path, 40);
    expect(() => new StoredBook(path)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }) as Error);
    expect(() => new StoredBook(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
  });

  it('clears away what a killed run left, and stops when it is told to', async () => {
    const leftover = join(folder, 'store/advisories.vkadv.x.building');
    mkdirSync(leftover, { recursive: true });
    utimesSync(leftover, new Date('2026-11-01'), new Date('2026-11-01'));
    writeFileSync(join(folder, 'all.ndjson'), Array.from({ length: 2000 }, (_none, index) => record(index)).join('\n'));
    await updateStore(options([join(folder, 'all.ndjson')]));
    expect(readdirSync(join(folder, 'store'))).toEqual(['advisories.vkadv']);
    const aborted = { ...options([join(folder, 'all.ndjson')]), signal: AbortSignal.abort() };
    await expect(updateStore(aborted)).rejects.toThrow(/abort/i);
    expect(readdirSync(join(folder, 'store'))).toEqual(['advisories.vkadv']);
  });
});

describe('downloads', () => {
  const content = Buffer.from(record(1).repeat(50));
  const signal = new AbortController().signal;
  const get = (url: string): ReturnType<typeof download> =>
    download(url, {
      folder: join(folder, 'downloads'),
      signal,
      now: () => new Date('2026-11-26T00:00:00Z'),
      onProgress: () => undefined,
    });

  it('ask only once for what has not changed', async () => {
    let sent = 0;
    const url = await serve((request, response) => {
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end(content, () => sent++);
    });
    const first = await get(`${url}/all.zip`);
    const second = await get(`${url}/all.zip`);
    expect([first.isUnchanged, second.isUnchanged, second.sha256 === first.sha256, sent]).toEqual([
      false,
      true,
      true,
      1,
    ]);
  });

  it('go on where they were cut, of the same file only', async () => {
    const ranges: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      const { range } = request.headers;
      ranges.push(range);
      if (ranges.length === 1) {
        response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
        response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
        return;
      }
      const start = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
      expect(request.headers['if-range']).toBe('"v1"');
      response.writeHead(206, { etag: '"v1"' }).end(content.subarray(start));
    });
    await expect(get(`${url}/all.zip`)).rejects.toThrow(/terminated|aborted|other side closed/);
    const whole = await get(`${url}/all.zip`);
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
    expect(whole.bytes).toBe(content.length);
  });

  it('begin again where a mirror answers with another part than was asked for', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      if (asked === 1) {
        response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
        response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
      } else if (asked === 2) {
        const range = `bytes 500-${content.length - 1}/${content.length}`;
        response.writeHead(206, { etag: '"v1"', 'content-range': range }).end(content.subarray(500));
      } else response.writeHead(200, { etag: '"v1"' }).end(content);
    });
    await expect(get(`${url}/all.zip`)).rejects.toThrow(/terminated|aborted|other side closed/);
    expect((await get(`${url}/all.zip`)).bytes).toBe(content.length);
    expect(asked).toBe(3);
  });

  it('end where a mirror refuses every part, one that was not asked for too', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(416).end();
    });
    await expect(get(`${url}/all.zip`)).rejects.toThrow('416');
    expect(asked).toBe(1);
  });

  it.each([
    ['file:///etc/passwd', 'file: is not fetched'],
    ['http://169.254.169.254/latest/meta-data/', 'an address of this machine or its link'],
    ['http://[::1]:1/', 'an address of this machine or its link'],
    ['http://localhost:1/', 'an address of this machine or its link'],
  ])('are not led to %s', async (location, why) => {
    const url = await serve((_request, response) => void response.writeHead(302, { location }).end());
    await expect(get(`${url}/all.zip`)).rejects.toThrow(why);
  });

  it('follow some redirects, and come as they are stored', async () => {
    const url = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      if (request.url === '/all.zip') response.writeHead(302, { location: '/real.zip' }).end();
      else if (request.url === '/real.zip') response.writeHead(200).end(content);
      else response.writeHead(307, { location: '/again.zip' }).end();
    });
    expect((await get(`${url}/all.zip`)).bytes).toBe(content.length);
    await expect(get(`${url}/again.zip`)).rejects.toThrow('leads on more than 5 times');
  });

  it('that were cut say what is kept', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
      response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
    });
    const { info, problems } = await updateStore(options([`${url}/one.json`]));
    expect(info).toBeUndefined();
    expect(problems[0]?.message).toMatch(/1 kB of it are kept, and the next update goes on behind them$/);
  });

  it('are used only when they have the digest that was asked for', async () => {
    const hex = createHash('sha256').update(record(7)).digest('hex');
    const url = await serve((_request, response) => void response.writeHead(200).end(record(7)));
    expect((await updateStore(options([`${url}/one.json#sha256=${hex}`]))).info?.streams).toEqual({ npm: 1 });
    const wrong = await updateStore(options([`${url}/one.json#sha256=${'0'.repeat(64)}`]));
    expect(wrong.info).toBeUndefined();
    expect(wrong.problems).toMatchObject([{ code: 'checksum-mismatch', at: { path: `${url}/one.json` } }]);
    const missing = await updateStore(options([`/nowhere.json#sha256=${hex}`]));
    expect(missing.problems).toMatchObject([{ code: 'unreadable', at: { path: '/nowhere.json' } }]);
  });

  it('begin again where the file was changed between two parts, though the server joins them', async () => {
    const newer = Buffer.from(record(2).repeat(60));
    const ranges: (string | undefined)[] = [];
    const url = await serve(({ headers: { range } }, response) => {
      ranges.push(range);
      if (ranges.length === 1) {
        response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
        response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
      } else if (range === undefined) response.writeHead(200, { etag: '"v2"' }).end(newer);
      else {
        const told = `bytes 1000-${newer.length - 1}/${newer.length}`;
        response.writeHead(206, { etag: '"v2"', 'content-range': told }).end(newer.subarray(1000));
      }
    });
    await expect(get(`${url}/all.zip`)).rejects.toThrow(/terminated|aborted|other side closed/);
    const whole = await get(`${url}/all.zip`);
    expect(ranges).toEqual([undefined, 'bytes=1000-', undefined]);
    expect(whole).toMatchObject({ etag: '"v2"', sha256: createHash('sha256').update(newer).digest('hex') });
  });

  it('are not whole while the server gives only some of the rest', async () => {
    let asked = 0;
    const url = await serve(({ headers: { range } }, response) => {
      asked++;
      const start = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
      if (range === undefined) {
        response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
        response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
        return;
      }
      const end = asked === 2 ? start + 100 : content.length;
      const told = `bytes ${start}-${end - 1}/${content.length}`;
      response.writeHead(206, { etag: '"v1"', 'content-range': told }).end(content.subarray(start, end));
    });
    await expect(get(`${url}/all.zip`)).rejects.toThrow(/terminated|aborted|other side closed/);
    await expect(get(`${url}/all.zip`)).rejects.toThrow(`gave 1100 bytes of ${content.length}`);
    expect((await get(`${url}/all.zip`)).bytes).toBe(content.length);
  });

  it.each([
    [
      'a page',
      '<!DOCTYPE html><html><head><title>Log in</title>',
      'it is a web page, called "Log in"; it was not used',
    ],
    ['an error', '{"error":"slow down"}', 'it begins with "{\\"error\\":\\"slow down\\"}", and holds no advisories'],
    ['nothing', '', 'it is empty; it was not used'],
    ['what has not the digest', record(8), 'it should have the SHA-256'],
  ])('of %s with 200 do not take the place of what was fetched before', async (_what, text, why) => {
    let answer = record(7);
    const url = await serve(
      ({ url: path }, response) => void response.writeHead(200).end(path === '/a.json' ? answer : record(9)),
    );
    const digest = why.includes('SHA-256') ? `#sha256=${createHash('sha256').update(answer).digest('hex')}` : '';
    const all = [`${url}/a.json${digest}`, `${url}/b.json`];
    await updateStore(options(all));
    answer = text;
    for (let again = 0; again < 2; again++) {
      const { info, problems } = await updateStore(options(all));
      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).toContain(why);
      expect(info?.sources.map(({ from }) => from)).toEqual([`${url}/a.json`, `${url}/b.json`]);
      expect(info?.streams).toEqual({ npm: 2 });
    }
    expect(readdirSync(join(folder, 'store/downloads')).filter((name) => !/\.json(?:\.json)?$/.test(name))).toEqual([]);
  });

  it('that may be cut, because no length was told, are used only when they can be read to the end', async () => {
    const whole = Buffer.from(Array.from({ length: 200 }, (_none, index) => record(index)).join('\n'));
    let bytes = whole;
    const url = await serve(({ socket }, response) => {
      // The end of the connection is the end of the file, as HTTP/1.0 has it.
      response.detachSocket(socket);
      socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'), bytes]));
    });
    await updateStore(options([`${url}/all.ndjson`]));
    bytes = whole.subarray(0, whole.length - 40);
    const { info, problems } = await updateStore(options([`${url}/all.ndjson`]));
    expect(problems[0]?.message).toContain('it may be cut');
    expect(info?.streams).toEqual({ npm: 200 });
  });

  it('that no server answers say why', async () => {
    const url = await serve(() => undefined);
    server?.close();
    server = undefined;
    const { problems } = await updateStore(options([`${url}/one.json`]));
    expect(problems[0]?.message).toMatch(/ECONNREFUSED|bad port|refused/);
  });

  it('say what the store before had and the new one has not', async () => {
    writeFileSync(join(folder, 'npm.json'), record(1));
    writeFileSync(join(folder, 'pypi.json'), record(2).replace('"npm"', '"PyPI"'));
    await updateStore(options([join(folder, 'npm.json'), join(folder, 'pypi.json')]));
    const { problems } = await updateStore(options([join(folder, 'npm.json')]));
    expect(problems).toMatchObject([{ code: 'partly-seen', message: expect.stringContaining('has not: pypi (1)') }]);
    expect((await updateStore(options([join(folder, 'npm.json')]))).problems).toEqual([]);
  });

  it('that fail leave the file of the last time in use', async () => {
    let isUp = true;
    const url = await serve((_request, response) => {
      if (isUp) response.writeHead(200, { etag: '"v1"' }).end(record(7));
      else response.writeHead(503).end();
    });
    await updateStore(options([`${url}/one.json`]));
    isUp = false;
    const { info, problems } = await updateStore(options([`${url}/one.json`]));
    expect(problems[0]?.message).toContain('503');
    expect(problems[0]?.message).toContain('what was fetched on 2026-11-26');
    expect(info?.streams).toEqual({ npm: 1 });
    expect(info?.sources[0]?.from).toBe(`${url}/one.json`);
  });
});
