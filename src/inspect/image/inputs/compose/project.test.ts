import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { CheckRun } from '../../check-run.ts';

/** What one check says, and the problems. */
function said(
  files: Readonly<Record<string, string>>,
  check: string,
  path = '/c/compose.yml',
): { told: string[]; problems: string[] } {
  const run = new CheckRun({ now: 0 });
  run.addPath(new MemoryTree(files), path);
  const { claims, problems } = run.finish('c');
  const told = claims.filter(({ detector }) => detector === `checks/${check}`);
  return {
    told: told.map(({ sentence, path: at, line }) => `${sentence} ${at}:${line}`),
    problems: problems.map(({ code, at, message }) => `${code} ${at.path}:${at.line ?? ''} ${message}`),
  };
}

describe('a Compose file', () => {
  it('of the first form has its services at the top', () => {
    const files = { '/c/docker-compose.yml': 'web:\n  build: web\n  privileged: true\ndb: {image: "db:1"}\n' };
    expect(said(files, 'privileged', '/c/docker-compose.yml')).toEqual({
      told: ['service web is privileged /c/docker-compose.yml:3'],
      problems: [],
    });
    const other = { '/c/docker-compose.yml': 'web:\n  build: web\nother: {x: 1}\n' };
    expect(said(other, 'privileged', '/c/docker-compose.yml').problems).toHaveLength(1);
  });

  it('has what its services extend, here and in another file', () => {
    const files = {
      '/c/compose.yml':
        'services:\n  base: {image: "a:1", cap_add: [SYS_ADMIN], command: [x]}\n  web:\n    extends: base\n    cap_add: [NET_ADMIN]\n  db:\n    extends:\n      file: common/db.yml\n      service: db\n    privileged: false\n  job:\n    extends: {file: common/db.yml, service: db}\n',
      '/c/common/db.yml': 'services:\n  db:\n    extends: locked\n    image: "db:1"\n  locked: {privileged: true}\n',
    };
    expect(said(files, 'privileged')).toEqual({ told: ['service job is privileged /c/compose.yml:12'], problems: [] });
    expect(said(files, 'dangerous-capabilities').told).toEqual([
      expect.stringMatching(/^service base .*SYS_ADMIN.*:2$/),
      expect.stringMatching(/^service web .*SYS_ADMIN.*:2$/),
      expect.stringMatching(/^service web .*NET_ADMIN.*:5$/),
    ]);
  });

  it('says what is not here, and goes in no circle', () => {
    const files = {
      '/c/compose.yml':
        'include: [gone.yml]\nservices:\n  a: {extends: b, image: x}\n  b: {extends: a}\n  c: {extends: {file: no.yml, service: d}}\n',
    };
    expect(said(files, 'privileged').problems).toEqual([
      'partly-seen /c/compose.yml:1 a file that is included is not here: /c/gone.yml',
      'partly-seen /c/compose.yml:4 services that extend one another: a',
      'partly-seen /c/compose.yml:3 services that extend one another: b',
      'partly-seen /c/compose.yml:5 the service that is extended is not here: d of no.yml',
    ]);
  });

  it('is put together with its override, which is no file of its own', () => {
    const files = {
      '/c/compose.yml': 'services:\n  web: {image: "a:1", read_only: true, volumes: ["/srv:/data"]}\n',
      '/c/compose.override.yml': 'services:\n  web: {privileged: true, volumes: ["/etc:/data"]}\n',
    };
    expect(said(files, 'privileged', '/c').told).toEqual(['service web is privileged /c/compose.yml:1']);
    expect(said(files, 'host-path', '/c').told).toEqual([expect.stringContaining('/etc')]);
    expect(said(files, 'no-memory-limit', '/c').told).toHaveLength(1);
  });

  it('includes others once, however they are met', () => {
    const files = {
      '/c/compose.yml': 'include:\n- parts/a.yml\n- path: [parts/a.yml, parts/b.yml]\nservices: {}\n',
      '/c/parts/a.yml': 'services: {a: {image: x, privileged: true}}\n',
      '/c/parts/b.yml': 'include: [a.yml]\nservices: {b: {image: x, privileged: true}}\n',
    };
    const told = ['service a is privileged /c/parts/a.yml:1', 'service b is privileged /c/parts/b.yml:2'];
    expect(said(files, 'privileged')).toEqual({ told, problems: [] });
    expect(said(files, 'privileged', '/c').told).toEqual(told);
  });

  it('takes variables and their defaults, and the environment of files', () => {
    const files = {
      '/c/.env': 'MODE=host\nPASSWORD=in-dot-env-1234\n',
      '/c/app.env': '# x\nexport DB_PASSWORD="hunter2-hunter2"\nOTHER=1\n',
      '/c/compose.yml':
        'services:\n  web:\n    image: ${IMAGE:-shop:${TAG:-latest}}\n    pid: ${MODE}\n    privileged: ${PRIV:-true}\n    env_file: [{path: app.env}, gone.env]\n    environment:\n      A_PASSWORD: ${PASSWORD}\n      B_PASSWORD: ${PASSWORD:-a-default-1234}\n      OTHER: $$literal\n',
    };
    expect(said(files, 'privileged').told).toHaveLength(1);
    expect(said(files, 'host-pid').told).toHaveLength(1);
    expect(said(files, 'unpinned-image').told).toEqual([expect.stringContaining('shop:latest')]);
    expect(said(files, 'secret-in-environment').told.map((text) => text.replace(/^.*(?= \/)/, '').trim())).toEqual([
      '/c/compose.yml:9',
      '/c/app.env:2',
    ]);
  });

  it('whose services all extend a large one is bounded, and says so', () => {
    const base = `  base: {image: x, privileged: true, volumes: [${'"/a:/b", '.repeat(2000)}]}\n`;
    const others = Array.from({ length: 300 }, (_none, index) => `  s${index}: {extends: base}\n`).join('');
    const { told, problems } = said({ '/c/compose.yml': `services:\n${base}${others}` }, 'privileged');
    expect(told.length).toBeGreaterThan(20);
    expect(problems.some((problem) => problem.includes('take over more than 100000 values'))).toBe(true);
  });

  it('may be broken anywhere', () => {
    const parts = [
      'services:\n',
      '  a:\n',
      '    extends: ',
      'a\n',
      '{file: compose.yml, service: a}\n',
      'include: ',
      '[',
      ']',
      '    image: ${A:-${B}}\n',
      'x: &x\n',
      '<<: *x\n',
      '    volumes: [a:b]\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 20 }), (chosen) => {
        const text = `services: {z: {privileged: true}}\n---\n${chosen.join('')}`;
        expect(said({ '/c/compose.yml': text }, 'privileged').told.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
