import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSteps, runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

interface Facts {
  readonly command: number;
  readonly id: number;
  readonly isReply?: boolean;
  readonly status?: number;
  readonly tree?: number;
  /** Text in one byte a character. */
  readonly isNarrow?: boolean;
}

/** A message of one command: its words, and the bytes behind them. */
function message(
  { command, id, isReply = false, status = 0, tree = 0, isNarrow = false }: Facts,
  words: Buffer,
  bytes: Buffer,
): Buffer {
  const header = Buffer.alloc(33);
  header.writeUInt32BE(0xff534d42, 0);
  header[4] = command;
  header.writeUInt32LE(status, 5);
  header[9] = isReply ? 0x80 : 0;
  header.writeUInt16LE(isNarrow ? 0 : 0x8000, 10);
  header.writeUInt16LE(tree, 24);
  header.writeUInt16LE(77, 26);
  header.writeUInt16LE(id, 30);
  header[32] = words.length / 2;
  const count = Buffer.alloc(2);
  count.writeUInt16LE(bytes.length);
  const whole = Buffer.concat([header, words, count, bytes]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(whole.length);
  return Buffer.concat([length, whole]);
}

/** Words with numbers at places; the first says that no command follows. */
function words(
  count: number,
  numbers: Readonly<Record<number, readonly [value: number, bytes: number]>> = {},
  isChained = true,
): Buffer {
  const all = Buffer.alloc(2 * count);
  if (isChained) all[0] = 0xff;
  for (const [at, [value, size]] of Object.entries(numbers)) all.writeUIntLE(value, Number(at), size);
  return all;
}

const none = Buffer.alloc(0);
/** Text that begins at an even place of the message, behind `before`. */
const wide = (text: string, wordCount: number, before: readonly number[] = []): Buffer => {
  const start = 33 + 2 * wordCount + 2 + before.length;
  return Buffer.concat([Buffer.from(before), Buffer.alloc(start % 2), Buffer.from(`${text}\0`, 'utf16le')]);
};
const client = (facts: Facts, all: Buffer, bytes: Buffer): Step => ({
  from: 'client',
  bytes: message(facts, all, bytes),
});
const server = (facts: Facts, all: Buffer, bytes: Buffer): Step => ({
  from: 'server',
  bytes: message({ ...facts, isReply: true }, all, bytes),
});

const content = Buffer.from(Array.from({ length: 30_000 }, (_none, at) => (at * 7 + (at >> 8)) & 255));
const dataAt = (wordCount: number): number => 33 + 2 * wordCount + 2;

const read = (id: number, offset: number): Step =>
  client({ command: 0x2e, id, tree: 5 }, words(12, { 4: [9, 2], 6: [offset, 4], 10: [15_000, 2] }), none);
const answer = (id: number, offset: number): Step => {
  const all = words(12, { 10: [15_000, 2], 12: [dataAt(12), 2] });
  return server({ command: 0x2e, id, tree: 5 }, all, content.subarray(offset, offset + 15_000));
};

const steps: readonly Step[] = [
  client(
    { command: 0x75, id: 1 },
    words(4, { 6: [1, 2] }),
    Buffer.concat([wide('\\\\srv\\share', 4, [0]), Buffer.from('?????\0')]),
  ),
  server({ command: 0x75, id: 1, tree: 5 }, words(3), Buffer.from('A:\0NTFS\0')),
  client({ command: 0xa2, id: 2, tree: 5 }, words(24, { 35: [1, 4] }), wide('\\dir\\a.txt', 24)),
  server({ command: 0xa2, id: 2, tree: 5 }, words(34, { 5: [9, 2], 7: [1, 4], 55: [30_000, 4] }), none),
  read(3, 0),
  read(4, 15_000),
  answer(4, 15_000),
  answer(3, 0),
  client({ command: 0x04, id: 5, tree: 5 }, words(3, { 0: [9, 2] }, false), none),
  server({ command: 0x04, id: 5, tree: 5 }, none, none),
  client({ command: 0xa2, id: 6, tree: 5 }, words(24, { 35: [5, 4] }), wide('\\up.bin', 24)),
  server({ command: 0xa2, id: 6, tree: 5 }, words(34, { 5: [10, 2], 7: [2, 4] }), none),
  client(
    { command: 0x2f, id: 7, tree: 5 },
    words(14, { 4: [10, 2], 20: [20_000, 2], 22: [dataAt(14), 2] }),
    content.subarray(0, 20_000),
  ),
  server({ command: 0x2f, id: 7, tree: 5 }, words(6), none),
  client(
    { command: 0x32, id: 8, tree: 5 },
    words(15, { 18: [6, 2], 20: [70, 2], 22: [1, 2], 24: [76, 2], 26: [1, 1], 28: [8, 2] }, false),
    Buffer.concat([Buffer.alloc(70 - dataAt(15)), Buffer.from([10, 0, 2, 1, 0, 0, 1])]),
  ),
  server({ command: 0x32, id: 8, tree: 5 }, words(10, {}, false), none),
  client({ command: 0x04, id: 9, tree: 5 }, words(3, { 0: [10, 2] }, false), none),
  server({ command: 0x04, id: 9, tree: 5 }, none, none),
];
const allFields = (events: readonly { readonly [name: string]: unknown }[]): unknown[] =>
  events.map((event) => ({ log: event['log_name'], ...(JSON.parse(String(event['fields'])) as object) }));

const path = '\\\\srv\\share';
const file = { log: 'smb_files', is_folder: false, path };

describe('SMB 1', () => {
  test.each([1, 57, 100_000])('shows shares, opened, read, written and deleted files (pieces of %i bytes)', (size) => {
    const { events, files, services, violations } = runConnection(analyzer, cutSteps(steps, size), {
      destinationPort: 445,
    });
    expect(services).toEqual(['default']);
    expect(violations).toEqual([]);
    expect(allFields(events)).toEqual([
      { log: 'smb_mapping', path, share_type: 'DISK', dialect: 'NT LM 0.12' },
      { ...file, action: 'SMB::FILE_OPEN', name: 'dir\\a.txt', size: 30_000, outcome: 'opened', disposition: 1 },
      { ...file, action: 'SMB::FILE_OPEN', name: 'up.bin', size: 0, outcome: 'created', disposition: 5 },
      { ...file, action: 'SMB::FILE_DELETE', name: 'up.bin', size: 0 },
    ]);
    expect(files.map(({ content: text, isEnded, facts }) => ({ text, isEnded, facts }))).toMatchObject([
      { text: content.toString('latin1'), isEnded: true, facts: { name: 'dir\\a.txt', isOrig: false, size: 30_000 } },
      { text: content.toString('latin1', 0, 20_000), isEnded: true, facts: { name: 'up.bin', isOrig: true } },
    ]);
  });

  test('shows what is renamed and deleted by its name, in either kind of text', () => {
    const facts = { tree: 5, isNarrow: true };
    const { events } = runConnection(
      analyzer,
      [
        ...steps.slice(0, 2),
        client(
          { command: 7, id: 2, tree: 5 },
          words(1, {}, false),
          Buffer.concat([wide('\\old', 1, [4]), Buffer.from([4]), Buffer.from('\0\\new\0', 'utf16le').subarray(1)]),
        ),
        server({ command: 7, id: 2, tree: 5 }, none, none),
        client({ ...facts, command: 6, id: 3 }, words(1, {}, false), Buffer.from('\x04\\gone\0')),
        server({ ...facts, command: 6, id: 3 }, none, none),
        client({ ...facts, command: 1, id: 4 }, none, Buffer.from('\x04\\folder\0')),
        server({ ...facts, command: 1, id: 4 }, none, none),
        client({ ...facts, command: 6, id: 5 }, words(1, {}, false), Buffer.from('\x04\\kept\0')),
        server({ ...facts, command: 6, id: 5, status: 0xc0000022 }, none, none),
      ],
      { destinationPort: 445 },
    );
    expect(allFields(events).slice(1)).toEqual([
      { ...file, action: 'SMB::FILE_RENAME', name: 'new', prev_name: 'old' },
      { ...file, action: 'SMB::FILE_DELETE', name: 'gone' },
      { ...file, action: 'SMB::FILE_DELETE', name: 'folder', is_folder: true },
    ]);
  });

  test('commands of one message are read one after the other, and a circle of them ends', () => {
    const login = words(12, { 0: [0x75, 1], 2: [0, 2] });
    const chained = Buffer.from('\x04\xff\0\0\0\0\0\x01\0', 'latin1');
    const at = dataAt(12);
    login.writeUInt16LE(at, 2);
    const tree = Buffer.concat([chained, Buffer.from([14, 0, 0]), Buffer.from('\\\\s\\IPC$\0?\0')]);
    const facts = { id: 1, isNarrow: true };
    const reply = words(3, { 0: [0x75, 1], 2: [dataAt(3), 2] });
    const replied = Buffer.concat([Buffer.from([2, 0xff, 0, 0, 0, 4, 0]), Buffer.from('IPC\0')]);
    const { events } = runConnection(analyzer, [
      client({ ...facts, command: 0x73 }, login, tree),
      server({ ...facts, command: 0x73, tree: 3 }, reply, replied),
    ]);
    expect(allFields(events)).toEqual([
      { log: 'smb_mapping', path: '\\\\s\\IPC$', share_type: 'PIPE', dialect: 'NT LM 0.12' },
    ]);
    const circle = words(12, { 0: [0x73, 1], 2: [32, 2] });
    expect(runConnection(analyzer, [client({ ...facts, command: 0x73 }, circle, none)]).violations).toEqual([]);
  });

  test('damage does no harm', () => {
    const whole = Buffer.concat(
      steps.map((step) => ('bytes' in step ? Buffer.from(step.bytes).subarray(0, 400) : none)),
    );
    const edit = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of edits) bytes[at] = value;
        const damaged: Step[] = [
          { from: 'client', bytes },
          { from: 'server', bytes },
        ];
        expect(runConnection(analyzer, damaged).events.length).toBeLessThan(30);
      }),
      { numRuns: 200 },
    );
  });
});
