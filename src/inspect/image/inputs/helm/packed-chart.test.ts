import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../../tests/support/memory-tree.ts';
import { tarOf } from '../../../../../tests/support/tar.ts';
import { CheckRun } from '../../check-run.ts';
import { PackedChart } from './packed-chart.ts';

const pod = (privileged: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Chart.Name }}}\nspec:\n  containers:\n  - name: app\n    image: {{ .Files.Get "image.txt" }}\n    securityContext:\n      privileged: ${privileged}\n`;
const chart = (name: string, value: string): Record<string, string> => ({
  [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
  [`${name}/values.yaml`]: `privileged: ${value}\n`,
  [`${name}/image.txt`]: 'shop:1.0',
  [`${name}/templates/pod.yaml`]: pod('{{ .Values.privileged }}'),
});
const packed = (files: Record<string, string>): Buffer => gzipSync(tarOf(files));

/** Where containers with all rights are told, and the problems. */
function said(files: Record<string, MemoryFile>, path: string): { told: string[]; problems: string[] } {
  const run = new CheckRun({ now: 0 });
  run.addPath(new MemoryTree(files), path);
  const { claims, problems } = run.finish('k');
  const told = claims.filter(({ detector }) => detector === 'checks/privileged');
  return {
    told: told.map(({ sentence, path: at, line }) => `${sentence} ${at}:${line}`),
    problems: problems.map(({ code, at }) => `${code} ${at.path}`),
  };
}

describe('a packed chart', () => {
  const files = { '/k/outer.tgz': packed(chart('outer', 'true')) };
  const place = '/k/outer.tgz!/outer/templates/pod.yaml:9';

  it('is rendered as the folder would be, by itself and in a folder', () => {
    const expected = { told: [`container Pod/outer/app is privileged ${place}`], problems: [] };
    expect(said(files, '/k/outer.tgz')).toEqual(expected);
    expect(said(files, '/k')).toEqual(expected);
  });

  it('inside a chart is one of its charts, which the values outside change', () => {
    const outer = chart('outer', 'false');
    const inside = {
      ...Object.fromEntries(Object.entries(outer).map(([name, text]) => [`/k/${name}`, text])),
      '/k/outer/charts/inner-1.0.0.tgz': packed(chart('inner', 'false')),
      '/k/outer/charts/broken.tgz': 'no archive',
    };
    const broken = ['bad-record /k/outer/charts/broken.tgz'];
    expect(said(inside, '/k')).toEqual({ told: [], problems: broken });
    const on = { ...inside, '/k/outer/values.yaml': 'privileged: false\ninner: {privileged: true}\n' };
    expect(said(on, '/k').told).toEqual([
      'container Pod/inner/app is privileged /k/outer/charts/inner-1.0.0.tgz!/inner/templates/pod.yaml:9',
    ]);
  });

  it('has no names outside of it, and nothing that is no chart is one', () => {
    const hostile = packed({
      '../x/Chart.yaml': 'name: x',
      'a/../../Chart.yaml': 'name: y',
      'a/b/Chart.yaml': 'name: z',
    });
    const tree = new MemoryTree({
      '/hostile.tgz': hostile,
      '/bomb.tgz': gzipSync(Buffer.alloc(2 ** 27)),
      '/absolute.tgz': packed({ '/a/Chart.yaml': 'name: a' }),
    });
    expect(PackedChart.open(tree, '/hostile.tgz')).toBeUndefined();
    expect(PackedChart.open(tree, '/bomb.tgz')).toBeUndefined();
    expect(
      PackedChart.open(tree, '/absolute.tgz')
        ?.list('/absolute.tgz!')
        .map(({ path }) => path),
    ).toEqual(['/absolute.tgz!/a']);
  });

  it('may be damaged anywhere', () => {
    const whole = packed(chart('outer', 'true'));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        expect(said({ '/k/outer.tgz': bytes }, '/k').told.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
