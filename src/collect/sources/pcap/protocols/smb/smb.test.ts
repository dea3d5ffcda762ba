import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSteps, runConnection, type Outcome, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

interface MessageFacts {
  /** Offset of the next message of a compound. */
  readonly next?: number;
  readonly command: number;
  readonly id: number;
  readonly isResponse?: boolean;
  readonly status?: number;
  readonly tree?: number;
}

function message(
  { command, id, isResponse = false, status = 0, tree = 0, next = 0 }: MessageFacts,
  body: Uint8Array,
): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0xfe534d42, 0);
  header.writeUInt16LE(64, 4);
  header.writeUInt32LE(status, 8);
  header.writeUInt16LE(command, 12);
  header.writeUInt32LE(isResponse ? 1 : 0, 16);
  header.writeUInt32LE(next, 20);
  header.writeBigUInt64LE(BigInt(id), 24);
  header.writeUInt32LE(tree, 36);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(64 + body.length);
  return Buffer.concat([length, header, body]);
}

/** A body of `size` bytes with numbers at places, and what follows. */
function body(
  size: number,
  numbers: Readonly<Record<number, readonly [value: number, bytes: number]>>,
  rest: Uint8Array = Buffer.alloc(0),
): Buffer {
  const bytes = Buffer.alloc(size);
  for (const [at, [value, count]] of Object.entries(numbers)) bytes.writeUIntLE(value, Number(at), count);
  return Buffer.concat([bytes, rest]);
}

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const content = Buffer.alloc(20_000, 'abcdefgh');
const path = wide('\\\\srv\\share');
const name = wide('dir\\a.txt');

const client = (bytes: Uint8Array): Step => ({ from: 'client', bytes });
const server = (bytes: Uint8Array): Step => ({ from: 'server', bytes });
const steps: readonly Step[] = [
  client(message({ command: 0, id: 0 }, body(36, {}))),
  server(message({ command: 0, id: 0, isResponse: true }, body(64, { 4: [0x0311, 2] }))),
  client(message({ command: 3, id: 1 }, body(8, { 4: [72, 2], 6: [path.length, 2] }, path))),
  server(message({ command: 3, id: 1, isResponse: true, tree: 9 }, body(16, { 2: [1, 1] }))),
  client(message({ command: 5, id: 2, tree: 9 }, body(56, { 36: [1, 4], 44: [120, 2], 46: [name.length, 2] }, name))),
  server(
    message({ command: 5, id: 2, isResponse: true, tree: 9 }, body(88, { 4: [1, 4], 48: [20_000, 6], 64: [7, 4] })),
  ),
  client(message({ command: 8, id: 3 }, body(48, { 4: [20_000, 4], 16: [7, 4] }))),
  server(message({ command: 8, id: 3, isResponse: true, status: 0x103 }, body(8, {}))),
  server(message({ command: 8, id: 3, isResponse: true }, body(16, { 2: [80, 1], 4: [20_000, 4] }, content))),
  client(message({ command: 9, id: 4 }, body(48, { 2: [112, 2], 4: [5, 4], 16: [7, 4] }, Buffer.from('write')))),
  client(message({ command: 6, id: 5 }, body(24, { 8: [7, 4] }))),
];
const run = (all: readonly Step[]): Outcome => runConnection(analyzer, all, { destinationPort: 445 });
const fieldsOf = ({ events }: Outcome): unknown[] =>
  events.map((event) => JSON.parse(String(event['fields'])) as unknown);

test('shows shares and files, and hands on what is read and written', () => {
  const outcome = run(steps);
  expect(outcome.services).toEqual(['default']);
  expect(outcome.events.map((event) => event['log_name'])).toEqual(['smb_mapping', 'smb_files']);
  expect(fieldsOf(outcome)).toEqual([
    { path: String.raw`\\srv\share`, share_type: 'DISK', dialect: '3.1.1' },
    {
      action: 'SMB::FILE_OPEN',
      outcome: 'opened',
      is_folder: false,
      path: String.raw`\\srv\share`,
      name: String.raw`dir\a.txt`,
      size: 20_000,
      disposition: 1,
    },
  ]);
  expect(outcome.files.map(({ facts, content: text, isEnded }) => [facts.isOrig, text.length, isEnded])).toEqual([
    [false, 20_000, true],
    [true, 5, true],
  ]);
  expect(outcome.files[0]?.content).toBe(content.toString('latin1'));
});

test('is read the same however the segments are cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 9000 }), (size) => {
      const { files } = run(cutSteps(steps, size));
      expect(files[0]?.content).toBe(content.toString('latin1'));
      expect(files[1]?.content).toBe('write');
    }),
    { numRuns: 40 },
  );
});

