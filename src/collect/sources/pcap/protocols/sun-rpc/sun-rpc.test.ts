import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const words = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * index);
  return bytes;
};
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([words(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
};
const credential = Buffer.concat([words(0), text('pc1'), words(1000, 1000, 0)]);

function call(id: number, program: number, version: number, procedure: number, ...rest: readonly Buffer[]): Buffer {
  const head = words(id, 0, 2, program, version, procedure, 1, credential.length);
  return Buffer.concat([head, credential, words(0, 0), ...rest]);
}
const reply = (id: number, ...rest: readonly number[]): Buffer => words(id, 1, 0, 0, 0, 0, ...rest);
const record = (message: Buffer): Buffer => Buffer.concat([words(0x8000_0000 + message.length), message]);
const fieldsOf = (events: readonly { readonly fields?: unknown }[]): unknown[] =>
  events.map(({ fields }) => JSON.parse(String(fields)) as unknown);

const who = { machine: 'pc1', uid: 1000 };
const steps = inTurn(
  record(call(1, 100_005, 3, 1, text('/srv/home'))),
  record(reply(1, 13)),
  record(call(2, 100_003, 3, 3, text('HAND'), text('passwd'))),
  record(reply(2, 0)),
  record(call(3, 100_003, 3, 6, text('HAND'))),
  record(reply(3, 0)),
  record(call(4, 100_003, 3, 12, text('HAND'), text('a.txt'))),
);

test.each([1, 21, 4000])('tells mounts and names (pieces of %i bytes)', (size) => {
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 2049 });
  const folder = Buffer.from('HAND').toString('hex');
  expect(services).toEqual(['mount', 'nfs']);
  expect(events.map((event) => event['log_name'])).toEqual(['mount', 'nfs', 'nfs']);
  expect(fieldsOf(events)).toEqual([
    { version: 3, procedure: 'MNT', ...who, path: '/srv/home', success: false, status: 13 },
    { version: 3, procedure: 'LOOKUP', ...who, folder, name: 'passwd', success: true },
    { version: 3, procedure: 'REMOVE', ...who, folder, name: 'a.txt' },
  ]);
});

test('tells which program a portmapper is asked for', () => {
  const ask = call(9, 100_000, 2, 3, words(100_003, 3, 6, 0));
  const { events } = runConnection(analyzer, inTurn(ask, reply(9, 2049)), { transport: 'udp', destinationPort: 111 });
  expect(fieldsOf(events)).toEqual([
    { version: 2, procedure: 'GETPORT', ...who, program: 'nfs', program_version: 3, success: true, port: 2049 },
  ]);
});

const handle = (value: string): Buffer => text(value);
const handle2 = Buffer.alloc(32, 7);
const noAttributes = words(0, 0, 0, 0, 0, 0);

test('tells both ends of a rename, a link and a symbolic link of NFS 3, and NFS 2 whose handles have one length', () => {
  const nfs = 100_003;
  const { events } = runConnection(
    analyzer,
    inTurn(
      record(call(1, nfs, 3, 14, handle('A'), text('loot.zip'), handle('B'), text('a.txt'))),
      record(reply(1, 0)),
      record(call(2, nfs, 3, 15, handle('F'), handle('B'), text('b.txt'))),
      record(reply(2, 13)),
      record(call(3, nfs, 3, 10, handle('A'), text('s'), noAttributes, text('/etc/shadow'))),
      record(reply(3, 0)),
      record(call(4, nfs, 2, 11, handle2, text('old'), handle2, text('new'))),
      record(reply(4, 0)),
      record(call(5, nfs, 2, 6, handle2, words(0, 100, 100))),
      record(reply(5, 0)),
    ),
    { destinationPort: 2049 },
  );
  const hex = (value: string): string => Buffer.from(value).toString('hex');
  const folder2 = handle2.toString('hex');
  const [a, b] = [hex('A'), hex('B')];
  const rename = { folder: a, name: 'loot.zip', new_folder: b, new_name: 'a.txt' };
  expect(fieldsOf(events)).toEqual([
    { version: 3, procedure: 'RENAME', ...who, ...rename, success: true },
    {
      version: 3,
      procedure: 'LINK',
      ...who,
      folder: hex('F'),
      new_folder: b,
      new_name: 'b.txt',
      success: false,
      status: 13,
    },
    { version: 3, procedure: 'SYMLINK', ...who, folder: a, name: 's', target: '/etc/shadow', success: true },
    {
      version: 2,
      procedure: 'RENAME',
      ...who,
      folder: folder2,
      name: 'old',
      new_folder: folder2,
      new_name: 'new',
      success: true,
    },
  ]);
});

