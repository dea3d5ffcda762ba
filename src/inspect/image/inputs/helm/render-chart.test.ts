import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readChart } from './chart.ts';
import { valueOfYaml } from './from-yaml.ts';
import { renderChart, type RenderedTemplate } from './render-chart.ts';
import type { Dictionary } from './value.ts';

const metadata = 'name: shop\nversion: 1.2.0+b\nappVersion: "3.4"\n';

interface Rendered {
  readonly templates: readonly RenderedTemplate[];
  readonly problems: readonly Problem[];
}

function render(files: Readonly<Record<string, string>>, over = ''): Rendered {
  const problems: Problem[] = [];
  const add = (problem: Problem): void => void problems.push(problem);
  const inside = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/c/${path}`, text]));
  const tree = new MemoryTree({ '/c/Chart.yaml': metadata, ...inside });
  const chart = readChart(tree, '/c', add);
  const values = over === '' ? new Map() : (valueOfYaml(over) as Dictionary);
  return { templates: chart === undefined ? [] : renderChart(chart, values, add), problems };
}

/** The text of one template. */
function textOf(template: string, values = '', helpers = ''): string {
  const { templates, problems } = render({
    'values.yaml': values,
    'templates/a.yaml': template,
    'templates/_helpers.tpl': helpers,
  });
  expect(problems).toEqual([]);
  return templates[0]?.text ?? '';
}

describe('a large template', () => {
  const of = (bytes: number): string =>
    `{{ if true }}\n${'# what an object looks like\n'.repeat(bytes / 27)}a: 1\n{{ end }}`;

  it('is rendered whole, as the definitions of an operator are', () => {
    const { templates, problems } = render({ 'templates/a.yaml': of(1_500_000) });
    expect(problems).toEqual([]);
    expect(templates[0]?.text.trimEnd().endsWith('a: 1')).toBe(true);
  });

  it('is told to be too large, and not as one that does not end', () => {
    const { templates, problems } = render({ 'templates/a.yaml': of(5_000_000), 'templates/b.yaml': 'b: 1' });
    expect(problems).toEqual([expect.objectContaining({ code: 'limit-reached', at: { path: '/c/templates/a.yaml' } })]);
    expect(templates.map(({ text }) => text)).toEqual(['b: 1']);
  });
});

describe('a template', () => {
  it.each([
    ['a: {{ .Values.x }}', 'x: 1', 'a: 1'],
    ['{{- /* gone */ -}}  a', '', 'a'],
    ['a  {{- " b " -}}  c', '', 'a b c'],
    ['{{ .Values.a.b.c }}|{{ .Values.none.deep }}', 'a: {b: {c: d}}', 'd|'],
    ['{{ if .Values.a }}1{{ else if .Values.b }}2{{ else }}3{{ end }}', 'b: yes', '2'],
    ['{{ with .Values.a }}{{ .b }}{{ $.Chart.Name }}{{ else }}none{{ end }}', 'a: {b: x}', 'xshop'],
    ['{{ range $k, $v := .Values.a }}{{ $k }}={{ $v }};{{ end }}', 'a: {z: 1, b: 2}', 'b=2;z=1;'],
    [
      '{{ range .Values.a }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ . }}{{ if eq . 3 }}{{ break }}{{ end }}{{ end }}',
      'a: [1, 2, 3, 4]',
      '13',
    ],
    ['{{ range .Values.a }}x{{ else }}none{{ end }}', 'a: []', 'none'],
    ['{{ $a := 1 }}{{ if true }}{{ $a = 2 }}{{ $b := 3 }}{{ end }}{{ $a }}', '', '2'],
    ['{{ $a := nil }}{{ $a }}{{ true }}{{ 1.5 }}{{ `r"w` }}{{ "q\\n" | quote }}', '', 'true1.5r"w"q\\n"'],
    ['{{ (index .Values.a 1).b }}{{ len .Values.a }}', 'a: [{b: 1}, {b: 2}]', '22'],
    ['{{ printf "%s-%05d|%q|%v|%-3s|" .Chart.Name 42 "x" (list 1 2) "y" }}', '', 'shop-00042|"x"|[1 2]|y  |'],
    ['{{ .Values.a | default "d" }}{{ default "e" .Values.b }}{{ coalesce nil "" "f" }}', 'b: ok', 'dokf'],
    ['{{ and 1 0 2 }}{{ or 0 "x" }}{{ not nil }}{{ and .Values.a (index .Values.a "b") }}', '', '0xtrue'],
    ['{{ "a,b" | splitList "," | join "-" | upper | trunc 2 | trimSuffix "-" }}', '', 'A'],
    ['{{ include "h" . | indent 2 }}{{ template "h" . }}', '', '  shop\n  1shop\n1'],
    ['{{ tpl "{{ .Values.a }}!" . }}', 'a: t', 't!'],
    [
      '{{ .Values.a | toYaml | nindent 2 }}',
      'a: {b: [1, "2", "x y"], c: {}, d: "no", e: null}',
      '\n  b:\n  - 1\n  - "2"\n  - x y\n  c: {}\n  d: "no"\n  e: null',
    ],
    ['{{ .Values.a | toJson }}{{ (fromYaml "b: [1]").b }}', 'a: {c: [1, "x"]}', '{"c":[1,"x"]}[1]'],
    [
      '{{ semverCompare ">=1.19-0" .Capabilities.KubeVersion.Version }}{{ semverCompare "<1.20 || ~2.1" "v1.21.0" }}{{ semverCompare "^1.2" "1.9.9" }}',
      '',
      'truefalsetrue',
    ],
    [
      '{{ .Capabilities.APIVersions.Has "apps/v1" }}{{ .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}',
      '',
      'truefalse',
    ],
    [
      '{{ $d := dict "a" 1 "b" 2 }}{{ $_ := set $d "c" 3 }}{{ omit $d "a" | keys | sortAlpha }}{{ hasKey $d "c" }}{{ dig "x" "y" "z" $d }}',
      '',
      '[b c]truez',
    ],
    [
      '{{ merge (dict "a" 1) (dict "a" 2 "b" 3) }}{{ mergeOverwrite (dict "a" 1) (dict "a" 2) }}',
      '',
      'map[a:1 b:3]map[a:2]',
    ],
    ['{{ regexReplaceAll "(\\\\w)-(\\\\w)" "a-b" "${2}+$1" }}{{ regexMatch "^a+$" "aab" }}', '', 'b+afalse'],
    [
      '{{ add 1 2 3 }}{{ div 7 2 }}{{ mod 7 4 }}{{ int "12" }}{{ ternary "t" "f" true }}{{ until 3 }}',
      '',
      '63312t[0 1 2]',
    ],
    [
      '{{ .Chart.Version | replace "+" "_" }}{{ .Release.Name }}{{ b64enc "a" }}{{ b64dec "YQ==" }}',
      '',
      '1.2.0_brelease-nameYQ==a',
    ],
    [
      '{{ kindIs "map" .Values.a }}{{ kindOf .Values.a }}{{ empty .Values.a }}{{ has 1 (list 1) }}',
      'a: {}',
      'truemaptruetrue',
    ],
    ['{{ randAlphaNum 10 }}{{ lookup "v1" "Secret" "a" "b" }}', '', 'map[]'],
  ])('%j with %j', (template, values, want) => {
    expect(textOf(template, values, '{{ define "h" }}{{ .Chart.Name }}\n1{{ end }}')).toBe(want);
  });

  it('keeps the lines that it came from', () => {
    const template = 'a: 1\n{{- if true }}\nb:\n  {{- toYaml .Values.x | nindent 2 }}\n{{- end }}\nc: 3\n';
    const { templates } = render({ 'values.yaml': 'x: {d: 1, e: 2}', 'templates/a.yaml': template });
    const [one] = templates;
    const lines = one?.text.split('\n').map((line, index) => `${line.trim()}@${one.lineOf(index + 1)}`);
    expect(lines).toEqual(['a: 1@1', 'b:@3', 'd: 1@4', 'e: 2@4', 'c: 3@6', '@6']);
  });
});

