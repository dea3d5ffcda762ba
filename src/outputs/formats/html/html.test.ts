import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport, type ReportInput } from '../../report.ts';
import { beacon, emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { output } from './index.ts';
import { html } from './markup.ts';

function page(verdict: ReportInput): string {
  return [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
}

/** Start tags with their attributes, as a browser would find them; quoted attributes cannot hold `<` or `"`. */
function tagsOf(text: string): { readonly name: string; readonly attributes: string }[] {
  const body = text.replace(/<style>[^<]*<\/style>/, '');
  return [...body.matchAll(/<(?<name>[a-z][a-z0-9]*)(?<attributes>(?:\s[^<>]*)?)\/?>/gi)].map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    attributes: groups?.['attributes'] ?? '',
  }));
}

const series = [
  {
    title: 'Calls by hour',
    unit: 'calls',
    bins: [
      { label: '00 h', value: 3 },
      { label: '01 h', value: 12 },
    ],
  },
];

describe('the HTML report', () => {
  const text = page(sampleVerdict);

  it('says the verdict first, then story, what to do, risk and proof', () => {
    const order = [
      '1 incident (1 high). First: Scheduled job planted on web01',
      'risk 71 of 100',
      'Take web01 off the network.',
      'root on web01 wrote a cron file with a download',
      'How it hangs together',
      'Why the risk is 71',
      'interval regularity',
      'day.tar.gz!zeek/conn.log:1204',
      '2 findings in no incident',
      'What was not seen',
      'was it cut?',
      'no dhcp or device events in the evidence',
      'not read: no source knows it',
    ].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('links every sentence of a story to its proof in the page', () => {
    const targets = [...text.matchAll(/href="#(?<id>[^"]+)"/g)].map(({ groups }) => groups?.['id'] ?? '');
    expect(targets.length).toBeGreaterThan(1);
    for (const id of targets) expect(text).toContain(`id="${id}"`);
  });

  it('draws the numbers behind a finding, each with its label', () => {
    const drawn = page({ ...sampleVerdict, findings: [{ ...beacon, series }] });
    expect(drawn).toContain('<title>01 h: 12 calls</title>');
    expect(drawn).toContain('aria-label="15 calls in all, most at 01 h: 12 calls"');
    expect(
      [...drawn.matchAll(/class="bar"[^>]* height="(?<height>[\d.]+)"/g)].map(({ groups }) => groups?.['height']),
    ).toEqual(['19.5', '78']);
  });

  it('never calls a case clean: it says what was not seen', () => {
    expect(page(emptyVerdict)).toContain('Nothing was read');
    const quiet = page({ ...sampleVerdict, findings: [], incidents: [] });
    expect(quiet).toContain('No finding in what was seen: below stands what was not');
    expect(quiet).toContain('strange.bin');
  });

  it('fetches nothing and runs nothing', () => {
    expect(text).toContain(`default-src 'none'; style-src 'unsafe-inline'`);
    expect(text).not.toMatch(/(?:https?:)?\/\/[a-z]/);
    expect(new Set(tagsOf(text).map(({ name }) => name))).not.toContain('script');
  });

  it('takes nothing out of evidence for markup', () => {
    const known = new Set([...tagsOf(text), ...tagsOf(page(emptyVerdict))].map(({ name }) => name));
    const hostile = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      `' onload='x`,
      '</style><b>',
      '&lt;i&gt;',
    ];
    const anyText = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(anyText, (value) => {
        for (const { name, attributes } of tagsOf(page(withTexts(sampleVerdict, value)))) {
          expect(known).toContain(name);
          expect(attributes.replace(/"[^"]*"/g, '')).not.toMatch(/\bon\w+|['<>]/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('html', () => {
  it('escapes what is put in, once, in lists and inside markup too', () => {
    expect(html`<p title="${'a"b'}">${['<b>', html`<i>${'&'}</i>`]}${7}</p>`.text).toBe(
      '<p title="a&quot;b">&lt;b&gt;<i>&amp;</i>7</p>',
    );
  });
});
