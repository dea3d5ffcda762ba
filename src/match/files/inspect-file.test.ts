import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../tests/fuzz/mutate.ts';
import { Random } from '../../../tests/fuzz/random.ts';
import { embed, photoSamples, photoSide, randomBytes } from '../../../tests/support/photo.ts';
import { filteredRows, pngChunk, writePng } from '../../../tests/support/png.ts';
import { inspectFile, type FileInspection } from './inspect-file.ts';

const photo = photoSamples();
const side = { width: photoSide, height: photoSide };
const png = writePng({ ...side, samples: photo });

const segment = (marker: number, data: Uint8Array): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};
const scan = Buffer.from([1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4]);
const jpegOf = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0')),
    ...segments,
    segment(0xda, Buffer.alloc(6)),
    scan,
    Buffer.from([0xff, 0xff]),
    segment(0xda, Buffer.alloc(6)).subarray(1),
    scan,
    Buffer.from([0xff, 0xd9]),
  ]);
const jpeg = jpegOf();

const gif = Buffer.concat([
  Buffer.from('GIF89a\u0001\0\u0001\0\u0080\0\0', 'latin1'),
  Buffer.alloc(6),
  Buffer.from([0x21, 0xf9, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0, 0x3b]),
]);

/** One stored member, the directory, what else stands before the end record, and a comment after it. */
function zipOf(content: Uint8Array, comment = '', isIn64 = false): Buffer {
  const member = Buffer.concat([Buffer.from('PK\u0003\u0004\u0014\0\0\0\0\0', 'latin1'), Buffer.alloc(20), content]);
  const directory = Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), Buffer.alloc(42)]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(isIn64 ? 0xff_ff_ff_ff : member.length, 16);
  end.writeUInt16LE(comment.length, 20);
  const end64 = isIn64 ? endOf64(member.length, directory.length) : Buffer.alloc(0);
  return Buffer.concat([member, directory, end64, end, Buffer.from(comment)]);
}

/** The end record of 64 bits, and its locator. */
function endOf64(offset: number, size: number): Buffer {
  const record = Buffer.alloc(56);
  record.write('PK\u0006\u0006', 'latin1');
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\u0006\u0007', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  return Buffer.concat([record, locator]);
}
const zip = zipOf(Buffer.from('hello'), 'a comment');

function inspect(bytes: Uint8Array, name = 'file'): FileInspection {
  return inspectFile({ name, bytes, size: bytes.length });
}

function titles(bytes: Uint8Array, name?: string): string[] {
  return inspect(bytes, name).signs.map(({ severity, title }) => `${severity}: ${title}`);
}

const webp = riffOf('WEBPVP8L', Buffer.from([0x2f, 0, 0, 0, 0, 0x88, 0x88, 8]));
function riffOf(kind: string, chunk: Buffer): Buffer {
  const file = Buffer.concat([Buffer.alloc(8), Buffer.from(kind), Buffer.alloc(4), chunk]);
  file.write('RIFF', 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(chunk.length, 16);
  return file;
}

/** 3 by 2 pixels of 24 bits, in rows of 12 bytes; `length` is what the header says of the file. */
function bmpOf(length: number): Buffer {
  const file = Buffer.alloc(54 + 2 * 12, 0x41);
  file.fill(0, 0, 54);
  file.write('BM', 'latin1');
  file.writeUInt32LE(length, 2);
  file.writeUInt32LE(54, 10);
  for (const [at, value] of [
    [14, 40],
    [18, 3],
    [22, 2],
  ] as const) {
    file.writeUInt32LE(value, at);
  }
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

/** One strip of pixels behind the directory, a name behind that, and a directory of Exif behind it. */
function tiffOf(
  isLittle: boolean,
  more: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [],
): Buffer {
  const entries = [[273, 4, 1, 200], [279, 4, 1, 50], [305, 2, 20, 250], [34_665, 4, 1, 270], ...more] as const;
  const file = Buffer.alloc(288, 0x41);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  file.write(isLittle ? 'II' : 'MM', 'latin1');
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, entries.length, isLittle);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + index * 12;
    view.setUint16(at, tag, isLittle);
    view.setUint16(at + 2, type, isLittle);
    view.setUint32(at + 4, count, isLittle);
    view.setUint32(at + 8, value, isLittle);
  }
  view.setUint32(10 + entries.length * 12, 0, isLittle);
  file.fill(0, 270);
  view.setUint16(270, 1, isLittle);
  return file;
}

