const signature = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');

/** Variables of the host program: a place for the header of a bundle before the signature. */
export const hostData: Buffer = Buffer.concat([Buffer.alloc(24), signature, Buffer.alloc(8)]);

/** What a publisher of .NET makes of a host program that has `hostData` in it: an assembly and `app.deps.json` behind it, and a header that lists them. */
export function bundleOf(host: Buffer, deps: string, major: 1 | 2 | 6): Buffer {
  const assembly = Buffer.alloc(8192, 'MZ');
  const text = Buffer.from(deps);
  const at = host.length + assembly.length;
  const files = [
    { offset: host.length, bytes: assembly.length, kind: 1, path: 'app.dll' },
    { offset: at, bytes: text.length, kind: 3, path: 'app.deps.json' },
  ];
  const header = Buffer.alloc(12);
  header.writeUInt32LE(major, 0);
  header.writeUInt32LE(files.length, 8);
  const parts = [header, sized('abcdefghijkl')];
  if (major >= 2) parts.push(numbers(at, text.length, 0, 0, 0));
  for (const { offset, bytes, kind, path } of files) {
    parts.push(numbers(offset, bytes, ...(major === 6 ? [0] : [])), Buffer.from([kind]), sized(path));
  }
  const program = Buffer.from(host);
  program.writeBigInt64LE(BigInt(at + text.length), program.indexOf(signature) - 8);
  return Buffer.concat([program, assembly, text, ...parts]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), 8 * index);
  return bytes;
}

function sized(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}
