import { describe, expect, it } from 'vitest';
import { jpegOf } from '../../../../tests/support/jpeg.ts';
import { decodeJpeg, type Jpeg } from './decode.ts';

/** One made-up picture of 40 by 24 pixels, coded three ways by libjpeg-turbo 2.1.5 at quality 40: the coefficients are the same. */
const sequential =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8' +
  'U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAYACgDASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAMEBf/EABsQAAMB' +
  'AQADAAAAAAAAAAAAAAACA2EBESGB/8QAFgEBAQEAAAAAAAAAAAAAAAAABQQG/8QAGREAAwEBAQAAAAAAAAAAAAAAAAIDAREh/9oADAMBAAIRAxEAPwDhTh4565z4XWOGpIl0jg49czOY' +
  'TzsZUjhZImpIlljgfWwjOxmSOA6CRBA1vS5beGVIl0jgBZR9MbNtLJHC6RwAOq+iMm0sscAAez70vVt4f//Z';
const progressive =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8' +
  'U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCAAYACgDASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAMCBP/EABYBAQEB' +
  'AAAAAAAAAAAAAAAAAAQDBf/aAAwDAQACEAMQAAAB4KV26ct12dE3QPeWy2NugdOwe/8A/8QAFhABAQEAAAAAAAAAAAAAAAAAABEB/9oACAEBAAEFAsxEREREREREf//EABYRAQEBAAAA' +
  'AAAAAAAAAAAAAAIAAf/aAAgBAwEBPwEuLscdjtm3/8QAFhEAAwAAAAAAAAAAAAAAAAAAAAEC/9oACAECAQE/AXRVjsplMbP/xAAUEAEAAAAAAAAAAAAAAAAAAAAw/9oACAEBAAY/An//' +
  'xAAVEAEBAAAAAAAAAAAAAAAAAAAAAf/aAAgBAQABPyExjGMYxjGMYxj/AP/aAAwDAQACAAMAAAAQk9DfgB//xAAYEQEBAAMAAAAAAAAAAAAAAAAAARARIf/aAAgBAwEBPxDAcFFlNP/E' +
  'ABgRAQEBAQEAAAAAAAAAAAAAAAEAERAh/9oACAECAQE/EDDDl6Szy7f/xAAaEAADAQADAAAAAAAAAAAAAAAAEGEBESGB/9oACAEBAAE/EOHOszwgSVJUlQdSJEiB/9k=';
const restarting =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8' +
  'U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAYACgDASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAAMFBAL/xAAbEAAD' +
  'AQEAAwAAAAAAAAAAAAAAAgNhAREhgf/EABcBAQEBAQAAAAAAAAAAAAAAAAQFAgP/xAAZEQADAQEBAAAAAAAAAAAAAAAAAgMBESH/3QAEAAH/2gAMAwEAAhEDEQA/AMKcPHPXOfC6xw6k' +
  'iXSOFx65mcwPOx//0OBI4WSJ1JEsscGVsJnY/9HykcBoJEGGt6V1t4f/0qJEukcAE0fSJNtP/9PRSOF0jgAer6Fk2n//1N5Y4ACOz706q28P/9k=';

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}

function decoded(text: string): Jpeg {
  const jpeg = decodeJpeg(bytesOf(text));
  if ('fault' in jpeg) throw new Error(jpeg.fault);
  return jpeg;
}

/** Of the blocks that show the picture: those that only fill a unit, a progressive file does not refine. */
function shownBlocks({ frame }: Jpeg): number[][] {
  return frame.components.map(({ blocksWide, blocksHigh, blocksPerRow, coefficients }) =>
    Array.from({ length: blocksHigh }, (_, row) => {
      const start = row * blocksPerRow * 64;
      return [...coefficients.subarray(start, start + blocksWide * 64)];
    }).flat(),
  );
}

describe('decodeJpeg', () => {
  it('gives the quantised coefficients in zigzag order, and the tables', () => {
    const jpeg = decoded(sequential);
    expect(jpeg.frame).toMatchObject({ width: 40, height: 24, isProgressive: false });
    expect(jpeg.quantization[0]?.subarray(0, 4)).toEqual(Uint16Array.of(20, 14, 15, 18));
    expect(jpeg.frame.components.map(({ blocksWide, blocksHigh }) => [blocksWide, blocksHigh])).toEqual([
      [5, 3],
      [3, 2],
      [3, 2],
    ]);
  });

  it('gives the same ones of a progressive file, and of one with restarts', () => {
    const want = shownBlocks(decoded(sequential));
    expect(want[0]?.some((value) => value < 0)).toBe(true);
    expect(shownBlocks(decoded(progressive))).toEqual(want);
    expect(shownBlocks(decoded(restarting))).toEqual(want);
  });

  it('gives back what was written', () => {
    const coefficients = Int16Array.from({ length: 64 * 6 }, (_, at) => (at % 7 === 0 ? (at % 300) - 150 : 0));
    const jpeg = decodeJpeg(jpegOf(coefficients, 3));
    if ('fault' in jpeg) throw new Error(jpeg.fault);
    expect(jpeg.frame.components[0]?.coefficients).toEqual(coefficients);
  });

  it('says what is wrong with a cut or damaged file', () => {
    const bytes = bytesOf(progressive);
    expect(decodeJpeg(bytes.subarray(0, 300))).toHaveProperty('fault');
    expect(decodeJpeg(new Uint8Array(0))).toEqual({ fault: 'it ends before its EOI marker' });
    for (let at = 2; at < bytes.length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        expect(() => decodeJpeg(changed)).not.toThrow();
      }
    }
  });

  it('takes no memory for a size that the file is too short for, and no time for scans without end', () => {
    const huge = jpegOf(new Int16Array(64), 1);
    const start = huge.findIndex((byte, at) => byte === 0xff && huge[at + 1] === 0xc0);
    huge.set([0x20, 0, 0x20, 0], start + 5);
    expect(decodeJpeg(huge)).toEqual({ fault: expect.stringMatching(/blocks|too short/) as string });
    const bytes = bytesOf(progressive);
    const scan = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xda);
    const end = bytes.findIndex((byte, at) => at > scan + 2 && byte === 0xff && bytes[at + 1] !== 0);
    const many = [
      bytes.subarray(0, scan),
      ...Array<Uint8Array>(500).fill(bytes.subarray(scan, end)),
      bytes.subarray(end),
    ];
    expect(decodeJpeg(Uint8Array.from(Buffer.concat(many)))).toEqual({ fault: 'it has too many scans' });
  });
});
