import { tails, type Draw } from './draw.ts';

const ids = 'uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0';
const interpretedIds =
  'UID="root" GID="root" EUID="root" SUID="root" FSUID="root" EGID="root" SGID="root" FSGID="root"';
const tools = [
  'ls',
  'cat',
  'grep',
  'sed',
  'awk',
  'date',
  'stat',
  'find',
  'sort',
  'head',
  'cut',
  'tr',
  'id',
  'ps',
  'mkdir',
];

/** Seven of ten events start a program, the others open a connection. */
export function auditEvent(draw: Draw): string {
  const stamp = `msg=audit(${draw.seconds.slice(0, 14)}:${100_000 + draw.index}):`;
  const pid = 1000 + (draw.index % 4_000_000);
  const tool = tools[draw.skewed(tools.length)] ?? 'ls';
  const syscall = (number: number, name: string, items: number, key: string): string =>
    `type=SYSCALL ${stamp} arch=c000003e syscall=${number} success=yes exit=0 a0=55d0${(pid * 16).toString(16)} a1=7ffd8de18 a2=10 a3=8 items=${items} ppid=${pid - 7} pid=${pid} auid=1000 ${ids} tty=(none) ses=3 comm="${tool}" exe="/usr/bin/${tool}" key="${key}"\u001dARCH=x86_64 SYSCALL=${name} AUID="anna" ${interpretedIds}\n`;
  const title = `type=PROCTITLE ${stamp} proctitle="${tool}"\n`;
  if (draw.below(10) > 6) {
    const address = `saddr=02000035${Buffer.from(draw.server.split('.').map(Number)).toString('hex').toUpperCase()}0000000000000000`;
    const interpreted = `SADDR={ saddr_fam=inet laddr=${draw.server} lport=53 }`;
    return `${syscall(42, 'connect', 0, 'net')}type=SOCKADDR ${stamp} ${address}\u001d${interpreted}\n${title}`;
  }
  const path = (item: number, name: string): string =>
    `type=PATH ${stamp} item=${item} name="${name}" inode=${260_000 + item} dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\u001dOUID="root" OGID="root"\n`;
  return `${syscall(59, 'execve', 2, 'exec')}type=EXECVE ${stamp} argc=2 a0="${tool}" a1="/srv/data/${tails[draw.below(4096)]}"\ntype=CWD ${stamp} cwd="/srv"\n${path(0, `/usr/bin/${tool}`)}${path(1, '/lib64/ld-linux-x86-64.so.2')}${title}`;
}
