import { entropyOf, entropyText, looksRandom } from '../entropy.ts';
import { steganography, type FileSign } from '../sign.ts';
import type { PngChunk } from './chunks.ts';

/** Chunks of the PNG specification and of its registered extensions. */
const registered = new Set(
  (
    'IHDR PLTE IDAT IEND acTL bKGD cHRM cICP cLLI eXIf fcTL fdAT gAMA hIST iCCP iTXt mDCV pHYs sBIT sPLT sRGB tEXt tIME tRNS zTXt ' +
    'dSIG fRAc gIFg gIFt gIFx oFFs pCAL sCAL sTER'
  ).split(' '),
);

/** Private chunks that common programs write (Apple, ImageMagick, Android, GNOME, Doom ports), with the most bytes that they need. */
const maxBytesOfPrivate: ReadonlyMap<string, number> = new Map([
  ['CgBI', 4],
  ['iDOT', 256],
  ['vpAg', 9],
  ['caNv', 16],
  ['orNT', 1],
  ['grAb', 8],
  ['npOl', 64],
  ['npLb', 64],
  ['npTc', 4096],
]);

/** Chunk types that get a sign of their own; a file can make up 5 million. */
const maxSigns = 20;

/** A sign for each chunk type that neither PNG nor a well-known program defines, or that is larger than the program makes it. */
export function unknownChunkSigns(bytes: Uint8Array, chunks: readonly PngChunk[]): FileSign[] {
  const byType = new Map<string, PngChunk[]>();
  for (const chunk of chunks) {
    const isKnown = registered.has(chunk.type) || chunk.length <= (maxBytesOfPrivate.get(chunk.type) ?? -1);
    if (isKnown) continue;
    const list = byType.get(chunk.type);
    if (list === undefined) byType.set(chunk.type, [chunk]);
    else list.push(chunk);
  }
  const signs = [...byType].slice(0, maxSigns).map(([type, list]) => signOf(type, list, bytes));
  return signs.map((sign) =>
    byType.size <= maxSigns
      ? sign
      : { ...sign, reasons: [...sign.reasons, { what: 'unknown chunk types in all', value: String(byType.size) }] },
  );
}

function signOf(type: string, chunks: readonly PngChunk[], bytes: Uint8Array): FileSign {
  const data = Buffer.concat(chunks.map(({ at, length }) => bytes.subarray(at, at + length)));
  const entropy = entropyOf(data);
  const isRandom = looksRandom(entropy, data.length);
  return {
    id: 'unknown-chunk',
    title: `unknown chunk ${type} with ${data.length} bytes (${entropyText(entropy)})`,
    severity: isRandom ? 'medium' : 'low',
    score: isRandom ? 0.6 : 0.3,
    at: chunks[0]?.at ?? 0,
    attack: isRandom ? [steganography] : [],
    reasons: [
      { what: 'chunk type', value: type },
      { what: 'bytes in it', value: String(data.length) },
      { what: 'chunks of the type', value: String(chunks.length) },
      { what: 'their entropy', value: entropyText(entropy) },
    ],
  };
}
