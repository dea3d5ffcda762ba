import { asBuffer, asciiText, wideText } from '../../wire/text.ts';
import { buildNames, certificateTypes, encryptionLevels, encryptionMethods, layoutNames } from './names.ts';

/** Block types of the settings that both sides send (MS-RDPBCGR, 2.2.1.3.1). */
const clientCore = 0xc001;
const clientNetwork = 0xc003;
const serverSecurity = 0x0c02;

/** Keys that stand before the blocks of each side (T.124). */
const clientKey = 'Duca';
const serverKey = 'McDn';
const maxChannels = 31;

/** What a client says of itself before RDP's own encryption begins, under the names of Zeek's rdp.log; undefined for other packets. */
export function clientSettings(packet: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  return settingsBehind(asBuffer(packet), clientKey, (type, block) => {
    if (type === clientCore) return coreFacts(block);
    return type === clientNetwork ? { client_channels: channelNames(block) } : {};
  });
}

/** The encryption that the server chooses. */
export function serverSettings(packet: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const bytes = asBuffer(packet);
  const facts = settingsBehind(bytes, serverKey, (type, block) =>
    type === serverSecurity ? securityFacts(block) : {},
  );
  if (facts === undefined) return undefined;
  // Before the key stand the result, the number of sets, their presence, and the length of the key, a byte each.
  const result = bytes[bytes.indexOf(serverKey, 0, 'latin1') - 4] ?? 0;
  return { result: gccResults[result] ?? `result-${result}`, ...facts };
}

const gccResults = [
  'Success',
  'User rejected',
  'Resources not available',
  'Rejected for symmetry breaking',
  'Locked conference',
];

function settingsBehind(
  bytes: Buffer,
  key: string,
  factsOf: (type: number, block: Buffer) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const keyAt = bytes.indexOf(key, 0, 'latin1');
  if (keyAt < 0 || keyAt + 6 > bytes.length) return undefined;
  // A length of one or two bytes (X.691, 10.9).
  let at = keyAt + 4 + ((bytes[keyAt + 4] ?? 0) < 0x80 ? 1 : 2);
  const facts: Record<string, unknown> = {};
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(at + 2);
    if (length < 4) break;
    Object.assign(facts, factsOf(bytes.readUInt16LE(at), bytes.subarray(at + 4, at + length)));
    at += length;
  }
  return facts;
}

const coreBytes = 128;

/** Client core data: sizes, keyboard, build, names; what comes after the input method is optional. */
function coreFacts(block: Buffer): Readonly<Record<string, unknown>> {
  if (block.length < coreBytes) return {};
  const layout = block.readUInt32LE(12);
  const build = block.readUInt32LE(16);
  const product = block.length >= 206 ? textUpToNul(block.subarray(142, 206)) : undefined;
  return {
    desktop_width: block.readUInt16LE(4),
    desktop_height: block.readUInt16LE(6),
    keyboard_layout: layoutNames[layout] ?? `keyboard-${layout}`,
    client_build: buildNames[build] ?? `client_build-${build}`,
    client_name: textUpToNul(block.subarray(20, 52)),
    ...(product === undefined ? {} : { client_dig_product_id: product }),
    ...(block.length >= 142 ? { requested_color_depth: colorDepth(block) } : {}),
  };
}

const flagWants32Bit = 2;

function colorDepth(block: Buffer): string {
  if ((block.readUInt16LE(140) & flagWants32Bit) !== 0) return '32bit';
  const depth = block.readUInt16LE(136);
  return [4, 8, 15, 16, 24].includes(depth) ? `${depth}bit` : `high_color_depth-${depth}`;
}

function channelNames(block: Buffer): string[] {
  if (block.length < 4) return [];
  const names: string[] = [];
  for (let at = 4; at + 12 <= block.length && names.length < Math.min(block.readUInt32LE(0), maxChannels); at += 12) {
    names.push(asciiText(block, at, at + 8).replace(/\0+$/, ''));
  }
  return names;
}

function securityFacts(block: Buffer): Readonly<Record<string, unknown>> {
  if (block.length < 8) return {};
  const method = block.readUInt32LE(0);
  const level = block.readUInt32LE(4);
  return {
    encryption_method: encryptionMethods[method] ?? `encryption_method-${method}`,
    encryption_level: encryptionLevels[level] ?? `encryption_level-${level}`,
    ...certificateFacts(block),
  };
}

/** A certificate behind the random number: its kind, and how many there are. */
function certificateFacts(block: Buffer): Readonly<Record<string, unknown>> {
  const at = block.length >= 16 ? 16 + block.readUInt32LE(8) : block.length;
  if (at + 8 > block.length) return {};
  const version = block.readUInt32LE(at);
  const type = version % 2 ** 31;
  return {
    cert_type: certificateTypes[type] ?? `cert_type-${type}`,
    cert_count: type === 1 ? 1 : Math.min(block.readUInt32LE(at + 4), 100),
    cert_permanent: version < 2 ** 31,
  };
}

function textUpToNul(bytes: Buffer): string {
  return wideText(bytes).split('\0', 1)[0] ?? '';
}