test('reading goes on with the next message behind a hole, wherever its pieces are cut', () => {
  const read = message({ command: 8, id: 3, isResponse: true }, body(16, { 2: [80, 1], 4: [20_000, 4] }, content));
  const second = message({ command: 5, id: 8, tree: 9 }, body(56, { 44: [120, 2], 46: [name.length, 2] }, name));
  const opened = message({ command: 5, id: 8, isResponse: true, tree: 9 }, body(88, { 48: [3, 6], 64: [8, 4] }));
  for (const size of [1, 7, 500]) {
    const { events, files, problems } = run([
      ...steps.slice(0, 7),
      server(read.subarray(0, 10_000)),
      { from: 'server', missing: read.length - 10_000 + 30 },
      client(second),
      ...cutSteps([server(Buffer.concat([Buffer.from('end of a lost one SMB'), opened]))], size),
    ]);
    expect(files[0]).toMatchObject({ missing: read.length - 10_000 });
    expect(problems).toHaveLength(1);
    const sizes = events
      .filter(({ log_name: log }) => log === 'smb_files')
      .map(({ fields }) => JSON.parse(String(fields)) as { size: number });
    expect(sizes.map(({ size: bytes }) => bytes)).toEqual([20_000, 3]);
  }
});

test('missing bytes inside a read count, elsewhere they are told', () => {
  const read = message({ command: 8, id: 3, isResponse: true }, body(16, { 2: [80, 1], 4: [20_000, 4] }, content));
  const lossy = [
    ...steps.slice(0, 8),
    server(read.subarray(0, 10_000)),
    { from: 'server', missing: read.length - 10_000 } as const,
  ];
  expect(run(lossy).files[0]).toMatchObject({ missing: read.length - 10_000 });
  expect(run([...steps.slice(0, 2), { from: 'server', missing: 9 }]).problems).toHaveLength(1);
});

test('tells who logs in by NTLM', () => {
  const texts = [wide('DOM'), wide('ann'), wide('PC')];
  const token = Buffer.alloc(64);
  token.write('NTLMSSP\0', 'latin1');
  token.writeUInt32LE(3, 8);
  let offset = 64;
  for (const [index, text] of texts.entries()) {
    token.writeUInt16LE(text.length, 28 + index * 8);
    token.writeUInt32LE(offset, 32 + index * 8);
    offset += text.length;
  }
  const blob = Buffer.concat([token, ...texts]);
  const login = [
    client(message({ command: 1, id: 1 }, body(24, {}, blob))),
    server(message({ command: 1, id: 1, isResponse: true, status: 0xc000006d }, body(8, {}))),
  ];
  const outcome = run(login);
  expect(outcome.services).toEqual(['default', 'ntlm']);
  expect(outcome.events[0]).toMatchObject({ log_name: 'ntlm', user_name: 'ann' });
  expect(fieldsOf(outcome)[0]).toEqual({ domainname: 'DOM', username: 'ann', hostname: 'PC', success: false });
});

test('hands what runs in a pipe to DCE/RPC, and shows no file for it', () => {
  const pipe = wide('svcctl');
  const call = Buffer.from('call');
  const transceive = 0x11c017;
  const outcome = run([
    client(message({ command: 3, id: 1 }, body(8, { 4: [72, 2], 6: [path.length, 2] }, path))),
    server(message({ command: 3, id: 1, isResponse: true, tree: 9 }, body(16, { 2: [2, 1] }))),
    client(message({ command: 5, id: 2, tree: 9 }, body(56, { 44: [120, 2], 46: [pipe.length, 2] }, pipe))),
    server(message({ command: 5, id: 2, isResponse: true, tree: 9 }, body(88, { 4: [1, 4], 64: [7, 4] }))),
    client(message({ command: 9, id: 3 }, body(48, { 2: [112, 2], 4: [4, 4], 16: [7, 4] }, Buffer.from('bind')))),
    client(
      message({ command: 11, id: 4 }, body(56, { 4: [transceive, 4], 8: [7, 4], 24: [120, 4], 28: [4, 4] }, call)),
    ),
    server(
      message(
        { command: 11, id: 4, isResponse: true },
        body(48, { 4: [transceive, 4], 8: [7, 4], 32: [112, 4], 36: [6, 4] }, Buffer.from('answer')),
      ),
    ),
  ]);
  expect(outcome.inner).toEqual([{ protocol: 'dce-rpc', fed: ['client: bind', 'client: call', 'server: answer'] }]);
  expect(outcome.events.map((event) => event['log_name'])).toEqual(['smb_mapping']);
  expect(outcome.files).toEqual([]);
});