describe('a chart', () => {
  it('leaves out helpers, notes, tests and libraries, and renders the charts in it with their values', () => {
    const { templates, problems } = render({
      'Chart.yaml': `${metadata}dependencies:\n- {name: db, alias: store}\n- {name: off, condition: off.enabled}\n`,
      'values.yaml': 'global: {g: 1}\nstore: {user: mine}\noff: {enabled: false}\n',
      'templates/a.yaml': '{{ include "db.name" . }}',
      'templates/NOTES.txt': '{{ fail "x" }}',
      'templates/_h.tpl': '{{ fail "x" }}',
      'templates/tests/t.yaml': '{{ fail "x" }}',
      'charts/db/Chart.yaml': 'name: db\nversion: 1.0.0\n',
      'charts/db/values.yaml': 'user: root\nport: 1\n',
      'charts/db/templates/d.yaml':
        '{{ .Values.user }}{{ .Values.port }}{{ .Values.global.g }}{{ define "db.name" }}db{{ end }}',
      'charts/off/Chart.yaml': 'name: off\nversion: 1.0.0\n',
      'charts/off/templates/o.yaml': 'off',
      'charts/lib/Chart.yaml': 'name: lib\ntype: library\n',
      'charts/lib/templates/l.yaml': 'lib',
    });
    expect(templates.map(({ path, text }) => [path, text])).toEqual([
      ['/c/charts/db/templates/d.yaml', 'mine11'],
      ['/c/templates/a.yaml', 'db'],
    ]);
    expect(problems).toEqual([]);
  });

  it('takes values over its own, says what it lacks, and renders the rest', () => {
    const files = {
      'values.yaml': 'a: {b: 1, c: 2}\n',
      'templates/a.yaml': '{{ .Values.a }}',
      'templates/bad.yaml': 'x: 1\ny: {{ unknownFunction 1 }}',
      'templates/broken.yaml': '{{ if true }}',
      'templates/fails.yaml': '{{ fail "no such mode" }}',
      'templates/needs.yaml': 'p: {{ required "a password" .Values.password }}',
    };
    const { templates, problems } = render(files, 'a: {c: null, d: 3}');
    expect(templates.map(({ text }) => text)).toEqual(['map[b:1 d:3]', 'p: ']);
    expect(problems.map(({ at, code, message }) => `${at.path}:${at.line ?? ''} ${code} ${message}`)).toEqual([
      '/c/templates/broken.yaml:1 unsupported the template cannot be rendered: {{if}} is not closed',
      '/c/templates/bad.yaml:2 unsupported the template cannot be rendered: the function "unknownFunction" is not known',
      '/c/templates/fails.yaml:1 unsupported the template cannot be rendered: fail: no such mode',
      '/c/templates/needs.yaml: partly-seen a value must be given: a password',
    ]);
  });

  it.each([
    ['{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'],
    ['{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}'],
    ['{{ $s := "x" }}{{ range until 100 }}{{ $s = print $s $s }}{{ end }}'],
    ['{{ range until 99999 }}{{ range until 99999 }}{{ end }}{{ end }}'],
    ['{{ repeat 999999999 "x" }}'],
    ['{{ until 999999999 }}'],
    ['{{ $s := repeat 50000 "x" }}{{ replace "x" $s $s }}'],
    ['{{ $s := repeat 40000 "\\n" }}{{ indent 90000 $s }}'],
    ['{{ join (repeat 50000 "x") (until 90000) }}'],
    ['{{ $d := dict "a" 1 }}{{ range until 60 }}{{ $d = dict "a" $d "b" $d }}{{ end }}{{ $d | toJson }}'],
  ])('does not run without end: %s', (template) => {
    const before = process.cpuUsage();
    const { problems } = render({ 'templates/a.yaml': template });
    expect(problems.map(({ code }) => code)).toEqual(['limit-reached']);
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
  });

  it('may be broken anywhere: nothing is thrown', () => {
    const parts = [
      '{{',
      '}}',
      '{{- ',
      ' -}}',
      'if ',
      'end',
      'else',
      'range $i, $e := ',
      '.Values.a',
      '| ',
      'toYaml ',
      '(',
      ')',
      '"',
      '`',
      'include "x" . ',
      'define "x"',
      '\n',
      'dict "a" 1 ',
      'index ',
      '$',
      ':= ',
      'tpl ',
      'printf "%d" ',
      'with ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), (chosen) => {
        const { templates, problems } = render({
          'values.yaml': 'a: [1, {b: 2}]',
          'templates/a.yaml': chosen.join(''),
        });
        expect(templates.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
