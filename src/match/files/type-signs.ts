import { mimeHeadBytes } from '../../base/mime-type.ts';
import { entropyOf, entropyText, looksRandom } from './entropy.ts';
import type { FileContent, FileSign } from './sign.ts';
import { executableTypes } from './trailing-data.ts';

const text = /^(?:text\/|application\/(?:javascript|xml|postscript)|image\/svg)/;
const zip = /^application\/(?:zip|java-archive|vnd\.openxmlformats)/;
const office = /^(?:application\/(?:msword|vnd\.openxmlformats|zip)|text\/)/;

/** What a file with an extension may be, for extensions whose formats are told by their first bytes. */
const typesOf: ReadonlyMap<string, RegExp> = new Map([
  ...group('png apng', /^image\/png$/),
  ...group('jpg jpeg jpe jfif', /^image\/jpeg$/),
  ...group('gif', /^image\/gif$/),
  ...group('tif tiff', /^image\/tiff$/),
  ...group('webp', /^image\/webp$/),
  ...group('bmp', /^image\/x-ms-bmp$/),
  ...group('pdf', /^application\/pdf$/),
  ...group('zip jar apk odt ods odp epub whl', zip),
  ...group('doc docx docm xls xlsx xlsm ppt pptx pptm', office),
  ...group('gz tgz', /^application\/x-gzip$/),
  ...group('bz2', /^application\/x-bzip2$/),
  ...group('xz', /^application\/x-xz$/),
  ...group('7z', /^application\/x-7z-compressed$/),
  ...group('rar', /^application\/x-rar$/),
  ...group('zst', /^application\/zstd$/),
  ...group('rpm', /^application\/x-rpm$/),
  ...group('deb', /^application\/x-debian-package$/),
  ...group('exe dll scr', /^application\/x-dosexec$/),
  ...group('htm html txt log csv md json xml css', text),
]);

function group(extensions: string, types: RegExp): (readonly [string, RegExp])[] {
  return extensions.split(' ').map((extension) => [extension, types] as const);
}

/** Fewer bytes of randomness are a key or a token. */
const minRandomBytes = 1024;

/** Signs that the content is not what the name says, or is nothing that anybody can read. `type` is that of the first bytes. */
export function typeSigns({ name, bytes }: FileContent, type: string | null): FileSign[] {
  const extension = /\.(?<extension>[a-z0-9]{1,8})$/i.exec(name)?.groups?.['extension']?.toLowerCase() ?? '';
  const expected = typesOf.get(extension);
  const isText = expected === text;
  // Short and foreign texts have no type.
  const isMismatch = bytes.length > 0 && expected !== undefined && (type === null ? !isText : !expected.test(type));
  const entropy = type === null ? entropyOf(bytes) : 0;
  const isRandom = type === null && bytes.length >= minRandomBytes && looksRandom(entropy, bytes.length);
  if (isMismatch) return [mismatch(extension, type, isRandom ? entropy : undefined)];
  return isRandom ? [randomContent(bytes.length, entropy, isText)] : [];
}

function mismatch(extension: string, type: string | null, randomEntropy: number | undefined): FileSign {
  const isProgram = type !== null && executableTypes.test(type);
  const isRandom = randomEntropy !== undefined;
  const [severity, score] = isProgram
    ? (['high', 0.8] as const)
    : ([isRandom ? 'medium' : 'low', isRandom ? 0.5 : 0.3] as const);
  return {
    id: 'type-mismatch',
    title: `the name ends in .${extension}, the content is ${type ?? 'of no known type'}`,
    severity,
    score,
    at: 0,
    // Masquerading: file type.
    attack: isProgram || isRandom ? ['T1036.008'] : [],
    reasons: [
      { what: 'extension', value: extension },
      { what: `type by the first ${mimeHeadBytes} bytes`, value: type ?? 'unknown' },
      ...(isRandom ? [{ what: 'entropy', value: entropyText(randomEntropy) }] : []),
    ],
  };
}

function randomContent(length: number, entropy: number, isText: boolean): FileSign {
  return {
    id: 'random-content',
    title: `looks encrypted, and has no known format (${entropyText(entropy)})`,
    severity: isText ? 'medium' : 'low',
    score: isText ? 0.5 : 0.3,
    at: 0,
    attack: [],
    reasons: [
      { what: 'entropy', value: entropyText(entropy) },
      { what: 'bytes', value: String(length) },
    ],
  };
}