const putfh = Buffer.concat([words(22), handle('H')]);
const lookup = (name: string): Buffer => Buffer.concat([words(15), text(name)]);
const getattr = words(9, 1, 0x18);
const compound = (id: number, ...operations: readonly Buffer[]): Buffer =>
  record(call(id, 100_003, 4, 1, text(''), words(0, operations.length), ...operations));
const answer = (id: number, status: number, done: number): Buffer => record(reply(id, status, 0, done));

const compounds = inTurn(
  compound(
    1,
    putfh,
    lookup('dir'),
    getattr,
    words(32),
    putfh,
    Buffer.concat([words(29), text('loot.zip'), text('a.txt')]),
  ),
  answer(1, 0, 6),
  compound(
    2,
    words(24),
    Buffer.concat([words(18, 0, 2, 0, 0, 1), text('me'), words(1, 0, 0, 0), words(0), text('new.sh')]),
    words(10),
  ),
  answer(2, 13, 2),
  compound(3, putfh, Buffer.concat([words(6, 5), text('/etc/shadow'), text('s'), words(0, 0)]), lookup('never')),
  answer(3, 17, 2),
  compound(4, putfh, getattr),
  answer(4, 0, 2),
);

test.each([1, 33, 4000])('reads the operations of NFS 4 and how each went (pieces of %i bytes)', (size) => {
  const { events } = runConnection(analyzer, cutSteps(compounds, size), { destinationPort: 2049 });
  const folder = Buffer.from('H').toString('hex');
  const base = { version: 4, ...who };
  expect(fieldsOf(events)).toEqual([
    { ...base, procedure: 'LOOKUP', folder, name: 'dir', success: true },
    {
      ...base,
      procedure: 'RENAME',
      folder,
      name: 'dir/loot.zip',
      new_folder: folder,
      new_name: 'a.txt',
      success: true,
    },
    {
      ...base,
      procedure: 'OPEN',
      folder: 'root',
      name: 'new.sh',
      access: 'write',
      create: true,
      success: false,
      status: 13,
    },
    {
      ...base,
      procedure: 'CREATE',
      folder,
      type: 'symlink',
      name: 's',
      target: '/etc/shadow',
      success: false,
      status: 17,
    },
    { ...base, procedure: 'LOOKUP', folder, name: 's/never', success: false },
  ]);
});

test('lengths and counts of NFS 4 that no call has end its reading', () => {
  const huge = [
    record(call(1, 100_003, 4, 1, words(0xffff_ffff))),
    record(call(2, 100_003, 4, 1, text(''), words(0, 0xffff_ffff), lookup('a'), words(9, 0xffff_ffff))),
    record(call(3, 100_003, 4, 1, text(''), words(0, 2), words(15, 0xffff_fff0))),
  ];
  const { events } = runConnection(analyzer, inTurn(Buffer.concat(huge)), { destinationPort: 2049 });
  expect(fieldsOf(events)).toEqual([{ version: 4, procedure: 'LOOKUP', ...who, name: 'a' }]);
});

test('bytes that are none are a violation, and damage ends', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1\r\n')).violations).toEqual(['no RPC record']);
  const whole = Buffer.concat(
    [...steps, ...compounds].map((step) => ('bytes' in step ? Buffer.from(step.bytes) : Buffer.alloc(0))),
  );
  const edit = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of edits) bytes[at] = value;
      const damaged: Step[] = inTurn(bytes, bytes);
      expect(runConnection(analyzer, damaged).events.length).toBeLessThan(20);
    }),
    { numRuns: 100 },
  );
});