const formats = [
  ['TIFF', tiffOf(true)],
  ['TIFF', tiffOf(false)],
  ['WebP', webp],
  ['BMP', bmpOf(78)],
  ['BMP', bmpOf(0)],
  ['PNG', png],
  ['JPEG', jpeg],
  ['GIF', gif],
  ['ZIP', zip],
  ['ZIP', zipOf(Buffer.from('hello'), 'of 64 bits', true)],
] as const;

describe('the end of a TIFF', () => {
  it.each([
    ['a camera may point anywhere from its notes', tiffOf(true, [[37_500, 7, 4, 0]]), 'it has notes of a camera'],
    ['its strips are beyond it', tiffOf(true).subarray(0, 230), 'it ends before what its directories name'],
    ['it names itself again and again', tiffOf(true, [[330, 4, 60_000_000, 0]]), 'it ends before'],
  ])('is not known where %s', (_why, file, why) => {
    const found = inspect(Buffer.concat([file, Buffer.alloc(0)]));
    expect(found.signs).toEqual([]);
    expect(found.notChecked.map((one) => one.why).join()).toContain(why);
  });

  it('is found in a moment where directories overlap', () => {
    const file = Buffer.alloc(600_000, 8);
    file.write('II*\0', 'latin1');
    file.writeUInt32LE(8, 4);
    const before = process.cpuUsage().user;
    inspect(file);
    expect(process.cpuUsage().user - before).toBeLessThan(5e6);
  });
});

it('finds the end of a TIFF that names more directories than a call takes arguments', () => {
  const names = tiffOf(true, [[330, 4, 400_000, 288]]);
  const file = Buffer.concat([names, Buffer.alloc(1_600_000), Buffer.from('hidden behind the end of it'.repeat(40))]);
  expect(titles(file)).toHaveLength(1);
});

describe.each(formats)('data after the end of %s', (name, file) => {
  it('are none in a plain file, and none when they are zeros or a line end', () => {
    expect(titles(file)).toEqual([]);
    expect(titles(Buffer.concat([file, Buffer.alloc(100)]))).toEqual([]);
    expect(titles(Buffer.concat([file, Buffer.from('\r\n')]))).toEqual([]);
  });

  it('are told with size, type and place', () => {
    const found = inspect(Buffer.concat([file, zipOf(randomBytes(1000))]));
    const size = zipOf(randomBytes(1000)).length;
    expect(found.signs).toMatchObject([
      { title: `${size} bytes after the end of the ${name} (application/zip)`, severity: 'medium', at: file.length },
    ]);
  });

  it('weigh by what they are', () => {
    expect(titles(Buffer.concat([file, Buffer.from('MZ'), randomBytes(300)]))).toEqual([
      `high: 302 bytes after the end of the ${name} (application/x-dosexec)`,
    ]);
    expect(titles(Buffer.concat([file, Buffer.alloc(4096), randomBytes(4096)]))[0]).toMatch(
      /^(?:low|medium): 8192 bytes/,
    );
    expect(titles(Buffer.concat([file, Buffer.from('made by a camera of ours')]))).toEqual([
      `low: 24 bytes after the end of the ${name} (text/plain)`,
    ]);
  });

  it('are not known of a cut file, which is said', () => {
    const { signs, notChecked } = inspect(file.subarray(0, -(name === 'ZIP' ? 12 : 1)));
    expect(signs).toEqual([]);
    expect(notChecked.map(({ what }) => what)).toContain(`data after the end of the ${name}`);
  });

  it('are counted when the file is longer than what was read of it', () => {
    const { signs, notChecked } = inspectFile({ name, bytes: file, size: file.length + 5000 });
    expect(signs[0]?.title).toContain('5000 bytes after the end');
    expect(notChecked[0]?.what).toBe(`bytes after the first ${file.length}`);
  });
});