describe('files that are renamed and deleted', () => {
  const opening = steps.slice(0, 6);
  const newName = wide('dir\\a.exe');
  const setInfo = (id: number, type: number, info: Uint8Array): Step =>
    client(
      message(
        { command: 17, id },
        body(32, { 2: [1, 1], 3: [type, 1], 4: [info.length, 4], 8: [96, 2], 16: [7, 4] }, info),
      ),
    );
  const done = (command: number, id: number, status = 0): Step =>
    server(message({ command, id, isResponse: true, status }, body(2, {})));
  const changes = (outcome: Outcome): unknown[] =>
    fieldsOf(outcome).filter((fields) => (fields as { action?: string }).action?.endsWith('OPEN') === false);
  const path = String.raw`\\srv\share`;

  test('are told with both names, once it was granted', () => {
    const rename = body(20, { 16: [newName.length, 4] }, newName);
    const outcome = run([
      ...opening,
      setInfo(10, 10, rename),
      done(17, 10),
      setInfo(11, 10, rename),
      done(17, 11, 0xc000_0022),
      setInfo(12, 13, Buffer.from([1])),
      done(17, 12),
      setInfo(13, 4, Buffer.alloc(40, 1)),
      done(17, 13),
    ]);
    expect(changes(outcome)).toEqual([
      {
        action: 'SMB::FILE_RENAME',
        is_folder: false,
        path,
        name: String.raw`dir\a.exe`,
        size: 20_000,
        prev_name: String.raw`dir\a.txt`,
      },
      { action: 'SMB::FILE_DELETE', is_folder: false, path, name: String.raw`dir\a.exe`, size: 20_000 },
    ]);
  });

  test('are told when they are opened to be deleted', () => {
    const create = message(
      { command: 5, id: 2, tree: 9 },
      body(56, { 36: [1, 4], 40: [0x1000, 4], 44: [120, 2], 46: [name.length, 2] }, name),
    );
    const outcome = run([...steps.slice(0, 4), client(create), ...steps.slice(5, 6)]);
    expect(changes(outcome)).toMatchObject([{ action: 'SMB::FILE_DELETE', name: String.raw`dir\a.txt` }]);
  });
});

/** Messages of a compound in one frame. */
function chain(...all: readonly (readonly [MessageFacts, Buffer])[]): Buffer {
  const parts = all.map(([facts, content], index) => {
    const padded = Buffer.concat([content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
    const next = index === all.length - 1 ? 0 : 64 + padded.length;
    return message({ ...facts, next }, padded).subarray(4);
  });
  const frame = Buffer.concat([Buffer.alloc(4), ...parts]);
  frame.writeUInt32BE(frame.length - 4, 0);
  return frame;
}

test('the file of a compound is the one that it opens, in one frame of answers or several', () => {
  const related = Buffer.alloc(16, 0xff);
  const open = [{ command: 5, id: 20, tree: 9 }, body(56, { 44: [120, 2], 46: [name.length, 2] }, name)] as const;
  const read = [{ command: 8, id: 21 }, Buffer.concat([body(16, { 4: [4, 4] }), related, Buffer.alloc(16)])] as const;
  const close = [{ command: 6, id: 22 }, Buffer.concat([body(8, {}), related])] as const;
  const answers = [
    [{ command: 5, id: 20, isResponse: true, tree: 9 }, body(88, { 48: [4, 6], 64: [9, 4] })],
    [{ command: 8, id: 21, isResponse: true }, body(16, { 2: [80, 1], 4: [4, 4] }, Buffer.from('read'))],
    [{ command: 6, id: 22, isResponse: true }, body(60, {})],
  ] as const;
  for (const answer of [[server(chain(...answers))], answers.map((one) => server(chain(one)))]) {
    const { files } = run([...steps.slice(0, 4), client(chain(open, read, close)), ...answer]);
    expect(files).toMatchObject([{ content: 'read', isEnded: true }]);
  }
});

test('tells once that messages are encrypted', () => {
  const encrypted = Buffer.concat([Buffer.from('00000064fd534d42', 'hex'), Buffer.alloc(96, 7)]);
  const { problems, services } = run([...steps.slice(0, 2), client(encrypted), server(encrypted)]);
  expect(problems).toHaveLength(1);
  expect(services).toEqual(['default']);
});

test('bytes that are no SMB are a violation', () => {
  expect(run([client(Buffer.from('GET / HTTP/1.1\r\n\r\n'))]).violations).toEqual(['no SMB message']);
});

test('ends on any damage', () => {
  const whole = Buffer.concat(
    steps.map((step) => ('bytes' in step ? Buffer.from(step.bytes as Uint8Array) : Buffer.alloc(0))),
  );
  const edit = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of edits) bytes[at] = value;
      const { files } = run([client(bytes), server(bytes)]);
      expect(files.every(({ isEnded }) => isEnded)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
