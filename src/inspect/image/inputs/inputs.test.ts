import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { readYaml } from '../../../base/yaml-tree.ts';
import { runChecks } from '../run-checks.ts';
import { readAuditRules } from './audit-rules.ts';
import { commandsOf, isBuildFile, readBuildFile, type BuildInstruction } from './build-file.ts';
import { Cursor } from './cursor.ts';
import { portsOfShortForm } from './docker/ports.ts';
import { mountOfBind } from './docker/mounts.ts';
import { readJsonTree } from './json-tree.ts';
import { quantity } from './kubernetes/quantity.ts';
import { byteCount } from './compose/byte-count.ts';
import { readInput } from './read-input.ts';
import { SceneParts } from './scene-parts.ts';
import { programOf, shellCommands } from './shell.ts';

/** The values of a tree, without places. */
function plain(text: string): unknown {
  const document = readJsonTree(text);
  return 'fault' in document ? document.fault.message : valueOf(Cursor.root(document.root, ''));
}

function valueOf({ node }: Cursor): unknown {
  if (node?.kind === 'map') {
    return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, valueOf(Cursor.root(value, ''))]));
  }
  if (node?.kind === 'list') return node.items.map((item) => valueOf(Cursor.root(item, '')));
  return node?.value;
}

describe('a JSON text', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        // Whole numbers that a number cannot hold stay text.
        const wanted: unknown = JSON.parse(text, (_key, item: unknown, context?: { source?: string }) =>
          typeof item === 'number' && Number.isInteger(item) && !Number.isSafeInteger(item) ? context?.source : item,
        );
        expect(plain(text)).toEqual(wanted);
      }),
    );
  });

  it('is refused where JSON.parse refuses it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30, unit: fc.constantFrom(...'{}[]",:\\1e.-tn '.split('')) }), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect('root' in readJsonTree(text)).toBe(isJson);
      }),
    );
  });

  it('tells the line of each value, and of what is missing that of what is above', () => {
    const document = readJsonTree('{\n "a": {\n  "b": [1,\n   {"c": 2}]\n }\n}');
    if ('fault' in document) throw new Error(document.fault.message);
    const root = Cursor.root(document.root, 'f');
    const [, second] = root.get('a', 'b').items();
    expect(second?.get('c').place).toEqual({ path: 'f', line: 4, pointer: 'a.b[1].c' });
    expect(root.get('a', 'x', 'y').place).toEqual({ path: 'f', line: 2, pointer: 'a.x.y' });
    expect(root.get('a', 'x', 'y').isThere).toBe(false);
  });

  it('is not followed into endless depth', () => {
    expect(plain('['.repeat(100_000))).toBe('nested deeper than 128');
  });
});