describe('ends that mislead', () => {
  it('a thumbnail with an end of its own does not end a JPEG', () => {
    expect(titles(jpegOf(segment(0xed, jpeg)))).toEqual([]);
  });

  it('further pictures that a camera announces are no more than a note', () => {
    const camera = jpegOf(segment(0xe2, Buffer.from('MPF\0index')));
    expect(titles(Buffer.concat([camera, jpeg]))[0]).toMatch(/^info: /);
    expect(titles(Buffer.concat([jpeg, jpeg]))[0]).toMatch(/^medium: /);
  });

  it('an archive inside an archive does not end it, and a second one behind it does not hide', () => {
    expect(titles(zipOf(zip))).toEqual([]);
    expect(titles(Buffer.concat([zip, zip]))).toEqual([
      `medium: ${zip.length} bytes after the end of the ZIP (application/zip)`,
    ]);
  });
});

describe('PNG', () => {
  it('chunks that nobody knows are told with size and entropy', () => {
    const extra = [
      pngChunk('zsTg', randomBytes(2000)),
      pngChunk('tEXt', Buffer.from('a\0b')),
      pngChunk('vpAg', Buffer.alloc(9)),
    ];
    expect(inspect(writePng({ ...side, samples: photo, extra })).signs).toMatchObject([
      {
        id: 'unknown-chunk',
        title: expect.stringMatching(/^unknown chunk zsTg with 2000 bytes \(7\.9/),
        severity: 'medium',
      },
    ]);
  });

  it('a known private chunk that is too large is told', () => {
    const file = writePng({ ...side, samples: photo, extra: [pngChunk('vpAg', randomBytes(900))] });
    expect(titles(file)[0]).toContain('unknown chunk vpAg with 900 bytes');
  });

  it('many unknown chunk types give a bounded number of signs', () => {
    const extra = Array.from({ length: 200 }, (_, index) =>
      pngChunk(`x${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}Z`, Buffer.from('hello')),
    );
    const { signs } = inspect(writePng({ ...side, samples: photo, extra }));
    expect(signs).toHaveLength(20);
    expect(signs[0]?.reasons).toContainEqual({ what: 'unknown chunk types in all', value: '200' });
  });

  it.each([
    [500, '500 bytes in the image data that belong to no pixel'],
    [40_000_000, '1048576 or more bytes in the image data that belong to no pixel'],
  ])('%d bytes beyond the last row are told', (surplus, title) => {
    const rows = filteredRows({ ...side, samples: photo });
    const imageData = deflateSync(Buffer.concat([rows, Buffer.alloc(surplus)]));
    expect(inspect(writePng({ ...side, samples: photo, imageData })).signs).toMatchObject([
      { id: 'surplus-pixels', title, severity: 'medium' },
    ]);
  });

  it('a message in the lowest bits is told', () => {
    expect(titles(writePng({ ...side, samples: embed(photo, 0.5, 'scattered') }))).toEqual([
      expect.stringMatching(/^high: message in the lowest bits of about [45]\d % of the samples$/),
    ]);
  });
});

describe('name against content', () => {
  it.each([
    ['a.png', jpeg, ['low: the name ends in .png, the content is image/jpeg']],
    [
      'invoice.PDF',
      Buffer.from('MZ\u0090\0\u0003\0'),
      ['high: the name ends in .pdf, the content is application/x-dosexec'],
    ],
    ['a.jpg', jpeg, []],
    ['a.docx', zip, []],
    ['notes.txt', Buffer.from('Grüße'), []],
    ['empty.png', Buffer.alloc(0), []],
    ['a.zip', randomBytes(5000), ['medium: the name ends in .zip, the content is of no known type']],
    ['a.txt', randomBytes(5000), [expect.stringMatching(/^medium: looks encrypted/)]],
    ['a.bin', randomBytes(5000), [expect.stringMatching(/^low: looks encrypted/)]],
    ['a.bin', Buffer.alloc(5000, 'ab\u0001'), []],
  ])('%s', (name, bytes, wanted) => {
    expect(titles(bytes, name)).toEqual(wanted);
  });
});

it('mutated files never throw, and what is said of them is bounded', () => {
  const seeds = [writePng({ width: 8, height: 8, samples: photo }), jpeg, gif, zip, zipOf(zip)];
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...seeds), (seed, file) => {
      const { signs, notChecked } = inspect(mutate(file, new Random(seed), seeds), 'a.png');
      expect(signs.length).toBeLessThan(30);
      expect(notChecked.length).toBeLessThan(6);
    }),
    { numRuns: 2000 },
  );
});
