/** A string as the kernel logs it: quoted, or in hexadecimal when it has a blank, a quote or a byte beyond ASCII. */
export function untrusted(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const isPlain = bytes.every((byte) => byte > 0x20 && byte < 0x7f && byte !== 0x22);
  return isPlain ? `"${text}"` : hex(bytes);
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}

/** A PROCTITLE value: the arguments with NUL between them, at most 128 bytes of them. */
export function processTitle(args: readonly string[]): string {
  const bytes = Buffer.from(args.join('\0'), 'utf8').subarray(0, 128);
  return bytes.includes(0) ? hex(bytes) : untrusted(bytes.toString('utf8'));
}

/** struct sockaddr_in of 16 bytes, and what auditd says about it. */
export function socketAddress(ip: string, port: number): { readonly raw: string; readonly interpreted: string } {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(2, 0);
  bytes.writeUInt16BE(port, 2);
  for (const [index, part] of ip.split('.').entries()) bytes.writeUInt8(Number(part), 4 + index);
  return { raw: hex(bytes), interpreted: `{ saddr_fam=inet laddr=${ip} lport=${port} }` };
}