describe('a shell text', () => {
  it.each<[text: string, programs: readonly string[]]>([
    ['a && b || c; d | e & f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['sudo -E env A=1 /usr/bin/curl -o "x y" u | bash', ['curl', 'bash']],
    ['if [ -f x ]; then rm x; fi', ['[', 'rm']],
    ['echo "a | b" \'c; d\' 2>&1 >/dev/null', ['echo']],
    ['# nothing\nX=$(curl a | sh) && y', ['', 'y']],
    ['echo a#b # c', ['echo']],
  ])('%s calls %j', (text, programs) => {
    expect(shellCommands(text).map(programOf)).toEqual(programs);
  });

  it('is cut in time that grows with its length', () => {
    for (const piece of ["'", '"\\', '$(', 'a&', '\\', '$((', '| ;']) {
      const takenMs = processorClock();
      shellCommands(piece.repeat(50_000));
      expect(takenMs()).toBeLessThan(2000);
    }
  });
});

describe('a Dockerfile', () => {
  it('is read with stages, arguments, continued lines, comments between them, and flags', () => {
    const build = readBuildFile(
      'ARG V=3\nFROM a:$V AS one\nRUN x \\\n# no\n  && y\nFROM one\nCOPY --from=one ["a b", "/c"]\n',
      'D',
    );
    expect(build?.stages.map(({ from, base }) => [from.value, base])).toEqual([
      ['a:3', undefined],
      ['one', 0],
    ]);
    expect(build?.stages[0]?.instructions).toMatchObject([
      { name: 'RUN', at: { line: 3 }, text: expect.stringMatching(/^x\s+&& y$/) as string },
    ]);
    expect(build?.stages[1]?.instructions).toMatchObject([
      { name: 'COPY', flags: ['--from=one'], list: ['a b', '/c'] },
    ]);
  });

  it('has its variables filled in, and what it puts off for others', () => {
    const build = readBuildFile(
      'ARG BASE=debian\nARG TAG=${BASE}-12\nFROM ${TAG} AS low\nARG BASE\nENV APP=app-$BASE PORT=22\nFROM low\nUSER ${APP:-x}\nEXPOSE $PORT $OTHER\nONBUILD USER root\nONBUILD ADD --chown=1 https://example.com/x /x\n',
      'D',
    );
    const [low, top] = build?.stages ?? [];
    expect(low?.from.value).toBe('debian-12');
    expect(top?.base).toBe(0);
    expect(top?.instructions.map(({ name, text, flags }) => [name, text, ...flags])).toEqual([
      ['USER', 'app-debian'],
      ['EXPOSE', '22 $OTHER'],
      ['ONBUILD', 'USER root'],
      ['ADD', 'https://example.com/x /x', '--chown=1'],
    ]);
  });

  it('whose variables hold each other grows no further than a bound', () => {
    const text = `FROM a\nENV A=${'x'.repeat(9)}\n${'ENV A=$A$A\n'.repeat(5000)}USER ${'$A'.repeat(5000)}\n`;
    const [stage] = readBuildFile(text, 'D')?.stages ?? [];
    expect(stage?.instructions.at(-1)?.text.length).toBeLessThan(5_000_000);
  });

  it('has values that stand in for those that are set, or are not', () => {
    const text = ['FROM a:1', 'ARG A=x', 'WORKDIR /${A:+y}', 'WORKDIR /${B:+y}z', 'WORKDIR /${B:-d}', ''].join('\n');
    const instructions = readBuildFile(text, 'Dockerfile')?.stages[0]?.instructions ?? [];
    expect(instructions.slice(1).map((one) => one.text)).toEqual(['/y', '/z', '/d']);
  });

  it('continues lines by the character that it says, and by no other', () => {
    const commands = (text: string): unknown =>
      commandsOf(readBuildFile(text, 'Dockerfile')?.stages[0]?.instructions[0] as BuildInstruction).map(({ words }) =>
        words.join(' '),
      );
    expect(commands('# escape=`\nFROM a:1\nRUN one `\n  two\n')).toEqual(['one two']);
    expect(commands('FROM a:1\nRUN <<EOF\nX=`date`\ncurl x\nEOF\n')).toContain('curl x');
  });

  it('tells a here-document that does not end', () => {
    const text = 'FROM a:1\nRUN <<EOF\ntrue\nEOF\nCOPY <<END /a\nx\nUSER app\n';
    expect(readBuildFile(text, 'Dockerfile')?.unended).toEqual([{ path: 'Dockerfile', line: 5 }]);
    expect(readBuildFile('FROM a:1\nRUN <<EOF\ntrue\nEOF\n', 'Dockerfile')?.unended).toEqual([]);
  });

  it.each([
    ['Dockerfile', '', true],
    ['build/Dockerfile.prod', '', true],
    ['app.dockerfile', '', true],
    ['Dockerfile.dockerignore', 'FROM a\nRUN b\n', false],
    ['Dockerfile.5.md', '# Words\n\n    FROM a\n    RUN b\n', false],
    ['Customfile', '# words\nARG V=1\n\nFROM a:$V AS base\nRUN b\n', true],
    ['Dockerfile-compile', 'FROM --platform=linux/amd64 a\nWORKDIR /a\n', true],
    ['query.sql', 'FROM a\nSELECT b\n', false],
    ['mail.txt', 'From: a\nUSER b\n', false],
    ['notes', 'FROM the start\nRUN away\n', false],
    ['late', 'RUN a\nFROM b\n', false],
  ])('is told by its name, or by what it begins with: %s', (path, text, is) => {
    expect(isBuildFile(path.slice(path.lastIndexOf('/') + 1), text)).toBe(is);
  });

  it('without FROM is none', () => {
    expect(readBuildFile('RUN a\n', 'D')).toBeUndefined();
  });
});

it.each([
  ['8080:80', [['', 8080, 80, 'tcp']]],
  ['80', [['', 0, 80, 'tcp']]],
  ['127.0.0.1:53:53/udp', [['127.0.0.1', 53, 53, 'udp']]],
  ['[::1]:80:80', [['::1', 80, 80, 'tcp']]],
  ['0.0.0.0::80', [['', 0, 80, 'tcp']]],
  [
    '3000-3001:4000-4001',
    [
      ['', 3000, 4000, 'tcp'],
      ['', 3001, 4001, 'tcp'],
    ],
  ],
  ['${PORT}:80', [['', 0, 80, 'tcp']]],
  ['${IP:-127.0.0.1}:${PORT:-8080}:80', [['127.0.0.1', 8080, 80, 'tcp']]],
  ['${IP}:8080:80', [['${IP}', 8080, 80, 'tcp']]],
  ['eighty', []],
] as const)('the port %s', (text, ports) => {
  expect(portsIn(text)).toEqual(ports);
});

it('a range of ports is followed so far and no further', () => {
  expect(portsIn('1-65535')).toHaveLength(1024);
});

function portsIn(text: string): unknown[] {
  const ports = portsOfShortForm(text, { path: '' });
  return ports.map(({ hostAddress, hostPort, port, protocol }) => [hostAddress, hostPort, port, protocol]);
}

it.each([
  ['/a:/b:ro,rshared', { type: 'bind', source: '/a', target: '/b', readOnly: true, propagation: 'rshared' }],
  ['data:/b', { type: 'volume', source: 'data', target: '/b', readOnly: false }],
  ['./a:/b', { type: 'bind', source: './a' }],
  ['/b', { type: 'volume', source: '', target: '/b' }],
])('the mount %s', (text, mount) => {
  expect(mountOfBind(text, { path: '' })).toMatchObject(mount);
});

it('quantities and sizes', () => {
  expect(['100m', '64Mi', '1.5', '2e3', '', 'x'].map(quantity)).toEqual([
    0.1,
    67_108_864,
    1.5,
    2000,
    undefined,
    undefined,
  ]);
  expect(['512m', '1gb', '64000', 'x'].map(byteCount)).toEqual([536_870_912, 1_073_741_824, 64_000, Number.NaN]);
});

it('audit rules in both spellings', () => {
  const text =
    '-w /usr/bin/runc -p wa -k docker\n-a always,exit -F arch=b64 -F path=/etc/docker/ -F perm=w\n-a never,exit -F path=/x\n';
  expect(readAuditRules(text)).toEqual([
    { path: '/usr/bin/runc', permissions: 'wa', line: 1 },
    { path: '/etc/docker', permissions: 'w', line: 2 },
  ]);
});

/** Names and texts of every format, to be broken. */
const seeds: readonly (readonly [name: string, text: string])[] = [
  [
    'Dockerfile',
    'FROM a:1 AS b\nRUN curl x | sh && apt-get install -y a\nENV A=b C="d"\nCOPY --from=b a /b\nEXPOSE 22\n',
  ],
  [
    'compose.yml',
    'services:\n  web:\n    image: a\n    ports: ["1:2", {target: 3}]\n    volumes: ["/a:/b:ro"]\n    environment: {A: b}\n',
  ],
  [
    'pod.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostPID: true\n  volumes: [{name: v, hostPath: {path: /}}]\n  containers:\n  - name: c\n    securityContext: {capabilities: {add: [ALL]}}\n',
  ],
  [
    'inspect.json',
    '[{"Name":"/c","Config":{"Env":["A=b"]},"HostConfig":{"PortBindings":{"22/tcp":[{"HostPort":"1"}]},"CapAdd":["ALL"]},"Mounts":[]}]',
  ],
  ['daemon.json', '{"icc": true, "hosts": ["tcp://0.0.0.0:2375"], "runtimes": {"a": {"path": "b"}}}'],
  [
    'rules.txt',
    '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A FORWARD -o docker0 -j ACCEPT\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n',
  ],
  [
    'nft.txt',
    'table ip f {\n\tchain c {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport { 80, 443 } accept\n\t}\n}\n',
  ],
  [
    'nft.json',
    '{"nftables": [{"chain": {"family": "ip", "table": "f", "name": "c", "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}}, {"rule": {"family": "ip", "table": "f", "chain": "c", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80}}, {"accept": null}]}}]}',
  ],
  ['ufw.txt', 'Status: active\nDefault: deny (incoming)\n\n22/tcp   ALLOW IN   Anywhere\n'],
  [
    'ss.txt',
    'State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 1 *:2375 *:* users:(("dockerd",pid=1,fd=8))\n',
  ],
  ['a.service', '[Service]\nExecStart=/usr/bin/dockerd -H tcp://1.2.3.4 \\\n --icc=false\n'],
];

describe('whatever is read', () => {
  const bytes = fc.record({
    at: fc.nat(),
    byte: fc.constantFrom(...'{}[]":,\n\\ \t-1a\u0000é'.split('')),
    count: fc.nat(3),
  });

  it.each(seeds)('%s may be broken anywhere: nothing throws, and checks run', (name, text) => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 6 }), (changes) => {
        const broken = changes.reduce((so, { at, byte, count }) => {
          const place = at % (so.length + 1);
          return so.slice(0, place) + byte + so.slice(place + count);
        }, text);
        const parts = new SceneParts();
        readInput(name, broken, parts);
        for (const { sentence, score } of runChecks(parts.scene(0)).claims) {
          expect(sentence).not.toMatch(/undefined|\[object/);
          expect(score).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('aliases of aliases in YAML grow no further than the bound of the reader', () => {
    const lines = Array.from(
      { length: 30 },
      (_none, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
    );
    const text = `a0: &a0 [x, x]\n${lines.join('\n')}\n`;
    expect(readYaml(text).map((document) => 'fault' in document)).toEqual([true]);
    const parts = new SceneParts();
    expect(readInput('bomb.yaml', text, parts)).toBe(false);
  });
});
